"""Putting a run or a queue aside, in words for the person who waits for it."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from typing import Protocol

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
from webapp.services.errors import NotConnected
from webapp.services.exports.context import Hold, LeaseLost, Paused
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
FAULT_PAUSE = dt.timedelta(minutes=1)


class Holding(Protocol):
    """This process's hold on what calls Xero and may have to wait."""

    @property
    def clock(self) -> Callable[[], dt.datetime]:
        """Gives the present instant, UTC."""

    @property
    def doing(self) -> str:
        """What is being done, as a sentence begins."""

    @property
    def goes_on(self) -> str:
        """That it goes on by itself, in a sentence."""

    def writing(self) -> AbstractContextManager[None]:
        """A transaction that raises LeaseLost where the hold is another's by now."""

    def row(self) -> ExportRun | FollowUpQueue:
        """What is held, of the present session."""


@contextmanager
def putting_aside(hold: Holding) -> Iterator[None]:
    """Do the work of the block; where it cannot go on, put what is held aside until it can.

    Raises:
        LeaseLost: it is another process's by now, and nothing is written down.
        Exception: a fault of our own, once that is written down.
    """
    started_at = hold.clock()
    try:
        yield
    except Paused as paused:
        _pause(hold, paused)
    except XeroError as error:
        _pause_for(hold, error, started_at)
    except NotConnected as error:
        said = f"{error.message} {error.way_out}"
        _pause(hold, Paused(hold.clock() + RECONNECT_PAUSE, said, for_person=True))
    except LeaseLost:
        raise
    except Exception:
        db.session.rollback()
        said = f"{hold.doing} stopped on a fault of its own, which is in the log. {hold.goes_on}"
        # A lease lost as well must not hide the fault.
        with suppress(LeaseLost):
            _pause(hold, Paused(hold.clock() + FAULT_PAUSE, said))
        raise


def _pause(hold: Holding, paused: Paused) -> None:
    with hold.writing():
        row = hold.row()
        row.resume_at = paused.resume_at
        row.pause_reason = paused.reason
        row.waits_for_person = paused.for_person


def connection_of(run: ExportRun | FollowUpQueue) -> XeroConnection | None:
    """The FinCo's connection to the organisation it is for, and to no other."""
    return db.session.scalar(
        sa.select(XeroConnection).where(
            XeroConnection.fin_co_id == run.fin_co_id,
            XeroConnection.tenant_id == run.tenant_id,
        )
    )


def _pause_for(hold: Holding, error: XeroError, started_at: dt.datetime) -> None:
    """Put it aside for as long as the error says.

    ``started_at`` is when this process took it up: a connection that was made anew since then is
    not to blame for a failure of the tokens that were used before.
    """
    now = hold.clock()
    db.session.rollback()
    connection = connection_of(hold.row())
    name = connection.organisation_name if connection else "the organisation"
    renewed = connection is not None and connection.connected_at > started_at
    if connection is not None and not renewed:
        note_failure(connection.id, error, now)
    reason = explain(error, name)
    match error:
        case LimitReached():
            _pause(hold, Paused(error.retry_at, f"{reason.message} {hold.goes_on}"))
        case ReconnectNeeded() | PermissionMissing() if renewed:
            _pause(hold, Paused(now, f"{name} was connected again. {hold.goes_on}"))
        case ReconnectNeeded() | PermissionMissing() if needs_person(error):
            said = f"{reason.message} {reason.way_out} {hold.goes_on}"
            _pause(hold, Paused(now + RECONNECT_PAUSE, said, for_person=True))
        case PermissionMissing() | Refused() | BadResponse():
            said = f"{reason.message} {reason.way_out} {hold.goes_on}"
            _pause(hold, Paused(now + LONGEST_PAUSE, said, for_person=True))
        case _:
            again = now + _growing_pause(hold)
            _pause(hold, Paused(again, f"{reason.message} {hold.goes_on}"))


def _growing_pause(hold: Holding) -> dt.timedelta:
    """Twice as long after each failure in a row, so that calls are left for when Xero is back."""
    with hold.writing():
        row = hold.row()
        row.failures += 1
        growth = 1 << min(row.failures - 1, 10)
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
        f"{hold.goes_on}",
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
