"""Loads a file that was mapped, in the background and under a lease."""

import csv
import datetime as dt
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa
import structlog
from sqlalchemy.exc import IntegrityError, OperationalError

from webapp.db import db, transaction
from webapp.domain.ingest.cells import shown
from webapp.domain.ingest.errors import FileRefused
from webapp.domain.ingest.states import UNFINISHED, LoadMode, LoadState
from webapp.domain.spreadsheets import defused
from webapp.models import LoadProblem, LoadRun
from webapp.services import audit
from webapp.services.documents.open_batches import hold_fin_co
from webapp.services.errors import NotAllowedNow, ServiceError
from webapp.services.lease import leased
from webapp.services.loading.engine import Engine, Tally, engine
from webapp.services.loading.judging import Loader, Outcome
from webapp.services.loading.loaders import loader_of, target_of
from webapp.services.loading.pace import Pace
from webapp.services.loading.receiving import editable, mapping_of, spool_of
from webapp.services.loading.tables import opened
from webapp.services.progress import Progress, topic

if TYPE_CHECKING:
    from sqlalchemy.engine import CursorResult

log = structlog.get_logger(__name__)

KEPT_PROBLEMS = 1000
REASON = "Why it was not loaded"
_UNEXPECTED = (
    "Something unexpected came up. What was stored before it stays; hand the file in again to "
    "load the rest."
)


class _HasBadRows(Exception):
    """The file was to be loaded whole, and cannot be."""


class _LeaseLost(Exception):
    """Another process has the run by now."""


def start_load(
    run_id: int,
    *,
    mode: LoadMode,
    user_id: int | None,
    source: str,
    now: dt.datetime,
    after_commit: Callable[[int], object],
) -> None:
    """Have a file loaded that was mapped.

    Args:
        run_id: its run.
        mode: what becomes of good rows where there are bad ones.
        user_id: who asked.
        source: from where, for the audit log.
        now: the present instant.
        after_commit: called with the run's id once it is queued.

    Raises:
        NotFound: there is no such run.
        NotAllowedNow: it has no mapping yet, or was started already.
    """
    with transaction() as unit:
        run = editable(run_id)
        if run.state is LoadState.UPLOADED:
            raise NotAllowedNow("Nobody has said yet how the file reads.", "Map its columns first.")
        run.state, run.mode = LoadState.QUEUED, mode
        run.started_by_id, run.started_at = user_id, now
        audit.record(
            at=now,
            user_id=user_id,
            fin_co_id=run.fin_co_id,
            action="load file",
            source=source,
            detail={
                "file": run.file_name,
                "target": run.target,
                "sha256": run.sha256,
                "mode": mode.value,
            },
        )
        unit.after_commit(lambda: after_commit(run_id))


def due_loads(now: dt.datetime) -> list[int]:
    """Queued runs, and those whose worker is gone, oldest first."""
    return list(
        db.session.scalars(
            sa.select(LoadRun.id)
            .where(
                LoadRun.state.in_(UNFINISHED),
                sa.or_(LoadRun.lease_until.is_(None), LoadRun.lease_until < now),
            )
            .order_by(LoadRun.id)
        )
    )


def bad_rows_path(run: LoadRun) -> Path:
    """Where the bad rows of a run lie once it is finished."""
    return Path(f"{run.stored_path}.bad.csv")


def bad_rows_file(run_id: int) -> Path | None:
    """The bad rows of a finished run as a CSV file with a reason column; None without any."""
    path = bad_rows_path(db.session.get_one(LoadRun, run_id))
    return path if path.exists() else None


def run_load(
    progress: Progress,
    *,
    run_id: int,
    owner: str,
    clock: Callable[[], dt.datetime],
    lease_seconds: int,
) -> None:
    """Load a file that was queued, or go on where a worker was killed.

    Args:
        progress: wakes whoever watches the run.
        run_id: which run; one that is finished is left alone.
        owner: a name no other process or thread uses.
        clock: gives the present instant in UTC.
        lease_seconds: how long after this process's death another may take over.
    """
    with leased(LoadRun, run_id, owner=owner, clock=clock, seconds=lease_seconds) as lease:
        if lease is None:
            return
        run = db.session.get_one(LoadRun, run_id)
        if run.state not in UNFINISHED:
            return
        work = _Work(run, progress, owner, clock)
        try:
            work.carry_on()
        except _LeaseLost:
            log.warning("load.taken_over", run=run_id)
        except FileRefused as refused:
            work.refuse(f"{refused.message} {refused.way_out}")
        except ServiceError as error:
            work.refuse(f"{error.message} {error.way_out}")
        except IntegrityError:
            log.exception("load.collided", run=run_id)
            work.refuse(
                "Somebody entered some of the same records at the same moment. Hand the file in "
                "again: what is there by then is left as it is."
            )
        except OperationalError:
            raise
        except Exception:
            log.exception("load.broke", run=run_id)
            work.refuse(_UNEXPECTED)


