"""What the steps of one export run share."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import ClassVar

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from webapp.db import db, transaction
from webapp.models import ExportRun
from webapp.services.lease import Lease
from webapp.services.progress import Progress, topic
from webapp.xero.client import XeroClient


class LeaseLost(Exception):
    """Another process works on the run by now; this one leaves it alone."""


class Stopped(Exception):
    """A person paused or cancelled the run: nothing of it leaves any more."""


class Paused(Exception):
    """The run cannot go on now: it is put aside until ``resume_at`` and nothing is lost.

    ``for_person``: it goes on only once somebody has done what ``reason`` says.
    """

    def __init__(self, resume_at: dt.datetime, reason: str, *, for_person: bool = False) -> None:
        super().__init__(reason)
        self.resume_at = resume_at
        self.reason = reason
        self.for_person = for_person


@dataclass(frozen=True, kw_only=True)
class Hold:
    """This process's hold on a run."""

    doing: ClassVar[str] = "The export"
    goes_on: ClassVar[str] = "The export then goes on by itself, and nothing is sent twice."

    run_id: int
    lease: Lease
    progress: Progress
    clock: Callable[[], dt.datetime]

    @contextmanager
    def writing(self) -> Iterator[None]:
        """A transaction in which this process still holds the run, or which does not happen.

        Checked inside it: a process that was suspended must not undo what its successor wrote.

        Raises:
            LeaseLost: the run is another's now; nothing was kept.
        """
        with transaction():
            owner = db.session.scalar(
                sa.select(ExportRun.lease_owner)
                .where(ExportRun.id == self.run_id)
                .with_for_update()
            )
            if owner != self.lease.owner:
                raise LeaseLost
            yield

    def row(self) -> ExportRun:
        """The run, of the present session."""
        return db.session.get_one(ExportRun, self.run_id)

    def stopped(self) -> bool:
        """Whether a person paused or cancelled the run; inside ``writing`` it stays that way."""
        stopped = db.session.scalar(
            sa.select(
                sa.or_(ExportRun.paused_at.is_not(None), ExportRun.cancelled_at.is_not(None))
            ).where(ExportRun.id == self.run_id)
        )
        return bool(stopped)

    def changed(self) -> None:
        """Wake whoever watches the run."""
        self.progress.changed(topic("export", self.run_id))


@dataclass(frozen=True, kw_only=True)
class RunContext(Hold):
    """A run that can reach its organisation."""

    fin_co_id: int
    tenant_id: str
    client: XeroClient
    engine: Engine
    """For what threads write, which have no session of their own."""
    account_names: Mapping[str, str]
    """``account:CODE`` to the account's name, for explaining refusals."""
