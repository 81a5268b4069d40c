"""What an import run writes about itself as it goes: counts, reasons, how it ended."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa

from webapp.db import db, transaction
from webapp.domain.runs import ImportKind, KindState
from webapp.mapping.imports.outcome import Outcome, Rejection
from webapp.models import ImportProblem, ImportRun, ImportRunKind
from webapp.services.progress import Progress, topic

if TYPE_CHECKING:
    from sqlalchemy.engine import CursorResult


class LeaseLost(Exception):
    """Another process took the run over: what this one still had to do is that one's now."""


class ImportStopped(Exception):
    """A kind cannot go on; ``str()`` says why, in plain words."""


@dataclass(frozen=True)
class Hold:
    """This process's hold on a run."""

    run_id: int
    owner: str
    progress: Progress
    clock: Callable[[], dt.datetime]

    @contextmanager
    def step(self) -> Iterator[None]:
        """Do one piece of the run, all of it or nothing, and wake its watchers.

        Raises:
            LeaseLost: the run is no longer ours; nothing of the piece was kept.
        """
        with transaction():
            self._confirm()
            yield
        self.progress.changed(topic("import", self.run_id))

    def _confirm(self) -> None:
        # Checked in the same transaction as the work: a process that slept through its lease
        # cannot write into a run that another has taken over.
        mine = (ImportRun.id == self.run_id, ImportRun.lease_owner == self.owner)
        result = cast(
            "CursorResult[Any]",
            db.session.execute(sa.update(ImportRun).where(*mine).values(lease_owner=self.owner)),
        )
        if result.rowcount != 1:
            raise LeaseLost


@dataclass
class Counts:
    """How many records of a kind came to which end."""

    fetched: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: int = 0
    failed: int = 0


class KindLog:
    """The record of one kind of a run.

    When a run is taken over, the kind that was under way starts again. What was made before is
    then found as it should be; it goes on counting as made, not as unchanged.
    """

    def __init__(self, hold: Hold, kind_id: int) -> None:
        self._hold = hold
        self._kind_id = kind_id
        self.counts = Counts()
        self._found_again = 0

    def begin(self) -> None:
        """Set the kind going, from the start."""
        with self._hold.step():
            row = db.session.get_one(ImportRunKind, self._kind_id)
            if row.state is KindState.RUNNING:
                self.counts = Counts(created=row.created, updated=row.updated)
                self._found_again = row.created + row.updated
            else:
                row.started_at = self._hold.clock()
            row.state = KindState.RUNNING
            db.session.execute(
                sa.delete(ImportProblem).where(ImportProblem.run_kind_id == self._kind_id)
            )
            self._write_counts()

    @contextmanager
    def step(self) -> Iterator[Counts]:
        """Do one piece of the kind; its counts are stored with it.

        Raises:
            LeaseLost: the run is no longer ours; nothing of the piece was kept.
        """
        with self._hold.step():
            yield self.counts
            self._write_counts()

    def now(self) -> dt.datetime:
        """The present instant, in UTC."""
        return self._hold.clock()

    def reject(self, rejections: Sequence[Rejection]) -> None:
        """Note what was not brought in; inside a step."""
        for rejection in rejections:
            if rejection.outcome is Outcome.SKIPPED:
                self.counts.skipped += 1
            else:
                self.counts.failed += 1
        if rejections:
            db.session.execute(
                sa.insert(ImportProblem),
                [
                    {
                        "run_kind_id": self._kind_id,
                        "outcome": rejection.outcome.value,
                        "name": rejection.name[:500],
                        "xero_id": rejection.xero_id,
                        "reason": rejection.reason[:500],
                    }
                    for rejection in rejections
                ],
            )

    def done(self) -> None:
        """The kind is through."""
        self._end(KindState.DONE, None)

    def failed(self, reason: str) -> None:
        """The kind as a whole failed, for this reason; what was stored before stays."""
        self._end(KindState.FAILED, reason)

    def _end(self, state: KindState, error: str | None) -> None:
        with self._hold.step():
            row = db.session.get_one(ImportRunKind, self._kind_id)
            row.state = state
            row.error = error
            row.finished_at = self._hold.clock()

    def _write_counts(self) -> None:
        written = asdict(self.counts)
        written["unchanged"] = max(0, self.counts.unchanged - self._found_again)
        db.session.execute(
            sa.update(ImportRunKind).where(ImportRunKind.id == self._kind_id).values(written)
        )


def unfinished_kinds(run_id: int) -> list[tuple[int, ImportKind]]:
    """The kinds of a run that are still to be brought in, in their order, with their rows' ids."""
    rows = db.session.execute(
        sa.select(ImportRunKind.id, ImportRunKind.kind)
        .where(
            ImportRunKind.run_id == run_id,
            ImportRunKind.state.in_([KindState.PENDING, KindState.RUNNING]),
        )
        .order_by(ImportRunKind.id)
    )
    return [(row.id, row.kind) for row in rows]
