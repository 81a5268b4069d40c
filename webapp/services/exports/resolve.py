"""Settles documents that were sent without a trustworthy answer, by looking in Xero first."""

import datetime as dt
from dataclasses import dataclass
from enum import Enum, auto

import sqlalchemy as sa

from webapp.db import db
from webapp.domain.documents import DocumentKind
from webapp.domain.problems import Problem
from webapp.domain.runs import ItemState, RequestState
from webapp.mapping.exports.answers import SentRecord, find_sent
from webapp.models import ExportItem, ExportRequest, ExportRun, XeroDocument
from webapp.services.exports.context import Paused, RunContext
from webapp.services.exports.journal_record import JOURNALS
from webapp.services.exports.plan import freeze_request
from webapp.services.exports.record import (
    bodies_of,
    give_up,
    items_of,
    record_found,
    record_name,
    sent_records,
    split,
)
from webapp.services.exports.send import send_all
from webapp.xero.idempotency import alive
from webapp.xero.records import RemoteDocument

MAX_ATTEMPTS = 4
"""After so many, a request is cut in half to find the document that Xero fails on."""

CLOCK_MARGIN = dt.timedelta(hours=26)
"""How far Xero's clock and ours may lie apart when asking for what changed since we sent. A server
that takes its local time for UTC is up to 14 hours off."""

STILL_AT_WORK = dt.timedelta(minutes=3)
"""How long after it was sent Xero may still be at work on a call whose answer never came: our own
time-out is 100 seconds. Until then "not there" is no proof."""

FIRST_PAUSE = dt.timedelta(seconds=15)
LONGEST_PAUSE = dt.timedelta(minutes=10)
AMBIGUOUS_PAUSE = dt.timedelta(minutes=10)

JOURNALS_A_PAGE = 100
"""Xero's pages of journals come with all their lines, which may be 500 each (journal_parts)."""

UNANSWERED = (
    "Xero did not answer in time. What was sent is being looked up there; "
    "do not enter it by hand and do not export it again."
)


class Step(Enum):
    """What a look-up leaves to be done about a request."""

    NOTHING = auto()
    REPEAT = auto()
    WAIT = auto()


@dataclass(frozen=True)
class Doubt:
    """An uncertain request as plain values: what to look for, and since when."""

    request_id: int
    collection: str
    records: tuple[SentRecord, ...]
    first_sent_at: dt.datetime
    last_sent_at: dt.datetime
    linked: frozenset[str]


def resolve(context: RunContext, request_id: int) -> None:
    """Settle one uncertain request.

    What a look-up finds is recorded as sent. The rest is sent again: under the same key with the
    same bytes while the key lives, when even a call still under way at Xero can do no harm;
    after that as a new request of only what is missing. Of a cancelled run nothing is sent
    again: once Xero can no longer be at work on it, what is not there has not been sent.

    Raises:
        Paused: when Xero keeps failing on it, or a person has to look first.
        XeroError: when Xero cannot be asked now.
    """
    doubt = _doubt(context, request_id)
    remote = _look_up(context, doubt)
    step = _apply(context, doubt, remote)
    context.changed()
    if step is Step.REPEAT:
        send_all(context, [request_id], RequestState.UNCERTAIN)
        _pause_if_still_uncertain(context, request_id)
    elif step is Step.WAIT:
        raise Paused(doubt.last_sent_at + STILL_AT_WORK, UNANSWERED)


def _doubt(context: RunContext, request_id: int) -> Doubt:
    request = db.session.get_one(ExportRequest, request_id)
    items = [item for item in items_of(request_id) if item.state is ItemState.UNCERTAIN]
    linked = db.session.scalars(
        sa.select(XeroDocument.xero_id).where(XeroDocument.tenant_id == context.tenant_id)
    )
    doubt = Doubt(
        request_id=request_id,
        collection=request.collection,
        records=tuple(sent_records(request, items)),
        first_sent_at=request.first_sent_at or context.clock(),
        last_sent_at=request.sent_at or context.clock(),
        linked=frozenset(linked),
    )
    db.session.remove()
    return doubt


def _look_up(context: RunContext, doubt: Doubt) -> list[RemoteDocument]:
    made_before = context.client.meter.calls
    try:
        return _found(context, doubt)
    finally:
        # Only looked up now, nothing is being sent: the calls in between are this one's.
        made = context.client.meter.calls - made_before
        with context.writing():
            db.session.get_one(ExportRun, context.run_id).calls += made
        db.session.remove()


