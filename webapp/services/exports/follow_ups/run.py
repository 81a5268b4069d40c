"""Carries a queue on, from wherever it stands, while no document wants the calls."""

import datetime as dt
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from uuid import uuid4

import sqlalchemy as sa

from webapp.db import db
from webapp.domain.follow_ups import UNSETTLED, FollowUpKind, FollowUpState
from webapp.models import FollowUp, FollowUpQueue
from webapp.models.xero import ConnectionState
from webapp.services.access import XeroAccess
from webapp.services.connections import granted_features
from webapp.services.exports.context import LeaseLost, Paused
from webapp.services.exports.follow_ups.desk import (
    Desk,
    Station,
    documents_wait,
    its_run_is_paused,
)
from webapp.services.exports.follow_ups.plan import FILES
from webapp.services.exports.follow_ups.send import send_one, suspect_orphans
from webapp.services.exports.follow_ups.told import BY_THEMSELVES, NO_ANSWER
from webapp.services.exports.pausing import RECONNECT_PAUSE, connection_of, putting_aside
from webapp.services.lease import leased

SLICE = dt.timedelta(seconds=8)
"""How long one task works: a document that is exported meanwhile waits no longer for a worker."""

KEPT_FOR_DOCUMENTS = 250
"""How many of the day's calls files and notes leave over."""

KEPT_OF_THE_MINUTE = 20
"""How many of a minute's calls they leave over, so that no document finds them used up."""

MINUTE_PAUSE = dt.timedelta(seconds=15)

DAY_PAUSE = dt.timedelta(hours=1)
FIRST_LOOK = dt.timedelta(seconds=15)
LONGEST_LOOK = dt.timedelta(minutes=10)


def run_follow_ups(
    xero: XeroAccess,
    *,
    queue_id: int,
    owner: str,
    clock: Callable[[], dt.datetime],
    lease_seconds: int,
    public_url: str,
) -> None:
    """Send what waits, one after the other, for a few seconds or until it has to wait.

    One at a time leaves places for the documents of a run that begins meanwhile; Xero's sixty
    calls a minute are reached so too. Safe to call at any time, any number of times, from any
    number of processes.
    """
    with leased(
        FollowUpQueue,
        queue_id,
        owner=f"{owner}:{uuid4().hex}",
        clock=clock,
        seconds=lease_seconds,
    ) as lease:
        if lease is None:
            return
        desk = Desk(queue_id=queue_id, lease=lease, clock=clock, public_url=public_url)
        # A successor has seen to everything; what this process knows is out of date then.
        with suppress(LeaseLost):
            _work(xero, desk)
        db.session.remove()


def due_follow_ups(now: dt.datetime) -> list[int]:
    """Queues with something in them that nobody works on, and that need not wait any longer.

    Where all that is left follows runs that a person paused, they wait for Resume.
    """
    unsettled = (FollowUp.queue_id == FollowUpQueue.id, FollowUp.state.in_(UNSETTLED))
    return list(
        db.session.scalars(
            sa.select(FollowUpQueue.id)
            .where(
                FollowUpQueue.finished_at.is_(None),
                sa.or_(FollowUpQueue.lease_until.is_(None), FollowUpQueue.lease_until < now),
                sa.or_(FollowUpQueue.resume_at.is_(None), FollowUpQueue.resume_at <= now),
                ~documents_wait(FollowUpQueue.tenant_id),
                sa.or_(
                    sa.exists().where(*unsettled, ~its_run_is_paused()),
                    ~sa.exists().where(*unsettled),
                ),
            )
            .order_by(FollowUpQueue.id)
        )
    )


def _work(xero: XeroAccess, desk: Desk) -> None:
    with putting_aside(desk):
        suspect_orphans(desk)
        _carry_out(_station(xero, desk))


