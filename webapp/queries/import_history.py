"""The imports there were, newest first."""

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from webapp.db import db
from webapp.domain.runs import KindState, RunOrigin, RunState
from webapp.models import FinCo, ImportRun, ImportRunKind, User
from webapp.queries.import_progress import KIND_COLUMNS, KindRow, state_of
from webapp.queries.paging import PAGE_SIZE, Page
from webapp.queries.viewers import Viewer


@dataclass(frozen=True)
class RunRow:
    """One import run, counted by kind."""

    id: int
    fin_co_code: str
    started_at: dt.datetime
    origin: RunOrigin
    started_by: str | None
    full: bool
    finished_at: dt.datetime | None
    kinds: tuple[KindRow, ...]

    @property
    def state(self) -> RunState:
        """What it is doing, or how it ended."""
        return state_of(self.kinds)

    @property
    def only_changes(self) -> bool:
        """Whether anything was asked for only as far as it had changed."""
        return any(kind.modified_since for kind in self.kinds)

    @property
    def calls(self) -> int:
        """How many calls to Xero it took so far."""
        return sum(kind.calls for kind in self.kinds)

    def elapsed_seconds(self, now: dt.datetime) -> int:
        """How long it took, or has taken so far."""
        return max(0, int(((self.finished_at or now) - self.started_at).total_seconds()))


@dataclass(frozen=True)
class AskedRuns:
    """Which of the runs to show."""

    fin_co_id: int | None = None
    origin: RunOrigin | None = None
    with_problems: bool = False
    """Only those in which a kind or a record failed; what is skipped by rule is no problem."""


@dataclass(frozen=True)
class History:
    """A page of runs."""

    runs: tuple[RunRow, ...]
    page: Page


def import_history(viewer: Viewer, asked: AskedRuns, page_number: int) -> History:
    """The runs of the FinCos this person may see, in three statements however many there are."""
    where = _where(viewer, asked)
    total = db.session.scalar(sa.select(sa.func.count()).select_from(ImportRun).where(*where))
    page = Page(page_number, total or 0)
    rows = db.session.execute(
        sa.select(
            ImportRun.id,
            FinCo.code,
            ImportRun.started_at,
            ImportRun.origin,
            User.name,
            ImportRun.full,
            ImportRun.finished_at,
        )
        .join(FinCo, FinCo.id == ImportRun.fin_co_id)
        .outerjoin(User, User.id == ImportRun.started_by_id)
        .where(*where)
        .order_by(ImportRun.id.desc())
        .limit(PAGE_SIZE)
        .offset(page.offset)
    ).all()
    kinds = _kinds([row.id for row in rows])
    return History(tuple(RunRow(*row, kinds=kinds.get(row.id, ())) for row in rows), page)


def _where(viewer: Viewer, asked: AskedRuns) -> list[sa.ColumnElement[bool]]:
    where = [viewer.scope(ImportRun.fin_co_id)]
    if asked.fin_co_id is not None:
        where.append(ImportRun.fin_co_id == asked.fin_co_id)
    if asked.origin:
        where.append(ImportRun.origin == asked.origin)
    if asked.with_problems:
        where.append(
            sa.exists().where(
                ImportRunKind.run_id == ImportRun.id,
                sa.or_(ImportRunKind.state == KindState.FAILED, ImportRunKind.failed > 0),
            )
        )
    return where


def _kinds(run_ids: list[int]) -> dict[int, tuple[KindRow, ...]]:
    found: dict[int, tuple[KindRow, ...]] = {}
    for run_id, *kind in db.session.execute(
        sa.select(ImportRunKind.run_id, *KIND_COLUMNS)
        .where(ImportRunKind.run_id.in_(run_ids))
        .order_by(ImportRunKind.id)
    ):
        found[run_id] = (*found.get(run_id, ()), KindRow(*kind))
    return found
