"""How an import run stands, kind by kind."""

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from webapp.db import db
from webapp.domain.left_out import BY_SLUG, Cause
from webapp.domain.runs import ImportKind, KindState, RunOrigin, RunState, import_state
from webapp.models import FinCo, ImportProblem, ImportRun, ImportRunKind, User, XeroConnection
from webapp.queries.import_left_out import CAUSE_OF
from webapp.queries.viewers import Viewer

MOST_PROBLEMS = 10
"""More are counted, not listed: the page of what is left out has them all."""


@dataclass(frozen=True)
class KindRow:
    """One kind of record of a run, counted."""

    kind: ImportKind
    state: KindState
    fetched: int
    created: int
    updated: int
    unchanged: int
    skipped: int
    failed: int
    calls: int
    modified_since: dt.datetime | None
    """Since when changes were asked for; None where everything was read."""
    started_at: dt.datetime | None
    finished_at: dt.datetime | None
    error: str | None

    @property
    def left_out(self) -> int:
        """How many records the run met and did not bring in."""
        return self.skipped + self.failed

    def elapsed_seconds(self, now: dt.datetime) -> int | None:
        """How long it took, or has taken so far."""
        if self.started_at is None:
            return None
        return max(0, int(((self.finished_at or now) - self.started_at).total_seconds()))


KIND_COLUMNS = tuple(getattr(ImportRunKind, name) for name in KindRow.__dataclass_fields__)


@dataclass(frozen=True)
class ProblemRow:
    """A record that was left out, and why."""

    kind: ImportKind
    outcome: str
    name: str
    reason: str
    xero_id: str | None
    cause: Cause


@dataclass(frozen=True)
class ImportProgress:
    """An import run as its rows tell it."""

    id: int
    fin_co_code: str
    started_at: dt.datetime
    origin: RunOrigin
    started_by: str | None
    full: bool
    calls_left: int | None
    finished_at: dt.datetime | None
    short_code: str | None
    state: RunState
    kinds: tuple[KindRow, ...]
    problems: tuple[ProblemRow, ...]
    """The first of what this run left out, once it has ended."""

    @property
    def finished(self) -> bool:
        """Whether nothing more will change."""
        return self.finished_at is not None

    @property
    def problem_count(self) -> int:
        """How many records were left out, listed or not."""
        return sum(kind.left_out for kind in self.kinds)

    @property
    def failed_count(self) -> int:
        """How many of these somebody has to put right."""
        return sum(kind.failed for kind in self.kinds)

    @property
    def calls(self) -> int:
        """How many calls to Xero it took so far."""
        return sum(kind.calls for kind in self.kinds)

    def elapsed_seconds(self, now: dt.datetime) -> int:
        """How long it took, or has taken so far."""
        return max(0, int(((self.finished_at or now) - self.started_at).total_seconds()))


def import_progress(viewer: Viewer, run_id: int) -> ImportProgress | None:
    """The run, if there is one of that id that this person may see."""
    run = db.session.execute(
        sa.select(
            ImportRun.id,
            FinCo.code,
            ImportRun.started_at,
            ImportRun.origin,
            User.name,
            ImportRun.full,
            ImportRun.calls_left,
            ImportRun.finished_at,
            XeroConnection.short_code,
        )
        .join(FinCo, FinCo.id == ImportRun.fin_co_id)
        .outerjoin(User, User.id == ImportRun.started_by_id)
        .outerjoin(
            XeroConnection,
            sa.and_(
                XeroConnection.fin_co_id == ImportRun.fin_co_id,
                XeroConnection.tenant_id == ImportRun.tenant_id,
            ),
        )
        .where(ImportRun.id == run_id, viewer.scope(ImportRun.fin_co_id))
    ).first()
    if run is None:
        return None
    kinds = tuple(
        KindRow(*row)
        for row in db.session.execute(
            sa.select(*KIND_COLUMNS)
            .where(ImportRunKind.run_id == run_id)
            .order_by(ImportRunKind.id)
        )
    )
    return ImportProgress(
        *run,
        state=state_of(kinds),
        kinds=kinds,
        problems=_first_problems(run_id) if run.finished_at else (),
    )


def state_of(kinds: tuple[KindRow, ...]) -> RunState:
    """The state of the run that these kinds are of."""
    counts: dict[KindState, int] = {}
    for kind in kinds:
        counts[kind.state] = counts.get(kind.state, 0) + 1
    return import_state(counts)


def _first_problems(run_id: int) -> tuple[ProblemRow, ...]:
    rows = db.session.execute(
        sa.select(
            ImportProblem.kind,
            ImportProblem.outcome,
            ImportProblem.name,
            ImportProblem.reason,
            ImportProblem.xero_id,
            CAUSE_OF,
        )
        .join(ImportRunKind, ImportRunKind.id == ImportProblem.run_kind_id)
        .where(ImportRunKind.run_id == run_id)
        .order_by(ImportProblem.outcome, ImportRunKind.id, ImportProblem.id)
        .limit(MOST_PROBLEMS)
    )
    return tuple(
        ProblemRow(row.kind, row.outcome, row.name, row.reason, row.xero_id, BY_SLUG[row.slug])
        for row in rows
    )
