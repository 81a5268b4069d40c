"""Sends one file or note, and writes down what became of it."""

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import cast

import sqlalchemy as sa

from webapp.db import claim, db
from webapp.domain.attachments import media_type
from webapp.domain.follow_ups import FollowUpKind, FollowUpState
from webapp.domain.problems import Problem
from webapp.models import AttachmentContent, FollowUp, FollowUpQueue
from webapp.services.connections import needs_person
from webapp.services.exports.context import Paused
from webapp.services.exports.follow_ups import told
from webapp.services.exports.follow_ups.desk import Desk, Station, its_run_is_paused
from webapp.services.exports.follow_ups.look import is_there
from webapp.services.exports.resolve import STILL_AT_WORK
from webapp.xero.errors import (
    BadResponse,
    OutcomeUnknown,
    PermissionMissing,
    Refused,
    Withdrawn,
    XeroError,
)
from webapp.xero.idempotency import alive, new_key
from webapp.xero.records import DocumentKind

MAX_ATTEMPTS = 4
"""After so many answers that never came, a person decides whether to try further."""

FRESH = dt.timedelta(hours=1)
"""How long after the document went nobody is taken to have added files to it in Xero."""

PERMISSION_PAUSE = dt.timedelta(minutes=30)


@dataclass(frozen=True)
class Outgoing:
    """A claimed file or note, as plain values that outlive the database session."""

    id: int
    kind: FollowUpKind
    collection: DocumentKind
    xero_id: str
    file_name: str
    content: bytes
    text: str
    key: str
    came_from: FollowUpState
    attempt: int


def send_one(station: Station, follow_up_id: int) -> None:
    """Send it once, after a look where it or another of its name may be there already.

    Raises:
        Paused: Xero may still be at work on the last attempt.
        XeroError: a reason to stop that concerns everything that waits (a limit, a connection).
    """
    row = db.session.get_one(FollowUp, follow_up_id)
    looks = row.attempts > 0 or station.clock() - row.planned_at > FRESH
    db.session.remove()
    try:
        if looks and _settled_by_a_look(station, follow_up_id):
            return
        outgoing = _claim(station, follow_up_id)
        if outgoing is not None:
            _deliver(station, outgoing)
    except (Refused, BadResponse) as error:
        _fail(station, follow_up_id, told.refused(_row(follow_up_id), error))
    except PermissionMissing as error:
        if needs_person(error):
            raise
        row = _row(follow_up_id)
        reason = told.withheld(row.queue, error)
        station.closed[row.kind] = Paused(
            station.clock() + PERMISSION_PAUSE, reason, for_person=True
        )
        db.session.remove()


def suspect_orphans(desk: Desk) -> None:
    """What a dead process left under way may or may not have arrived: it is looked up first."""
    with desk.writing():
        db.session.execute(
            sa.update(FollowUp)
            .where(FollowUp.queue_id == desk.queue_id, FollowUp.state == FollowUpState.SENDING)
            .values(state=FollowUpState.UNCERTAIN)
        )


def _settled_by_a_look(station: Station, follow_up_id: int) -> bool:
    """Whether Xero has it already, or has something else in its place."""
    seen = is_there(station, follow_up_id)
    if seen.found:
        _record_sent(station, follow_up_id, seen.attachment_id)
    elif seen.in_its_place:
        _fail(station, follow_up_id, told.name_taken(_row(follow_up_id)))
    return seen.found or seen.in_its_place


