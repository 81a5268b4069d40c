"""What the steps of sending what follows share: the hold on its queue, and its organisation."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, cast

import sqlalchemy as sa

from webapp.db import db, transaction
from webapp.domain.follow_ups import FollowUpKind
from webapp.models import ExportRun, FollowUp, FollowUpQueue
from webapp.services.exports.context import LeaseLost, Paused
from webapp.services.exports.follow_ups.told import BY_THEMSELVES
from webapp.services.lease import Lease
from webapp.xero.client import XeroClient
from webapp.xero.records import RemoteFile

if TYPE_CHECKING:
    from sqlalchemy.engine import CursorResult


@dataclass(frozen=True, kw_only=True)
class Desk:
    """This process's hold on a queue."""

    doing: ClassVar[str] = "Sending files and notes"
    goes_on: ClassVar[str] = BY_THEMSELVES

    queue_id: int
    lease: Lease
    clock: Callable[[], dt.datetime]
    public_url: str
    """The address of this installation, for the links in notes."""

    @contextmanager
    def writing(self) -> Iterator[None]:
        """A transaction in which this process still holds the queue, or which does not happen.

        Raises:
            LeaseLost: another process holds it by now; nothing was kept.
        """
        mine = (FollowUpQueue.id == self.queue_id, FollowUpQueue.lease_owner == self.lease.owner)
        with transaction():
            touched = cast(
                "CursorResult[Any]",
                db.session.execute(
                    sa.update(FollowUpQueue).where(*mine).values(lease_owner=self.lease.owner)
                ),
            )
            if touched.rowcount != 1:
                raise LeaseLost
            yield

    def row(self) -> FollowUpQueue:
        """The queue, of the present session."""
        return db.session.get_one(FollowUpQueue, self.queue_id)


@dataclass(frozen=True, kw_only=True)
class Station(Desk):
    """A queue whose organisation can be reached, and what was seen there meanwhile."""

    tenant_id: str
    client: XeroClient
    minute_left: Callable[[], int]
    """How many calls may leave now without a wait."""
    closed: dict[FollowUpKind, Paused] = field(default_factory=dict)
    """What cannot be sent now, and why; the other kind goes on."""
    files_seen: dict[str, list[RemoteFile]] = field(default_factory=dict)
    """What hangs on a record, by its id, so that a record with ten files is asked once."""


def documents_wait(tenant_id: str | sa.SQLColumnExpression[str]) -> sa.Exists:
    """The condition that documents wait to be sent there: calls are theirs then.

    A run that a person stopped, or that waits for one, makes no calls and keeps none back.
    """
    return sa.exists().where(
        ExportRun.tenant_id == tenant_id,
        ExportRun.finished_at.is_(None),
        ExportRun.paused_at.is_(None),
        ExportRun.waits_for_person.is_(False),
    )


def its_run_is_paused() -> sa.Exists:
    """The condition that a person paused the run that a file or note belongs to.

    Of a run that is over nothing is held: nobody could let it go on.
    """
    return sa.exists().where(
        ExportRun.id == FollowUp.run_id,
        ExportRun.paused_at.is_not(None),
        ExportRun.finished_at.is_(None),
    )
