"""Writes down what became of a request, document by document."""

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from webapp.db import db
from webapp.domain.documents import DocumentStatus
from webapp.domain.problems import Problem
from webapp.domain.runs import UNFINISHED, ItemState, RequestState
from webapp.mapping.exports.answers import SentRecord, match_answers
from webapp.mapping.exports.explain import explain
from webapp.models import Document, ExportItem, ExportRequest, ExportRun, XeroDocument
from webapp.services.exports.context import RunContext
from webapp.services.exports.follow_ups.plan import plan_follow_ups
from webapp.services.exports.journal_record import (
    JOURNALS,
    is_last_part,
    keep_accounts,
    lines_sent,
)
from webapp.services.exports.plan import freeze_request
from webapp.xero.encoding import decode
from webapp.xero.errors import Refused
from webapp.xero.records import ElementProblem, ElementResult, RemoteDocument, WriteResult


def items_of(request_id: int) -> list[ExportItem]:
    """The documents that still hang on a request, in their order in it."""
    return list(
        db.session.scalars(
            sa.select(ExportItem)
            .where(ExportItem.request_id == request_id)
            .order_by(ExportItem.position)
            .options(joinedload(ExportItem.document).joinedload(Document.company))
        )
    )


def bodies_of(request: ExportRequest) -> list[dict[str, object]]:
    """The records inside a request's frozen bytes, by position."""
    bodies: list[dict[str, object]] = decode(request.body)[request.collection]
    return bodies


def sent_records(request: ExportRequest, items: Sequence[ExportItem]) -> list[SentRecord]:
    """The marks of these items' records, read from the bytes that were sent."""
    bodies = bodies_of(request)
    return [
        SentRecord.from_body(item.position, bodies[item.position])
        for item in items
        if item.position is not None
    ]


def record_answer(context: RunContext, request_id: int, result: WriteResult) -> None:
    """Settle every document the answer speaks of; what it leaves out is uncertain."""
    request = db.session.get_one(ExportRequest, request_id)
    items = [item for item in items_of(request_id) if item.state is not ItemState.SENT]
    answers = match_answers(sent_records(request, items), result.elements)
    now = context.clock()
    request.request_id = result.correlation_id
    sent: list[tuple[ExportItem, ElementResult]] = []
    for item in items:
        answer = answers.get(item.position) if item.position is not None else None
        if answer is not None and answer.ok:
            sent.append((item, answer))
        elif answer is not None and answer.xero_id is None and _says_no(answer):
            _record_refused(context, request, item, answer.errors, result.correlation_id, now)
        else:
            # No answer, or one that refuses and yet names a record: a look-up decides.
            item.state = ItemState.UNCERTAIN
    _record_sent(context, request, sent, now)
    for item, answer in sent:
        item.problems = [*item.problems, *_warnings(item, answer, result.correlation_id)]
    _close(request, items, now)


def record_found(
    context: RunContext, request: ExportRequest, item: ExportItem, found: RemoteDocument
) -> None:
    """Settle a document that a look-up showed to be in Xero."""
    _record_sent(context, request, [(item, found)], context.clock())


def record_refusal(context: RunContext, request_id: int, refused: Refused) -> None:
    """Deal with a call that was refused whole.

    One document may spoil it for the others, and Xero does not always say which: the call is cut
    in half and sent again until the one to blame stands alone. Nothing of it was applied.
    """
    request = db.session.get_one(ExportRequest, request_id)
    items = [item for item in items_of(request_id) if item.state in UNFINISHED]
    now = context.clock()
    if len(items) > 1:
        split(request, items, now)
        return
    problems = refused.problems or (ElementProblem("", refused.message),)
    _record_refused(context, request, items[0], problems, refused.correlation_id, now)
    _close(request, items, now)


def split(request: ExportRequest, items: Sequence[ExportItem], now: dt.datetime) -> None:
    """Replace a request by two halves, each with its own bytes and key."""
    run = db.session.get_one(ExportRun, request.run_id)
    bodies = bodies_of(request)
    middle = (len(items) + 1) // 2
    for half in (items[:middle], items[middle:]):
        freeze_request(
            run,
            request.collection,
            [(item, bodies[item.position]) for item in half if item.position is not None],
            earlier_attempts=request.earlier_attempts + request.attempts,
        )
    request.state = RequestState.ANSWERED
    request.answered_at = now