def _claim(station: Station, follow_up_id: int) -> Outgoing | None:
    """Write down that it is about to go, durably, before a byte of it does; or that it cannot.

    Nothing comes back where its run was paused meanwhile: it stays as it is.

    Raises:
        Paused: it may not be repeated yet.
    """
    now = station.clock()
    with station.writing():
        row = _row(follow_up_id)
        if db.session.scalar(sa.select(its_run_is_paused()).where(FollowUp.id == row.id)):
            return None
        key, first_sent_at = row.idempotency_key, row.first_sent_at or now
        if row.attempts >= MAX_ATTEMPTS or not alive(first_sent_at, now):
            if row.sent_at is not None and now - row.sent_at < STILL_AT_WORK:
                raise Paused(row.sent_at + STILL_AT_WORK, f"{told.NO_ANSWER} {told.BY_THEMSELVES}")
            key, first_sent_at = new_key(row.tenant_id), now
        content = _content(row)
        problem = told.out_of_tries(row) if row.attempts >= MAX_ATTEMPTS else None
        problem = problem or told.unsendable(row, content)
        if problem is not None:
            _settle(row, FollowUpState.FAILED, now, [problem])
            return None
        outgoing = Outgoing(
            id=row.id,
            kind=row.kind,
            collection=cast("DocumentKind", row.collection),
            xero_id=row.xero_id,
            file_name=row.file_name,
            content=content or b"",
            text=row.text or told.note(row, station.public_url),
            key=key,
            came_from=row.state,
            attempt=row.attempts + 1,
        )
        if not claim(
            FollowUp,
            row.id,
            FollowUp.state,
            row.state,
            FollowUpState.SENDING,
            attempts=outgoing.attempt,
            idempotency_key=key,
            first_sent_at=first_sent_at,
            sent_at=now,
            text=outgoing.text if row.kind is FollowUpKind.NOTE else None,
        ):
            return None
    # No session is held over the foreign call.
    db.session.remove()
    return outgoing


def _deliver(station: Station, outgoing: Outgoing) -> None:
    record = station.client.on(outgoing.collection, outgoing.xero_id)
    attachment_id = None
    try:
        if outgoing.kind is FollowUpKind.NOTE:
            record.add_note(outgoing.text, outgoing.key, station.lease.confirm)
        else:
            attachment_id = record.attach(
                outgoing.file_name,
                outgoing.content,
                media_type(outgoing.file_name) or "application/octet-stream",
                outgoing.key,
                station.lease.confirm,
            ).attachment_id
    except OutcomeUnknown:
        _put_back(station, outgoing, FollowUpState.UNCERTAIN)
    except Withdrawn:
        _put_back(station, outgoing, outgoing.came_from, counts=False)
    except Refused:
        if outgoing.came_from is FollowUpState.UNCERTAIN:
            # It speaks of the repeat alone; Xero may still be at work on the first.
            _put_back(station, outgoing, FollowUpState.UNCERTAIN)
            return
        raise
    except XeroError:
        # Of all others it is certain that this attempt was not applied.
        _put_back(station, outgoing, outgoing.came_from, counts=False)
        raise
    else:
        _record_sent(station, outgoing.id, attachment_id)


def _put_back(
    station: Station, outgoing: Outgoing, state: FollowUpState, *, counts: bool = True
) -> None:
    with station.writing():
        row = _row(outgoing.id)
        row.state = state
        if not counts:
            row.attempts -= 1
            if state is FollowUpState.PENDING:
                row.first_sent_at = None


def _record_sent(station: Station, follow_up_id: int, attachment_id: str | None) -> None:
    with station.writing():
        row = _row(follow_up_id)
        row.xero_attachment_id = attachment_id
        _settle(row, FollowUpState.SENT, station.clock(), [])
        db.session.get_one(FollowUpQueue, station.queue_id).failures = 0


def _fail(station: Station, follow_up_id: int, problem: Problem) -> None:
    with station.writing():
        _settle(_row(follow_up_id), FollowUpState.FAILED, station.clock(), [problem])


def _settle(row: FollowUp, state: FollowUpState, now: dt.datetime, problems: list[Problem]) -> None:
    row.state = state
    row.settled_at = now
    row.problems = [problem.to_json() for problem in problems]


def _row(follow_up_id: int) -> FollowUp:
    return db.session.get_one(FollowUp, follow_up_id)


def _content(row: FollowUp) -> bytes | None:
    """The bytes that were attached when the document went; None where they are not there."""
    if row.attachment_id is None:
        return None
    content = db.session.scalar(
        sa.select(AttachmentContent.content).where(
            AttachmentContent.attachment_id == row.attachment_id
        )
    )
    if content is None or hashlib.sha256(content).hexdigest() != row.sha256:
        return None
    return content