class _Work:
    """One process's work on one run."""

    def __init__(
        self, run: LoadRun, progress: Progress, owner: str, clock: Callable[[], dt.datetime]
    ) -> None:
        self._id = run.id
        self._path = Path(run.stored_path)
        self._spool = spool_of(run)
        self._bad = bad_rows_path(run)
        self._mode = run.mode
        self._position = run.position
        self._target = target_of(run.target)
        self._mapping = mapping_of(run)
        self._fin_co_id = run.fin_co_id
        self._user_id = run.started_by_id
        self._result = dict(run.result or {})
        self._counts = {one: getattr(run, one.value) for one in Outcome}
        self._progress = progress
        self._owner = owner
        self._clock = clock

    def carry_on(self) -> None:
        """Load what is not loaded yet."""
        self._save(state=LoadState.RUNNING)
        loader = loader_of(
            self._target,
            self._fin_co_id,
            self._mapping,
            user_id=self._user_id,
            source="load of a file",
            now=self._clock(),
        )
        loader.resume(self._result)
        with engine(self._path, self._spool, self._target, self._mapping, loader) as work:
            rows, records = work.read(lambda count: self._save(rows=count))
            work.spool.forget_bad(self._position)
            self._save(rows=rows, records=records)
            if self._mode is LoadMode.WHOLE:
                self._whole(work, loader)
            else:
                self._good_rows(work, loader)
        self._clean_up()

    def refuse(self, error: str) -> None:
        """End the run without anything of what was open."""
        with suppress(_LeaseLost):
            self._save(state=LoadState.REFUSED, error=error, finished_at=self._clock())
            self._clean_up()

    def _whole(self, work: Engine, loader: Loader) -> None:
        tally = Tally()
        try:
            with transaction():
                self._hold()
                position = 0
                while verdicts := work.judged(position):
                    tally.add(verdicts)
                    if not tally.outcomes[Outcome.BAD]:
                        loader.write(verdicts)
                    position = verdicts[-1].record.position
                _refuse_bad(tally)
                counts = {one.value: count for one, count in tally.outcomes.items()}
                result = {**loader.result(), **self._totals(tally)}
                self._update(
                    **counts, position=position, result=result, **self._ended(LoadState.DONE)
                )
        except _HasBadRows:
            bad = tally.outcomes[Outcome.BAD]
            rows = work.spool.bad_rows()
            self._write_bad_rows(work)
            self._finish(
                work,
                bad=bad,
                bad_rows=rows,
                error=f"{rows:,} rows are bad, so nothing of the file was stored. Correct them and "
                "hand the file in again, or choose to load the good rows now.",
                **self._ended(LoadState.REFUSED),
            )
        self._told()

    def _good_rows(self, work: Engine, loader: Loader) -> None:
        position = self._position
        pace = Pace()
        while True:
            with transaction():
                self._hold()
                verdicts = work.judged(position)
                if not verdicts:
                    break
                loader.write([one for one in verdicts if one.outcome is not Outcome.BAD])
                position = verdicts[-1].record.position
                tally = Tally()
                tally.add(verdicts)
                for one, count in tally.outcomes.items():
                    self._counts[one] += count
                self._result = {**self._result, **loader.result(), **self._totals(tally)}
                self._update(
                    **{one.value: count for one, count in self._counts.items()},
                    position=position,
                    result=self._result,
                )
            self._told()
            pace.give_way()
        self._write_bad_rows(work)
        self._finish(work, bad_rows=work.spool.bad_rows(), **self._ended(LoadState.DONE))
        self._told()

    def _hold(self) -> None:
        """Let whoever enters records of this FinCo meanwhile wait, so that none is there twice."""
        if self._fin_co_id is not None:
            hold_fin_co(self._fin_co_id)

    def _totals(self, tally: Tally) -> dict[str, str]:
        """The totals of the documents made so far, ex GST and of GST, as texts."""
        if not self._target.is_documents:
            return {}
        so_far = {"value_ex_gst": tally.value, "gst": tally.gst}
        return {
            name: str(amount + type(amount)(self._result.get(name, "0")))
            for name, amount in so_far.items()
        }

    def _ended(self, state: LoadState) -> dict[str, Any]:
        return {"state": state, "finished_at": self._clock()}

    def _finish(self, work: Engine, **columns: Any) -> None:
        problems = work.spool.problems(KEPT_PROBLEMS)
        with transaction():
            self._update(**columns)
            if problems:
                db.session.execute(
                    sa.insert(LoadProblem),
                    [
                        {
                            "run_id": self._id,
                            "row_number": one.row,
                            "column": one.column and one.column[:200],
                            "value": one.value,
                            "reason": one.reason[:500],
                        }
                        for one in problems
                    ],
                )

    def _write_bad_rows(self, work: Engine) -> None:
        """Copy the bad rows as they stand in the file, each with all its reasons."""
        reasons = work.spool.reasons()
        row, reason = next(reasons, (0, ""))
        if not row:
            return
        with (
            opened(self._path, self._mapping) as table,
            self._bad.open("w", encoding="utf-8-sig", newline="") as file,
        ):
            out = csv.writer(file)
            out.writerow([*(defused(one) for one in table.headings), REASON])
            for number, cells in table.rows:
                if number == row:
                    texts = [shown(cell) for cell in cells[: len(table.headings)]]
                    out.writerow([*(defused(one) for one in texts), defused(reason)])
                    row, reason = next(reasons, (0, ""))

    def _save(self, **columns: Any) -> None:
        with transaction():
            self._update(**columns)
        self._told()

    def _update(self, **columns: Any) -> None:
        """Write to the run, in the open transaction, as long as it is ours."""
        result = cast(
            "CursorResult[Any]",
            db.session.execute(
                sa.update(LoadRun)
                .where(LoadRun.id == self._id, LoadRun.lease_owner == self._owner)
                .values(**columns)
                .execution_options(synchronize_session=False)
            ),
        )
        if result.rowcount != 1:
            raise _LeaseLost

    def _told(self) -> None:
        self._progress.changed(topic("load", self._id))

    def _clean_up(self) -> None:
        """Remove the file, which whoever sent it has, too; its bad rows stay for a while."""
        for path in (self._spool, self._path):
            with suppress(OSError):
                path.unlink(missing_ok=True)


def _refuse_bad(tally: Tally) -> None:
    if tally.outcomes[Outcome.BAD]:
        raise _HasBadRows