def give_up(context: RunContext, request: ExportRequest, item: ExportItem) -> None:
    """Settle a document on which Xero failed every time, after a look-up showed it is not there."""
    item.state = ItemState.REJECTED
    item.settled_at = context.clock()
    item.problems = [
        Problem(
            code="xero-failed",
            record=record_name(item.document),
            message=(
                f"Xero failed each of the {request.earlier_attempts + request.attempts} times "
                "this document was sent. It was "
                "looked up afterwards and is not in Xero."
            ),
            way_out="Export the batch again later. If it keeps failing, tell Xero's support.",
            request_id=request.request_id,
        ).to_json()
    ]
    request.state = RequestState.ANSWERED
    request.answered_at = item.settled_at


def record_name(document: Document) -> str:
    """A document as a person names it."""
    party = f" ({document.company.name})" if document.company else ""
    return f"{document.kind.value} {document.number}{party}"


def _says_no(answer: ElementResult) -> bool:
    return bool(answer.errors) or answer.marked_error


def _record_sent(
    context: RunContext,
    request: ExportRequest,
    sent: Sequence[tuple[ExportItem, ElementResult | RemoteDocument]],
    now: dt.datetime,
) -> None:
    """Settle what is in Xero: all of a call in a few statements, whatever their number."""
    if not sent:
        return
    db.session.get_one(ExportRun, context.run_id).failures = 0
    for item, answer in sent:
        item.state = ItemState.SENT
        item.settled_at = now
        item.xero_id = answer.xero_id
        item.xero_status = answer.status
        item.xero_total = answer.total
        item.problems = [*_difference(item), *_not_posted(request, item)]
    items = [item for item, _ in sent]
    if request.collection == JOURNALS:
        keep_accounts(items, bodies_of(request))
        items = [item for item in items if is_last_part(item)]
    for item in items:
        item.document.status = DocumentStatus.UPDATED
    links = [
        XeroDocument(
            fin_co_id=context.fin_co_id,
            tenant_id=context.tenant_id,
            document_id=item.document_id,
            part=item.part,
            collection=request.collection,
            xero_type=answer.type,
            xero_id=answer.xero_id,
            status=answer.status,
            linked_at=now,
        )
        for item, answer in sent
    ]
    db.session.bulk_save_objects(links)
    plan_follow_ups(context.run_id, links, now)


def _record_refused(
    context: RunContext,
    request: ExportRequest,
    item: ExportItem,
    errors: Sequence[ElementProblem],
    request_id: str | None,
    now: dt.datetime,
) -> None:
    item.state = ItemState.REJECTED
    item.settled_at = now
    item.problems = [
        explain(
            error,
            record=record_name(item.document),
            facts=context.account_names,
            request_id=request_id,
            journal_lines=lines_sent(item) if request.collection == JOURNALS else (),
        ).to_json()
        for error in errors or (ElementProblem("", "Xero gave no reason."),)
    ]


def _warnings(
    item: ExportItem, answer: ElementResult, request_id: str | None
) -> list[dict[str, object]]:
    """Xero's warnings about a document it took (C5.3)."""
    return [
        Problem(
            code="warning",
            record=record_name(item.document),
            message="Xero took the document with a warning.",
            way_out="Read Xero's words below and check the document there.",
            verbatim=warning.message,
            request_id=request_id,
        ).to_json()
        for warning in answer.warnings
    ]


def _not_posted(request: ExportRequest, item: ExportItem) -> list[dict[str, object]]:
    """A journal that Xero keeps as a draft counts in no report there (R89)."""
    if request.collection != JOURNALS or item.xero_status == "POSTED":
        return []
    return [
        Problem(
            code="not-posted",
            record=record_name(item.document),
            message=f"The journal is in Xero as {item.xero_status}: it is not posted.",
            way_out="Open it in Xero (Accounting > Manual journals), check its lines and post it.",
        ).to_json()
    ]


def _difference(item: ExportItem) -> list[dict[str, object]]:
    """A total in Xero that is not ours (C9.1)."""
    if item.xero_total is None or item.xero_total == abs(item.total):
        return []
    return [
        Problem(
            code="total-differs",
            record=record_name(item.document),
            message=(
                f"The document is in Xero with a total of {item.xero_total:.2f}; here it is "
                f"{abs(item.total):.2f}."
            ),
            way_out="Compare the GST of its lines here and in Xero.",
        ).to_json()
    ]


def _close(request: ExportRequest, items: Sequence[ExportItem], now: dt.datetime) -> None:
    """The request is answered once none of its documents is in doubt."""
    if any(item.state is ItemState.UNCERTAIN for item in items):
        request.state = RequestState.UNCERTAIN
        return
    request.state = RequestState.ANSWERED
    request.answered_at = now
