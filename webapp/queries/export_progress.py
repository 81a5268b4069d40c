"""How an export run stands, batch by batch."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from webapp.db import db
from webapp.domain.batches import BatchStatus, BatchType
from webapp.domain.problems import Problem
from webapp.domain.runs import UNFINISHED, ItemState, RunState, export_state
from webapp.models import Batch, ExportItem, ExportRun, ExportRunBatch, FinCo, User
from webapp.queries.viewers import Viewer

EXAMPLES = 5


@dataclass(frozen=True)
class BatchProgress:
    """One batch of the run: where it stands, and the fate of its documents."""

    number: str
    batch_type: BatchType
    status: BatchStatus
    counts: Mapping[ItemState, int]

    @property
    def total(self) -> int:
        """How many of its documents the run carries."""
        return sum(self.counts.values())


@dataclass(frozen=True)
class Cause:
    """One reason, and the documents it kept from going."""

    message: str
    alike: int
    """How many other messages differ from this one only in the record they name."""
    way_out: str
    documents: int
    examples: tuple[str, ...]


@dataclass(frozen=True)
class ExportProgress:
    """An export run as its rows tell it."""

    id: int
    fin_co_code: str
    started_at: dt.datetime
    started_by: str | None
    finished_at: dt.datetime | None
    resume_at: dt.datetime | None
    pause_reason: str | None
    waits_for_person: bool
    """The pause ends only when somebody does what its reason says."""
    paused_at: dt.datetime | None
    cancelled_at: dt.datetime | None
    state: RunState
    counts: Mapping[ItemState, int]
    batches: tuple[BatchProgress, ...]
    causes: tuple[Cause, ...]

    @property
    def finished(self) -> bool:
        """Whether nothing more will change."""
        return self.finished_at is not None

    @property
    def total(self) -> int:
        """How many documents the run carries."""
        return sum(self.counts.values())

    @property
    def settled(self) -> int:
        """How many of them are decided, whichever way."""
        return sum(count for state, count in self.counts.items() if state not in UNFINISHED)


def export_progress(viewer: Viewer, run_id: int) -> ExportProgress | None:
    """The run, if there is one of that id that this person may see."""
    run = db.session.execute(
        sa.select(
            ExportRun.id,
            FinCo.code,
            ExportRun.started_at,
            User.name,
            ExportRun.finished_at,
            ExportRun.resume_at,
            ExportRun.pause_reason,
            ExportRun.waits_for_person,
            ExportRun.paused_at,
            ExportRun.cancelled_at,
        )
        .join(FinCo, FinCo.id == ExportRun.fin_co_id)
        .outerjoin(User, User.id == ExportRun.started_by_id)
        .where(ExportRun.id == run_id, viewer.scope(ExportRun.fin_co_id))
    ).first()
    if run is None:
        return None
    counts: dict[ItemState, int] = {}
    by_batch: dict[int, dict[ItemState, int]] = {}
    for batch_id, state, count in db.session.execute(
        sa.select(ExportItem.batch_id, ExportItem.state, sa.func.count())
        .where(ExportItem.run_id == run_id)
        .group_by(ExportItem.batch_id, ExportItem.state)
    ):
        counts[state] = counts.get(state, 0) + count
        by_batch.setdefault(batch_id, {})[state] = count
    batches = tuple(
        BatchProgress(number, kind, status, by_batch.get(batch_id, {}))
        for batch_id, number, kind, status in db.session.execute(
            sa.select(Batch.id, Batch.number, Batch.batch_type, Batch.status)
            .join(ExportRunBatch, ExportRunBatch.batch_id == Batch.id)
            .where(ExportRunBatch.run_id == run_id)
            .order_by(ExportRunBatch.id)
        )
    )
    return ExportProgress(
        *run,
        state=export_state(counts, run),
        counts=counts,
        batches=batches,
        causes=_causes(run_id),
    )


def _causes(run_id: int) -> tuple[Cause, ...]:
    """What went wrong, each reason with one way out once, the most frequent first."""
    found: dict[tuple[str, str], list[Problem]] = {}
    for problems in db.session.scalars(
        sa.select(ExportItem.problems)
        .where(
            ExportItem.run_id == run_id,
            ExportItem.state.in_([ItemState.REJECTED, ItemState.BLOCKED]),
        )
        .order_by(ExportItem.id)
    ):
        for problem in map(Problem.from_json, problems):
            found.setdefault((problem.code, problem.way_out), []).append(problem)
    causes = []
    for (_, way_out), members in found.items():
        messages = Counter(problem.message for problem in members)
        records = tuple(dict.fromkeys(problem.record for problem in members))
        causes.append(
            Cause(
                message=messages.most_common(1)[0][0],
                alike=len(messages) - 1,
                way_out=way_out,
                documents=len(records),
                examples=records[:EXAMPLES],
            )
        )
    return tuple(sorted(causes, key=lambda cause: -cause.documents))
