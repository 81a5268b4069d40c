"""The loads of files: how each stands, and all there were."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from webapp.db import db
from webapp.domain.ingest.states import EDITABLE, UNFINISHED, LoadMode, LoadState
from webapp.models import FinCo, LoadProblem, LoadRun, User
from webapp.queries.paging import PAGE_SIZE, Page
from webapp.queries.viewers import Viewer

MOST_PROBLEMS = 100
"""More are counted, not listed: the file of bad rows has them all."""


@dataclass(frozen=True)
class LoadRow:
    """A file as its load stands. Counts are of records, ``rows`` and ``bad_rows`` of rows."""

    id: int
    target: str
    fin_co_id: int | None
    fin_co_code: str | None
    file_name: str
    size: int
    stored_path: str
    state: LoadState
    mode: LoadMode | None
    settings: Mapping[str, Any] | None
    rows: int
    records: int
    position: int
    created: int
    updated: int
    unchanged: int
    bad: int
    bad_rows: int
    result: Mapping[str, Any] | None
    started_by: str | None
    uploaded_at: dt.datetime
    started_at: dt.datetime | None
    finished_at: dt.datetime | None
    error: str | None

    @property
    def finished(self) -> bool:
        """Whether nothing more will change."""
        return self.finished_at is not None

    @property
    def editable(self) -> bool:
        """Whether it is not loaded yet, and its mapping may change."""
        return self.state in EDITABLE

    @property
    def running(self) -> bool:
        """Whether a worker has it, or shall have it."""
        return self.state in UNFINISHED

    def elapsed_seconds(self, now: dt.datetime) -> int:
        """How long it took, or has taken so far."""
        began = self.started_at or self.uploaded_at
        return max(0, int(((self.finished_at or now) - began).total_seconds()))


_COLUMNS = (
    LoadRun.id,
    LoadRun.target,
    LoadRun.fin_co_id,
    FinCo.code,
    LoadRun.file_name,
    LoadRun.size,
    LoadRun.stored_path,
    LoadRun.state,
    LoadRun.mode,
    LoadRun.settings,
    LoadRun.rows,
    LoadRun.records,
    LoadRun.position,
    LoadRun.created,
    LoadRun.updated,
    LoadRun.unchanged,
    LoadRun.bad,
    LoadRun.bad_rows,
    LoadRun.result,
    User.name,
    LoadRun.uploaded_at,
    LoadRun.started_at,
    LoadRun.finished_at,
    LoadRun.error,
)


@dataclass(frozen=True)
class ProblemRow:
    """Why a row did not go in."""

    row: int
    column: str | None
    value: str | None
    reason: str


@dataclass(frozen=True)
class History:
    """A page of loads."""

    runs: tuple[LoadRow, ...]
    page: Page


def load_run(viewer: Viewer, run_id: int) -> LoadRow | None:
    """The load of that id, if this person may see it."""
    found = db.session.execute(_runs().where(LoadRun.id == run_id, _seen(viewer))).first()
    return LoadRow(*found) if found else None


def load_history(viewer: Viewer, fin_co_id: int | None, page_number: int) -> History:
    """The loads this person may see, newest first."""
    where = [_seen(viewer)]
    if fin_co_id is not None:
        where.append(LoadRun.fin_co_id == fin_co_id)
    total = db.session.scalar(sa.select(sa.func.count()).select_from(LoadRun).where(*where))
    page = Page(page_number, total or 0)
    rows = db.session.execute(
        _runs().where(*where).order_by(LoadRun.id.desc()).limit(PAGE_SIZE).offset(page.offset)
    )
    return History(tuple(LoadRow(*row) for row in rows), page)


def load_problems(run_id: int) -> tuple[ProblemRow, ...]:
    """The first rows of a load that did not go in, in the order of the file."""
    rows = db.session.execute(
        sa.select(LoadProblem.row_number, LoadProblem.column, LoadProblem.value, LoadProblem.reason)
        .where(LoadProblem.run_id == run_id)
        .order_by(LoadProblem.row_number, LoadProblem.id)
        .limit(MOST_PROBLEMS)
    )
    return tuple(ProblemRow(*row) for row in rows)


def _runs() -> sa.Select[Any]:
    return (
        sa.select(*_COLUMNS)
        .select_from(LoadRun)
        .outerjoin(FinCo, FinCo.id == LoadRun.fin_co_id)
        .outerjoin(User, User.id == LoadRun.started_by_id)
    )


def _seen(viewer: Viewer) -> sa.ColumnElement[bool]:
    # What all FinCos share is loaded, and looked at here, by those who see all of them.
    return viewer.scope(LoadRun.fin_co_id)
