"""Who works on a run: a lease that is renewed while its holder lives and lapses when it dies."""

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from webapp.db import db, transaction
from webapp.models import ExportRun, FollowUpQueue, ImportRun, LoadRun

if TYPE_CHECKING:
    from sqlalchemy.engine import CursorResult

RENEWALS_PER_LEASE = 4


class Lease:
    """A hold on a run, renewed in the background until it is released or lost."""

    def __init__(
        self,
        run: type[ExportRun | FollowUpQueue | ImportRun | LoadRun],
        run_id: int,
        *,
        owner: str,
        length: dt.timedelta,
        clock: Callable[[], dt.datetime],
    ) -> None:
        self._engine = db.engine
        self._run = run
        self._run_id = run_id
        self.owner = owner
        self._length = length
        self._clock = clock
        self._done = threading.Event()
        self._lost = threading.Event()
        self._keeper = threading.Thread(target=self._keep, daemon=True)

    @property
    def held(self) -> bool:
        """Whether this process may still work on the run, as far as it has heard."""
        return not self._lost.is_set()

    def confirm(self) -> bool:
        """Ask the database whether the run is still ours, and renew the hold on it.

        For the moment before something that cannot be undone: a process that was suspended does
        not know that it was, and somebody else may hold the run by now. Needs no application
        context; must not be called inside an open transaction.
        """
        if self.held and not self._extend():
            self._lost.set()
        return self.held

    def start(self) -> None:
        """Begin to renew the hold."""
        self._keeper.start()

    def stop(self) -> None:
        """Stop renewing; returns once nothing more will be written."""
        self._done.set()
        self._keeper.join()

    def _keep(self) -> None:
        held_until = self._clock() + self._length
        while not self._done.wait(self._length.total_seconds() / RENEWALS_PER_LEASE):
            now = self._clock()
            try:
                renewed = self._extend()
            except SQLAlchemyError:
                # The database may be back before the lease lapses; until then it is still ours.
                renewed = now < held_until
            else:
                held_until = now + self._length
            if not renewed:
                self._lost.set()
                return

    def _extend(self) -> bool:
        with self._engine.begin() as connection:
            result = connection.execute(
                sa.update(self._run)
                .where(self._run.id == self._run_id, self._run.lease_owner == self.owner)
                .values(lease_until=self._clock() + self._length)
            )
        return result.rowcount == 1


@contextmanager
def leased(
    run: type[ExportRun | FollowUpQueue | ImportRun | LoadRun],
    run_id: int,
    *,
    owner: str,
    clock: Callable[[], dt.datetime],
    seconds: int,
) -> Iterator[Lease | None]:
    """Hold an unfinished run while the block works on it.

    Compare and set: of any number of processes one gets the lease, the others get None. It is
    released at the end, so that a run that paused can be taken up at once when it is due.

    Args:
        run: what is worked on; to the lease a queue is a run that may begin again.
        run_id: which.
        owner: a name no other process or thread uses.
        clock: gives the present instant in UTC.
        seconds: how long after its holder's death the run may be taken over.
    """
    length = dt.timedelta(seconds=seconds)
    now = clock()
    with transaction():
        result = cast(
            "CursorResult[Any]",
            db.session.execute(
                sa.update(run)
                .where(
                    run.id == run_id,
                    run.finished_at.is_(None),
                    sa.or_(run.lease_until.is_(None), run.lease_until < now),
                )
                .values(lease_owner=owner, lease_until=now + length)
            ),
        )
    if result.rowcount != 1:
        yield None
        return
    lease = Lease(run, run_id, owner=owner, length=length, clock=clock)
    lease.start()
    try:
        yield lease
    finally:
        lease.stop()
        with transaction():
            db.session.execute(
                sa.update(run)
                .where(run.id == run_id, run.lease_owner == owner)
                .values(lease_owner=None, lease_until=None)
            )
