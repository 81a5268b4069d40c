"""Lets a request leave: it is claimed first, and looked at once more when its turn has come."""

import datetime as dt
from dataclasses import dataclass, field
from threading import Event
from time import monotonic

import sqlalchemy as sa

from webapp.db import claim, db
from webapp.domain.runs import UNFINISHED, ItemState, RequestState
from webapp.models import ExportItem, ExportRequest, ExportRun
from webapp.services.exports.context import RunContext, Stopped
from webapp.xero.idempotency import alive


@dataclass(frozen=True)
class Outgoing:
    """A claimed request, as plain values that outlive the database session."""

    id: int
    method: str
    collection: str
    body: bytes
    key: str
    came_from: RequestState
    attempt: int
    first_sent_at: dt.datetime
    claimed: float = field(default_factory=monotonic)
    """By the clock that waits are measured with."""
    looked: Event = field(default_factory=Event)
    """Set once it was looked at for the last time, or is over without that."""


def claim_request(context: RunContext, request_id: int, came_from: RequestState) -> Outgoing | None:
    """Write down that the request is about to go, durably, before a byte of it does.

    Raises:
        Stopped: a person stopped the run; nothing changed.
    """
    now = context.clock()
    with context.writing():
        if context.stopped():
            raise Stopped
        request = db.session.get_one(ExportRequest, request_id)
        first_sent_at = request.first_sent_at or now
        attempt = request.attempts + 1
        if not claim(
            ExportRequest,
            request_id,
            ExportRequest.state,
            came_from,
            RequestState.SENDING,
            first_sent_at=first_sent_at,
            sent_at=now,
            attempts=attempt,
        ):
            return None
        mark_items(request_id, ItemState.SENDING)
        outgoing = Outgoing(
            id=request_id,
            method=request.method,
            collection=request.collection,
            body=request.body,
            key=request.idempotency_key,
            came_from=came_from,
            attempt=attempt,
            first_sent_at=first_sent_at,
        )
    # No session is held over the foreign call.
    db.session.remove()
    return outgoing


def may_leave(context: RunContext, outgoing: Outgoing) -> bool:
    """Look once more when the call has its turn, which may be long after it was claimed.

    Nothing leaves once the run is another's or a person stopped it, and no repeat leaves once
    Xero may have forgotten its key. Says when it left, since that is how long Xero may still be
    at work on it.
    """
    now = context.clock()
    if outgoing.came_from is RequestState.UNCERTAIN and not alive(outgoing.first_sent_at, now):
        return False
    if not context.lease.confirm():
        return False
    with context.engine.begin() as connection:
        # Changing the run's row makes a stop wait until this is written.
        going_on = connection.execute(
            sa.update(ExportRun)
            .where(
                ExportRun.id == context.run_id,
                ExportRun.paused_at.is_(None),
                ExportRun.cancelled_at.is_(None),
            )
            .values(calls=ExportRun.calls + 1)
        )
        if going_on.rowcount != 1:
            return False
        connection.execute(
            sa.update(ExportRequest).where(ExportRequest.id == outgoing.id).values(sent_at=now)
        )
    return True


def mark_items(request_id: int, state: ItemState) -> None:
    """Give the request's undecided documents the state of the request."""
    db.session.execute(
        sa.update(ExportItem)
        .where(
            ExportItem.request_id == request_id,
            ExportItem.state.in_(UNFINISHED),
        )
        .values(state=state)
    )
