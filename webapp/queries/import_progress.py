"""How an import run stands, kind by kind."""

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from webapp.db import db
from webapp.domain.runs import ImportKind, KindState, RunOrigin, RunState, import_state
from webapp.models import FinCo, ImportProblem, ImportRun, ImportRunKind, User
from webapp.queries.viewers import Viewer

MOST_PROBLEMS = 200
"""More are counted, not listed: nobody reads them on one page."""


@dataclass(frozen=True)
class KindRow:
    """One kind of record of the run, counted."""

    kind: ImportKind
    state: KindState
    fetched: int
    created: int
    updated: int
    unchanged: int
    skipped: int
    failed: int
    started_at: dt.datetime | None
    finished_at: dt.datetime | None
    error: str | None

    def elapsed_seconds(self, now: dt.datetime) -> int | None:
        """How long it took, or has taken so far."""
        if self.started_at is None:
            return None
        return max(0, int(((self.finished_at or now) - self.started_at).total_seconds()))


@dataclass(frozen=True)
class ProblemRow:
    """A record that was left out, and why."""

    kind: ImportKind
    outcome: str
    name: str
    reason: str


@dataclass(frozen=True)
class ImportProgress:
    """An import run as its rows tell it."""

    id: int
    fin_co_code: str
    started_at: dt.datetime
    origin: RunOrigin
    started_by: str | None
    finished_at: dt.datetime | None
    state: RunState
    kinds: tuple[KindRow, ...]
    problems: tuple[ProblemRow, ...]

    @property
    def finished(self) -> bool:
        """Whether nothing more will change."""
        return self.finished_at is not None

    @property
    def problem_count(self) -> int:
        """How many records were left out, listed or not."""
        return sum(kind.skipped + kind.failed for kind in self.kinds)

    @property
    def changed(self) -> int:
        """How many records are new or different here because of this run."""
        return sum(kind.created + kind.updated for kind in self.kinds)


def import_progress(viewer: Viewer, run_id: int) -> ImportProgress | None:
    """The run, if there is one of that id that this person may see."""
    run = db.session.execute(
        sa.select(
            ImportRun.id,
            FinCo.code,
            ImportRun.started_at,
            ImportRun.origin,
            User.name,
            ImportRun.finished_at,
        )
        .join(FinCo, FinCo.id == ImportRun.fin_co_id)
        .outerjoin(User, User.id == ImportRun.started_by_id)
        .where(ImportRun.id == run_id, viewer.scope(ImportRun.fin_co_id))
    ).first()
    if run is None:
        return None
    kinds = tuple(
        KindRow(*row)
        for row in db.session.execute(
            sa.select(
                ImportRunKind.kind,
                ImportRunKind.state,
                ImportRunKind.fetched,
                ImportRunKind.created,
                ImportRunKind.updated,
                ImportRunKind.unchanged,
                ImportRunKind.skipped,
                ImportRunKind.failed,
                ImportRunKind.started_at,
                ImportRunKind.finished_at,
                ImportRunKind.error,
            )
            .where(ImportRunKind.run_id == run_id)
            .order_by(ImportRunKind.id)
        )
    )
    problems = tuple(
        ProblemRow(*row)
        for row in db.session.execute(
            sa.select(
                ImportRunKind.kind,
                ImportProblem.outcome,
                ImportProblem.name,
                ImportProblem.reason,
            )
            .join(ImportRunKind, ImportRunKind.id == ImportProblem.run_kind_id)
            .where(ImportRunKind.run_id == run_id)
            .order_by(ImportProblem.outcome, ImportRunKind.id, ImportProblem.id)
            .limit(MOST_PROBLEMS)
        )
    )
    counts: dict[KindState, int] = {}
    for kind in kinds:
        counts[kind.state] = counts.get(kind.state, 0) + 1
    return ImportProgress(*run, state=import_state(counts), kinds=kinds, problems=problems)