def _found(context: RunContext, doubt: Doubt) -> list[RemoteDocument]:
    if doubt.collection == "Invoices":
        return context.client.invoices_by_number([record.number for record in doubt.records])
    since = doubt.first_sent_at - CLOCK_MARGIN
    changed = context.client.documents_modified_since
    pages = (
        changed("ManualJournals", since, JOURNALS_A_PAGE)
        if doubt.collection == JOURNALS
        else changed("CreditNotes", since)
    )
    return [document for page in pages for document in page.records]


def _apply(context: RunContext, doubt: Doubt, remote: list[RemoteDocument]) -> Step:
    """Record what was found, and decide about what was not."""
    now = context.clock()
    with context.writing():
        request = db.session.get_one(ExportRequest, doubt.request_id)
        by_position = {item.position: item for item in items_of(doubt.request_id)}
        missing: list[ExportItem] = []
        unclear: list[ExportItem] = []
        for record in doubt.records:
            item = by_position[record.position]
            found = find_sent(record, remote, doubt.linked)
            if found.document is not None:
                record_found(context, request, item, found.document)
            elif found.ambiguous:
                unclear.append(item)
            else:
                missing.append(item)
        if not missing and not unclear:
            request.state = RequestState.ANSWERED
            request.answered_at = now
            return Step.NOTHING
        cancelled = db.session.get_one(ExportRun, request.run_id).cancelled_at is not None
        if not cancelled and alive(doubt.first_sent_at, now):
            return Step.REPEAT
        if now - doubt.last_sent_at < STILL_AT_WORK:
            return Step.WAIT
        if missing and cancelled:
            _let_go(request, missing, now)
        elif missing:
            _deal_with_missing(context, request, missing)
        if unclear:
            # Its neighbours have gone their own ways; these alone stay in doubt.
            _ask_a_person(unclear)
            request.state = RequestState.UNCERTAIN
        return Step.NOTHING


def _deal_with_missing(
    context: RunContext, request: ExportRequest, missing: list[ExportItem]
) -> None:
    if request.earlier_attempts + request.attempts < MAX_ATTEMPTS:
        _send_missing_anew(request, missing, context.clock())
    elif len(missing) > 1:
        split(request, missing, context.clock())
    else:
        give_up(context, request, missing[0])


def _let_go(request: ExportRequest, missing: list[ExportItem], now: dt.datetime) -> None:
    """Of a cancelled run: what did not arrive stays unsent."""
    for item in missing:
        item.state = ItemState.CANCELLED
        item.settled_at = now
    request.state = RequestState.CANCELLED
    request.answered_at = now


def _send_missing_anew(request: ExportRequest, missing: list[ExportItem], now: dt.datetime) -> None:
    bodies = bodies_of(request)
    run = db.session.get_one(ExportRun, request.run_id)
    freeze_request(
        run,
        request.collection,
        [(item, bodies[item.position]) for item in missing if item.position is not None],
        earlier_attempts=request.earlier_attempts + request.attempts,
    )
    request.state = RequestState.ANSWERED
    request.answered_at = now


def _ask_a_person(items: list[ExportItem]) -> None:
    for item in items:
        is_journal = item.document.kind is DocumentKind.JOURNAL
        where = "Accounting > Manual journals" if is_journal else "the contact"
        item.problems = [
            Problem(
                code="cannot-tell",
                record=record_name(item.document),
                message=(
                    "Xero did not answer when this document was sent, and holds more than one "
                    "record that looks like it, so it cannot be told whether it arrived."
                ),
                way_out=(
                    f"Open {where} in Xero and void the records that are not this document. "
                    "The export then goes on by itself."
                ),
            ).to_json()
        ]


def _pause_if_still_uncertain(context: RunContext, request_id: int) -> None:
    request = db.session.get_one(ExportRequest, request_id)
    state, attempts = request.state, request.attempts
    db.session.remove()
    if state is not RequestState.UNCERTAIN:
        return
    pause = min(FIRST_PAUSE * 2 ** max(attempts - 2, 0), LONGEST_PAUSE)
    raise Paused(context.clock() + pause, UNANSWERED)
