"""Batches: list, make with their documents, close, mark, foretell, export."""

from functools import partial
from http import HTTPStatus
from typing import Any

from flask import url_for

from jobs.queue import enqueue_export
from webapp.api.guard import caller, fin_co
from webapp.api.operations import blueprint, operation
from webapp.api.paging import PageQuery, Slice, page_of, paged
from webapp.api.schemas.batches import (
    BatchAnswer,
    BatchBody,
    BatchQuery,
    ExportAnswer,
    ExportBody,
    MarkBody,
    PreflightAnswer,
)
from webapp.api.schemas.documents import DocumentsBody, DocumentSummary, EnteredAnswer, given
from webapp.api.trail import log, trail
from webapp.deps import current_deps
from webapp.domain.access import Permission
from webapp.domain.batches import BatchType
from webapp.queries.api import batches as read
from webapp.queries.api import documents as read_documents
from webapp.queries.api.batches import BatchRow
from webapp.services.batches import close_batch, set_not_for_export
from webapp.services.documents import enter_batch, enter_documents
from webapp.services.errors import NotAllowedNow, NotFound
from webapp.services.exports import plan_export, preflight
from webapp.services.exports.confirming import as_confirmed
from webapp.services.exports.previews import PreviewMemory

part = blueprint("batches", "Batches: documents of one type that are closed and exported together.")


@operation(part, "GET", "/batches", needs=Permission.VIEW, query=BatchQuery,
           answer=page_of(BatchAnswer), found_or_404=True)  # fmt: skip
def list_batches(query: dict[str, Any]) -> Any:
    """A page of batches, oldest first."""
    code = query.get("fin_co")
    if code is not None:
        fin_co(code)

    def rows(asked: Slice) -> Any:
        return read.batches(
            caller().viewer,
            fin_co=code,
            batch_type=query.get("batch_type"),
            status=query.get("status"),
            limit=asked.page_size,
            offset=asked.offset,
        )

    return paged(query, rows)


@operation(part, "POST", "/batches", needs=Permission.LOAD_DOCUMENTS, body=BatchBody,
           answer=EnteredAnswer, status=HTTPStatus.CREATED, found_or_404=True)  # fmt: skip
def create_batch(body: dict[str, Any]) -> Any:
    """A new open batch with its documents: all of them, or nothing."""
    fin_co_id = fin_co(body["fin_co"]).id
    entered = enter_batch(
        fin_co_id=fin_co_id,
        kind=BatchType(body["batch_type"]),
        date=body["batch_date"],
        reference=body.get("reference"),
        documents=[given(document) for document in body["documents"]],
        user_id=None,
        now=current_deps().clock(),
        trail=trail(),
    )
    address = url_for("api-batches.get_batch", number=entered.batch_number)
    return entered, HTTPStatus.CREATED, {"Location": address}


@operation(part, "GET", "/batches/<number>", needs=Permission.VIEW, answer=BatchAnswer)
def get_batch(number: str) -> Any:
    """One batch."""
    return _batch(number)


@operation(part, "GET", "/batches/<number>/documents", needs=Permission.VIEW, query=PageQuery,
           answer=page_of(DocumentSummary))  # fmt: skip
def list_documents(query: dict[str, Any], number: str) -> Any:
    """A page of a batch's documents, without their lines."""
    batch_id = _batch(number).id
    return paged(
        query,
        lambda asked: read_documents.documents(
            batch_id, limit=asked.page_size, offset=asked.offset
        ),
    )


@operation(part, "POST", "/batches/<number>/documents", needs=Permission.LOAD_DOCUMENTS,
           body=DocumentsBody, answer=EnteredAnswer, status=HTTPStatus.CREATED)  # fmt: skip
def add_documents(body: dict[str, Any], number: str) -> Any:
    """Documents entered into an open batch: all of them, or none."""
    batch = _batch(number)
    return enter_documents(
        batch.id,
        [given(document) for document in body["documents"]],
        user_id=None,
        now=current_deps().clock(),
        trail=trail(),
    )


@operation(part, "POST", "/batches/<number>/close", needs=Permission.CLOSE_BATCHES,
           answer=BatchAnswer)  # fmt: skip
def close(number: str) -> Any:
    """The batch, closed: nothing in it can be changed any more (R78)."""
    now = current_deps().clock()
    batch = _batch(number)
    close_batch(batch.id, user_id=None, now=now, trail=trail())
    return _batch(number)


@operation(part, "PUT", "/batches/<number>/not-for-export", needs=Permission.CLOSE_BATCHES,
           body=MarkBody, answer=BatchAnswer)  # fmt: skip
def mark_not_for_export(body: dict[str, Any], number: str) -> Any:
    """The batch with the Not For Export mark on or off; only while it is open (R79)."""
    batch = _batch(number)
    set_not_for_export(batch.id, marked=body["not_for_export"], trail=trail())
    return _batch(number)


@operation(part, "POST", "/batches/<number>/preflight", needs=Permission.VIEW,
           answer=PreflightAnswer)  # fmt: skip
def preflight_batch(number: str) -> Any:
    """What an export of the batch would send and hold back; nothing is changed or sent."""
    deps = current_deps()
    found = preflight(batch_ids=[_batch(number).id], public_url=deps.config.public_url)
    PreviewMemory(deps.redis).keep(found)
    [told] = found.batches
    return {
        "batch": told.number,
        "refused": told.refused,
        "documents": told.documents,
        "totals": told.totals,
        "causes": found.causes,
        "follow_ups": found.destinations[0].follow_ups if found.destinations else None,
        "requests": found.requests,
        "confirmation": found.confirmation,
    }


@operation(part, "POST", "/batches/<number>/export", needs=Permission.EXPORT_BATCHES,
           body=ExportBody, answer=ExportAnswer, status=HTTPStatus.ACCEPTED,
           refuses=(HTTPStatus.PRECONDITION_FAILED,))  # fmt: skip
def export(body: dict[str, Any], number: str) -> Any:
    """An export run of the batch, begun; look at the run for what becomes of it."""
    deps = current_deps()
    batch = _batch(number)
    confirmed = body["confirmation"]
    look = partial(preflight, batch_ids=[batch.id], public_url=deps.config.public_url)
    with as_confirmed(PreviewMemory(deps.redis), confirmed, look):
        plan = plan_export(
            batch_ids=[batch.id],
            user_id=None,
            now=deps.clock(),
            public_url=deps.config.public_url,
            after_commit=enqueue_export,
            confirmed=confirmed,
        )
    for refused in plan.refused:
        raise NotAllowedNow(refused.message, refused.way_out)
    log("export batch", batch.fin_co_id, batch=batch.number)
    [run_id] = plan.run_ids
    address = url_for("api-exports.get_export_run", run_id=run_id)
    return {"run": run_id}, HTTPStatus.ACCEPTED, {"Location": address}


def _batch(number: str) -> BatchRow:
    found = read.batch(caller().viewer, number)
    if found is None:
        raise NotFound(f"There is no batch {number} for this token.", "Check its number.")
    return found
