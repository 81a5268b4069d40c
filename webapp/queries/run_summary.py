"""A run in one value: its state, its counts and what went wrong, for scripts and terminals."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from webapp.db import db
from webapp.domain.runs import (
    ImportKind,
    ItemState,
    KindState,
    RunState,
    export_state,
    import_state,
)
from webapp.models import (
    ExportItem,
    ExportRun,
    ImportProblem,
    ImportRun,
    ImportRunKind,
)
from webapp.queries.run_fates import WORST_FIRST, run_fates

MOST_PROBLEMS = 200
"""Of each kind of an import; nobody reads more of them in a terminal."""


@dataclass(frozen=True)
class RunSummary:
    """One run. ``run`` names it among all runs: ``export-12`` or ``import-3``."""

    run: str
    fin_co: str
    state: RunState
    finished: bool
    counts: Mapping[str, Any]
    """Of an export how many documents are in which state; of an import each kind's numbers."""
    requests: int
    """How many calls to Xero it took, repeats and look-ups included; those for files and notes,
    which follow an export, and for lock dates, which are read before it, are not among them."""
    calls_left: int | None
    """How many calls Xero said were left of the day; None for exports, and while unsaid."""
    problems: tuple[dict[str, Any], ...]
    unlisted: int
    """How many records an import left out beyond those that are listed."""
    waiting_until: dt.datetime | None
    waiting_for: str | None
    waits_for_person: bool
    """Whether the run goes on only once somebody has done what ``waiting_for`` says, or has let
    it go on."""
    did_something: bool
    """Whether at least one document or part of one arrived, or one kind was imported."""


def export_summary(run_id: int) -> RunSummary | None:
    """Summarise an export run; None where there is none of that id."""
    run = db.session.get(ExportRun, run_id, populate_existing=True)
    if run is None:
        return None
    fates = run_fates(run_id)
    counts = fates.counts
    troubled = db.session.execute(
        sa.select(ExportItem.state, ExportItem.problems)
        .where(ExportItem.run_id == run_id, sa.func.json_array_length(ExportItem.problems) > 0)
        .order_by(ExportItem.id)
    ).all()
    return RunSummary(
        run=f"export-{run.id}",
        fin_co=run.fin_co.code,
        state=export_state(counts, run),
        finished=run.finished_at is not None,
        counts={state.value: counts.get(state, 0) for state in ItemState}
        | {"waiting": counts.get(ItemState.PENDING, 0) if run.resume_at else 0},
        requests=run.calls,
        calls_left=None,
        problems=tuple(
            {"outcome": state.value, **problem}
            for state, problems in sorted(troubled, key=lambda row: WORST_FIRST.index(row.state))
            for problem in problems
        ),
        unlisted=0,
        waiting_until=run.resume_at,
        waiting_for=run.pause_reason,
        waits_for_person=run.waits_for_person or run.paused_at is not None,
        did_something=fates.parts_sent > 0,
    )


def import_summary(run_id: int) -> RunSummary | None:
    """Summarise an import run; None where there is none of that id."""
    run = db.session.scalar(
        sa.select(ImportRun)
        .where(ImportRun.id == run_id)
        .options(selectinload(ImportRun.kinds))
        .execution_options(populate_existing=True)
    )
    if run is None:
        return None
    states: dict[KindState, int] = {}
    for kind in run.kinds:
        states[kind.state] = states.get(kind.state, 0) + 1
    return RunSummary(
        run=f"import-{run.id}",
        fin_co=run.fin_co.code,
        state=import_state(states),
        finished=run.finished_at is not None,
        counts={kind.kind.value: _kind_counts(kind) for kind in run.kinds},
        requests=sum(kind.calls for kind in run.kinds),
        calls_left=run.calls_left,
        problems=tuple(problem for kind in run.kinds for problem in _kind_problems(kind)),
        unlisted=sum(max(0, _left_out(kind) - MOST_PROBLEMS) for kind in run.kinds),
        waiting_until=None,
        waiting_for=None,
        waits_for_person=False,
        did_something=bool(states.get(KindState.DONE)),
    )


def _kind_counts(kind: ImportRunKind) -> dict[str, Any]:
    return {
        "state": kind.state.value,
        "fetched": kind.fetched,
        "created": kind.created,
        "updated": kind.updated,
        "unchanged": kind.unchanged,
        "skipped": kind.skipped,
        "failed": kind.failed,
        "calls": kind.calls,
    }


def _left_out(kind: ImportRunKind) -> int:
    found = db.session.scalar(
        sa.select(sa.func.count()).where(ImportProblem.run_kind_id == kind.id)
    )
    return found or 0


def _kind_problems(kind: ImportRunKind) -> list[dict[str, Any]]:
    named: ImportKind = kind.kind
    whole = (
        [{"outcome": "failed", "kind": named.value, "message": kind.error}] if kind.error else []
    )
    left_out: Sequence[ImportProblem] = db.session.scalars(
        sa.select(ImportProblem)
        .where(ImportProblem.run_kind_id == kind.id)
        .order_by(ImportProblem.outcome, ImportProblem.id)
        .limit(MOST_PROBLEMS)
    ).all()
    return whole + [
        {
            "outcome": problem.outcome,
            "kind": named.value,
            "record": problem.name,
            "message": problem.reason,
        }
        for problem in left_out
    ]
