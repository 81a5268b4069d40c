"""Batch Details, and the documents in a batch."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.deps import current_deps
from webapp.domain.access import Permission
from webapp.domain.attachments import MEDIA_TYPES
from webapp.domain.entry.kinds import kinds_of
from webapp.queries import batch_details
from webapp.queries.api.attachments import attachments
from webapp.queries.batch_details import BatchDetails
from webapp.queries.document_details import document_details
from webapp.queries.documents.batches import needs
from webapp.queries.enquiries.paid import RECEIVED_ON, money_on
from webapp.queries.paging import Page
from webapp.services.batches import close_batch, set_not_for_export
from webapp.services.documents import refusal
from webapp.services.errors import ServiceError
from webapp.web.exports.filters import page_number
from webapp.web.integration.recording import trail
from webapp.web.links import xero_link
from webapp.web.notices import Notice, say
from webapp.web.security import requires, safe_next, viewer

blueprint = Blueprint("batches", __name__)


@blueprint.get("/batches/<number>")
@requires(Permission.VIEW)
def details(number: str) -> ResponseReturnValue:
    """One batch with its documents."""
    batch = _batch(number)
    totals = batch_details.totals(batch.id)
    page = Page(page_number(request.args), sum(total.documents for total in totals))
    return render_template(
        "batches/page.html",
        batch=batch,
        totals=totals,
        rows=batch_details.documents(batch.id, page),
        page=page,
        kinds=kinds_of(batch.batch_type),
        refused=refusal(batch.id) if batch.is_open else None,
        needs=needs(batch.id, batch.batch_type) if batch.is_open else None,
    )


@blueprint.post("/batches/<number>/close")
@requires(Permission.CLOSE_BATCHES)
def close(number: str) -> ResponseReturnValue:
    """Close the batch and go back to where the button was."""
    batch = _batch(number)
    try:
        close_batch(batch.id, user_id=viewer().user_id, now=current_deps().clock(), trail=trail())
    except ServiceError as error:
        say(Notice.refused(error, link=_needs_link(batch)))
    else:
        say(Notice("success", f"Batch {number} is closed.", "It can be exported now."))
    return redirect(safe_next(request.form.get("back") or _address(number)), 303)


@blueprint.post("/batches/<number>/not-for-export")
@requires(Permission.CLOSE_BATCHES)
def not_for_export(number: str) -> ResponseReturnValue:
    """Put the mark on, or take it off."""
    batch = _batch(number)
    marked = request.form.get("marked")
    if marked not in {"yes", "no"}:
        abort(422)
    try:
        set_not_for_export(batch.id, marked=marked == "yes", trail=trail())
    except ServiceError as error:
        say(Notice.refused(error))
    else:
        done = (
            "is marked Not For Export" if marked == "yes" else "may be exported again once closed"
        )
        say(Notice("success", f"Batch {number} {done}."))
    return redirect(_address(number), 303)


@blueprint.get("/documents/<uid>")
@requires(Permission.VIEW)
def document(uid: str) -> ResponseReturnValue:
    """One document. Its address is written into Xero, so it stays what it is for good."""
    found = document_details(viewer(), uid)
    if found is None:
        abort(404)
    return render_template(
        "batches/document.html",
        document=found,
        uid=uid,
        files=attachments(found.id),
        file_types=",".join(f".{ending}" for ending in MEDIA_TYPES),
        refused=refusal(found.batch_id),
        money=money_on(found),
        receives=found.kind in RECEIVED_ON,
        xero_link=xero_link,
    )


def _needs_link(batch: BatchDetails) -> tuple[str, str] | None:
    if not needs(batch.id, batch.batch_type).unapproved:
        return None
    address = url_for("batches.details", number=batch.number, _anchor="unapproved")
    return address, "The documents that are not approved"


def _batch(number: str) -> BatchDetails:
    found = batch_details.batch_details(viewer(), number)
    if found is None:
        abort(404)
    return found


def _address(number: str) -> str:
    return url_for("batches.details", number=number)