def _carry_out(station: Station) -> None:
    until = station.clock() + SLICE
    while station.lease.held and station.clock() < until:
        wait = db.session.scalar(sa.select(documents_wait(station.tenant_id)))
        follow_up_id = None if wait else _next(station)
        db.session.remove()
        if wait:
            return
        if follow_up_id is None:
            _finish(station)
            return
        if station.minute_left() <= KEPT_OF_THE_MINUTE:
            # Waiting for the minute's end would keep a worker from everything else.
            raise Paused(station.clock() + MINUTE_PAUSE, "The rest of this minute's calls is kept.")
        send_one(station, follow_up_id)
        left = station.client.meter.left_today
        if left is not None and left < KEPT_FOR_DOCUMENTS:
            raise Paused(
                station.clock() + DAY_PAUSE,
                f"Xero takes {left} more calls today, which are kept for documents. "
                f"{BY_THEMSELVES}",
            )


def _next(station: Station) -> int | None:
    """What goes next: what never left, oldest first, and then what is in doubt.

    Raises:
        Paused: until Xero may be asked about what is in doubt.
    """
    open_kinds = [kind for kind in FollowUpKind if kind not in station.closed]
    waiting = (
        FollowUp.queue_id == station.queue_id,
        FollowUp.kind.in_(open_kinds),
        ~its_run_is_paused(),
    )
    pending = db.session.scalar(
        sa.select(FollowUp.id)
        .where(*waiting, FollowUp.state == FollowUpState.PENDING)
        .order_by(FollowUp.id)
        .limit(1)
    )
    if pending is not None:
        return pending
    doubts = db.session.execute(
        sa.select(FollowUp.id, FollowUp.sent_at, FollowUp.attempts).where(
            *waiting, FollowUp.state == FollowUpState.UNCERTAIN
        )
    ).all()
    if not doubts:
        return None
    due, first = min(
        ((sent_at or station.clock()) + _patience(attempts), doubt)
        for doubt, sent_at, attempts in doubts
    )
    if due > station.clock():
        raise Paused(due, f"{NO_ANSWER} {BY_THEMSELVES}")
    return first


def _patience(attempts: int) -> dt.timedelta:
    """How long to leave Xero alone with what it did not answer."""
    return min(FIRST_LOOK * (1 << min(max(attempts - 1, 0), 10)), LONGEST_LOOK)


def _finish(station: Station) -> None:
    """Close the queue if nothing is left; else say what keeps the rest."""
    with station.writing():
        queue = db.session.get_one(FollowUpQueue, station.queue_id)
        left = sa.select(
            sa.exists().where(FollowUp.queue_id == queue.id, FollowUp.state.in_(UNSETTLED))
        )
        if not db.session.scalar(left):
            queue.finished_at = station.clock()
            return
    if station.closed:
        raise min(station.closed.values(), key=lambda paused: paused.resume_at)


def _station(xero: XeroAccess, desk: Desk) -> Station:
    """Reach the queue's own organisation, and no other.

    Raises:
        Paused: while the FinCo is not connected to it.
        NotConnected: the connection holds no tokens any more.
    """
    queue = db.session.get_one(FollowUpQueue, desk.queue_id)
    connection = connection_of(queue)
    if connection is None or connection.state is not ConnectionState.CONNECTED:
        name = connection.organisation_name if connection else "the organisation"
        raise Paused(
            desk.clock() + RECONNECT_PAUSE,
            f"{name} is not connected, and files go to the organisation that has the document. "
            f"Connect it again on the Xero Integration screen. {BY_THEMSELVES}",
            for_person=True,
        )
    closed = {}
    if any(lacking.scope == FILES for lacking in granted_features(connection).missing):
        closed[FollowUpKind.FILE] = Paused(
            desk.clock() + RECONNECT_PAUSE,
            f"The connection to {connection.organisation_name} was not given permission for "
            "files. An administrator must press Ask for permission on the Xero Integration "
            "screen. Documents go all the same, and files go on by themselves once it is given.",
            for_person=True,
        )
    station = Station(
        queue_id=desk.queue_id,
        lease=desk.lease,
        clock=desk.clock,
        public_url=desk.public_url,
        tenant_id=queue.tenant_id,
        client=xero.client(connection),
        minute_left=partial(xero.gate.minute_remaining, queue.tenant_id),
        closed=closed,
    )
    with desk.writing():
        queue = db.session.get_one(FollowUpQueue, desk.queue_id)
        queue.resume_at = None
        queue.pause_reason = None
        queue.waits_for_person = False
    db.session.remove()
    return station
