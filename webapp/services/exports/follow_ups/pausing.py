"""Putting a queue aside, in words for the person who waits for it."""

import datetime as dt

from webapp.db import db
from webapp.models import FollowUpQueue
from webapp.services.connections import needs_person, note_failure
from webapp.services.exports.context import Paused
from webapp.services.exports.follow_ups.desk import Desk
from webapp.services.exports.follow_ups.told import BY_THEMSELVES
from webapp.services.exports.pausing import (
    LONGEST_PAUSE,
    RECONNECT_PAUSE,
    UNAVAILABLE_PAUSE,
    connection_of,
)
from webapp.services.failures import explain
from webapp.xero.errors import LimitReached, XeroError


def pause(desk: Desk, paused: Paused) -> None:
    """Put the queue aside."""
    with desk.writing():
        queue = db.session.get_one(FollowUpQueue, desk.queue_id)
        queue.resume_at = paused.resume_at
        queue.pause_reason = paused.reason
        queue.waits_for_person = paused.for_person


def pause_for(desk: Desk, error: XeroError, started_at: dt.datetime) -> None:
    """Put the queue aside for as long as the error says.

    ``started_at`` is when this process took it up: a connection that was made anew since then is
    not to blame for a failure of the tokens that were used before.
    """
    now = desk.clock()
    db.session.rollback()
    connection = connection_of(db.session.get_one(FollowUpQueue, desk.queue_id))
    name = connection.organisation_name if connection else "the organisation"
    if connection is not None and connection.connected_at <= started_at:
        note_failure(connection.id, error, now)
    reason = explain(error, name)
    if isinstance(error, LimitReached):
        pause(desk, Paused(error.retry_at, f"{reason.message} {BY_THEMSELVES}"))
    elif needs_person(error):
        said = f"{reason.message} {reason.way_out} {BY_THEMSELVES}"
        pause(desk, Paused(now + RECONNECT_PAUSE, said, for_person=True))
    else:
        pause(desk, Paused(now + _growing(desk), f"{reason.message} {BY_THEMSELVES}"))


def _growing(desk: Desk) -> dt.timedelta:
    """Twice as long after each failure in a row, so that calls are left for when Xero is back."""
    with desk.writing():
        queue = db.session.get_one(FollowUpQueue, desk.queue_id)
        queue.failures += 1
        return min(UNAVAILABLE_PAUSE * (1 << min(queue.failures - 1, 10)), LONGEST_PAUSE)
