"""What an import run writes about itself as it goes: counts, reasons, how it ended."""

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa

from webapp.db import db, transaction
from webapp.domain.runs import ImportKind, KindState
from webapp.mapping.imports.outcome import Outcome, Rejection
from webapp.models import ImportRun, ImportRunKind
from webapp.services.imports.problems import Standing
from webapp.services.imports.watermarks import INCREMENTAL, Reach, move
from webapp.services.progress import Progress, topic
from webapp.xero.meter import Meter

if TYPE_CHECKING:
    from sqlalchemy.engine import CursorResult


class LeaseLost(Exception):
    """Another process took the run over: what this one still had to do is that one's now."""


class ImportStopped(Exception):
    """A kind cannot go on; ``str()`` says why, in plain words."""


@dataclass(frozen=True)
class Hold:
    """This process's hold on a run, and the meter of its calls to Xero."""

    run_id: int
    fin_co_id: int
    tenant_id: str
    owner: str
    progress: Progress
    clock: Callable[[], dt.datetime]
    meter: Meter = field(default_factory=Meter)

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
        left = self.meter.left_today
        said = {} if left is None else {"calls_left": left}
        result = cast(
            "CursorResult[Any]",
            db.session.execute(
                sa.update(ImportRun).where(*mine).values(lease_owner=self.owner, **said)
            ),
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

    Args:
        hold: of the run.
        kind: which kind.
        kind_id: its row.
        reach: shared by the kinds that are read in one pass.
        counts_calls: whether the calls are this kind's: of kinds read in one pass, the first's.
    """

    def __init__(
        self, hold: Hold, kind: ImportKind, kind_id: int, reach: Reach, *, counts_calls: bool
    ) -> None:
        self._hold = hold
        self._kind = kind
        self._kind_id = kind_id
        self._reach = reach
        self._counts_calls = counts_calls
        self._standing = Standing(
            hold.fin_co_id,
            hold.tenant_id,
            kind,
            kind_id,
            everything=reach.modified_since is None,
        )
        self._calls_before = 0
        self._begun = False
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
            self._calls_before = row.calls - self._hold.meter.calls
            self._begun = True
            row.state = KindState.RUNNING
            row.modified_since = self._reach.modified_since
            self._write_counts()

    @contextmanager
    def step(self) -> Iterator[Counts]:
        """Do one piece of the kind; its counts are stored with it.

        Raises:
            LeaseLost: the run is no longer ours; nothing of the piece was kept.
        """
        before = replace(self.counts)
        try:
            with self._hold.step():
                yield self.counts
                self._write_counts()
        except BaseException:
            self.counts = before
            raise

    def now(self) -> dt.datetime:
        """The present instant, in UTC."""
        return self._hold.clock()

    def saw(self, updated_at: dt.datetime | None) -> None:
        """Take note of how new a record is; the watermark of every kind of the pass follows."""
        self._reach.saw(updated_at)

    def reject(self, rejections: Sequence[Rejection]) -> None:
        """Note what was not brought in; inside a step. A failed record will come again.

        A warning is noted beside its record, which counts as what it was brought in as.
        """
        for rejection in rejections:
            if rejection.outcome is Outcome.SKIPPED:
                self.counts.skipped += 1
            elif rejection.outcome is Outcome.FAILED:
                self.counts.failed += 1
                self._reach.failed(rejection.updated_at)
        self._standing.put(rejections, self.now())

    def note(self, rejections: Sequence[Rejection]) -> None:
        """Note what is no record of this pass and stands outside now; inside a step."""
        self._standing.put(rejections, self.now())

    def came_in(self, record_keys: Collection[str]) -> None:
        """Note that these records, by their ids at Xero, stand outside no more; inside a step."""
        self._standing.remove(record_keys)

    def done(self) -> None:
        """The kind is through: the next run asks for what changed after this."""
        with self._end(KindState.DONE, None):
            if self._reach.modified_since is None:
                self._standing.remove_unmet()
            if self._kind in INCREMENTAL:
                move(
                    self._reach,
                    fin_co_id=self._hold.fin_co_id,
                    tenant_id=self._hold.tenant_id,
                    kind=self._kind,
                    now=self.now(),
                )

    def failed(self, reason: str) -> None:
        """The kind as a whole failed, for this reason; what was stored before stays."""
        with self._end(KindState.FAILED, reason):
            pass

    @contextmanager
    def _end(self, state: KindState, error: str | None) -> Iterator[None]:
        with self._hold.step():
            if self._begun:
                self._write_counts()
            row = db.session.get_one(ImportRunKind, self._kind_id)
            row.state = state
            row.error = error
            row.finished_at = self._hold.clock()
            yield

    def _write_counts(self) -> None:
        written = asdict(self.counts)
        written["unchanged"] = max(0, self.counts.unchanged - self._found_again)
        if self._counts_calls:
            written["calls"] = self._calls_before + self._hold.meter.calls
        db.session.execute(
            sa.update(ImportRunKind).where(ImportRunKind.id == self._kind_id).values(written)
        )


def unfinished_kinds(run_id: int) -> dict[ImportKind, int]:
    """The kinds of a run that are still to be brought in, with their rows' ids."""
    rows = db.session.execute(
        sa.select(ImportRunKind.kind, ImportRunKind.id)
        .where(
            ImportRunKind.run_id == run_id,
            ImportRunKind.state.in_([KindState.PENDING, KindState.RUNNING]),
        )
        .order_by(ImportRunKind.id)
    )
    return {row.kind: row.id for row in rows}
