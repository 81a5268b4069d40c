"""Putting a run aside, in words for the person who waits for it."""

import datetime as dt

import sqlalchemy as sa

from webapp.db import db
from webapp.domain.problems import Problem
from webapp.domain.runs import ItemState, RequestState
from webapp.models import (
    ExportItem,
    ExportRequest,
    ExportRun,
    FollowUpQueue,
    XeroConnection,
)
from webapp.models.xero import ConnectionState
from webapp.services.connections import current_connection, needs_person, note_failure
from webapp.services.exports.context import Hold, Paused
from webapp.services.exports.record import record_name
from webapp.services.failures import explain
from webapp.xero.errors import (
    BadResponse,
    LimitReached,
    PermissionMissing,
    ReconnectNeeded,
    Refused,
    XeroError,
)

UNAVAILABLE_PAUSE = dt.timedelta(seconds=30)
LONGEST_PAUSE = dt.timedelta(minutes=30)
RECONNECT_PAUSE = dt.timedelta(minutes=1)
"""How often a run looks whether its connection works again; that look makes no call."""
BY_ITSELF = "The export then goes on by itself, and nothing is sent twice."


def pause(hold: Hold, paused: Paused) -> None:
    """Put the run aside."""
    with hold.writing():
        run = db.session.get_one(ExportRun, hold.run_id)
        run.resume_at = paused.resume_at
        run.pause_reason = paused.reason
        run.waits_for_person = paused.for_person


def connection_of(run: ExportRun | FollowUpQueue) -> XeroConnection | None:
    """The FinCo's connection to the organisation it is for, and to no other."""
    return db.session.scalar(
        sa.select(XeroConnection).where(
            XeroConnection.fin_co_id == run.fin_co_id,
            XeroConnection.tenant_id == run.tenant_id,
        )
    )


def pause_for(hold: Hold, error: XeroError, started_at: dt.datetime) -> None:
    """Put the run aside for as long as the error says.

    ``started_at`` is when this process took the run up: a connection that was made anew since
    then is not to blame for a failure of the tokens that were used before.
    """
    now = hold.clock()
    connection = connection_of(db.session.get_one(ExportRun, hold.run_id))
    name = connection.organisation_name if connection else "the organisation"
    renewed = connection is not None and connection.connected_at > started_at
    if connection is not None and not renewed:
        note_failure(connection.id, error, now)
    reason = explain(error, name)
    match error:
        case LimitReached():
            pause(hold, Paused(error.retry_at, f"{reason.message} {BY_ITSELF}"))
        case ReconnectNeeded() | PermissionMissing() if renewed:
            pause(hold, Paused(now, f"{name} was connected again. {BY_ITSELF}"))
        case ReconnectNeeded() | PermissionMissing() if needs_person(error):
            said = f"{reason.message} {reason.way_out} {BY_ITSELF}"
            pause(hold, Paused(now + RECONNECT_PAUSE, said, for_person=True))
        case PermissionMissing() | Refused() | BadResponse():
            said = f"{reason.message} {reason.way_out} {BY_ITSELF}"
            pause(hold, Paused(now + LONGEST_PAUSE, said, for_person=True))
        case _:
            again = now + _growing_pause(hold)
            pause(hold, Paused(again, f"{reason.message} {BY_ITSELF}"))


def _growing_pause(hold: Hold) -> dt.timedelta:
    """Twice as long after each failure in a row, so that calls are left for when Xero is back."""
    with hold.writing():
        run = db.session.get_one(ExportRun, hold.run_id)
        run.failures += 1
        growth = 1 << min(run.failures - 1, 10)
        return min(UNAVAILABLE_PAUSE * growth, LONGEST_PAUSE)


def while_unconnected(hold: Hold, run: ExportRun) -> Paused:
    """What to do with a run whose organisation is not connected.

    Where the FinCo was given to another organisation meanwhile, what never left is taken back, so
    that its batches can be exported there; what may have arrived has to wait for its own.
    """
    connection = connection_of(run)
    name = connection.organisation_name if connection else "its organisation"
    present = current_connection(run.fin_co_id)
    if (
        present is not None
        and present.tenant_id != run.tenant_id
        and present.state is ConnectionState.CONNECTED
    ):
        _take_back(hold, name, present.organisation_name)
    return Paused(
        hold.clock() + RECONNECT_PAUSE,
        f"The connection to {name} dropped. Connect it again on the Xero Integration screen. "
        f"{BY_ITSELF}",
        for_person=True,
    )


def _take_back(hold: Hold, planned_for: str, present: str) -> None:
    now = hold.clock()
    with hold.writing():
        never_left = db.session.scalars(
            sa.select(ExportItem).where(
                ExportItem.run_id == hold.run_id, ExportItem.state == ItemState.PENDING
            )
        ).all()
        for item in never_left:
            record = record_name(item.document)
            item.state = ItemState.BLOCKED
            item.settled_at = now
            item.problems = [
                Problem(
                    code="organisation-changed",
                    record=record,
                    message=(
                        f"{record} was to go to {planned_for}, but the FinCo is connected to "
                        f"{present} now. Nothing of it was sent."
                    ),
                    way_out=f"Export its batch again to send it to {present}.",
                ).to_json()
            ]
        db.session.execute(
            sa.update(ExportRequest)
            .where(
                ExportRequest.run_id == hold.run_id,
                ExportRequest.state == RequestState.PENDING,
            )
            .values(state=RequestState.ANSWERED, answered_at=now)
        )
