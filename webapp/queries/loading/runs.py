"""The loads of files: how each stands, and all there were."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from webapp.db import db
from webapp.domain.ingest.states import EDITABLE, UNFINISHED, LoadMode, LoadState
from webapp.models import FinCo, LoadProblem, LoadRun, User
from webapp.queries.paging import Page
from webapp.queries.setup.listing import Asked, Column, Table, listing
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


def table(viewer: Viewer, target: str | None = None) -> Table:
    """The loads this person may see, or those of one kind."""
    rows = _joined(sa.select(LoadRun.id)).where(_seen(viewer))
    return Table(
        columns={
            "sent": Column("Sent", LoadRun.uploaded_at),
            "fin_co": Column("Fin Co", FinCo.code),
            "by": Column("By", User.name, searched=True),
            "what": Column("What", LoadRun.target),
            "file": Column("File", LoadRun.file_name, searched=True),
            "new": Column("New", LoadRun.created, numeric=True),
            "changed": Column("Changed", LoadRun.updated, numeric=True),
            "unchanged": Column("As they were", LoadRun.unchanged, numeric=True),
            "bad": Column("Bad", LoadRun.bad, numeric=True),
            "state": Column("How it stands", LoadRun.state),
        },
        rows=rows if target is None else rows.where(LoadRun.target == target),
        key=LoadRun.id,
        fin_co=FinCo.code,
    )


def load_history(found: Table, asked: Asked) -> History:
    """A page of the loads that were asked for, in their order."""
    page = listing(found, asked)
    ids = [int(row.key) for row in page.rows]
    rows = {
        run.id: run
        for run in (LoadRow(*row) for row in db.session.execute(_runs().where(LoadRun.id.in_(ids))))
    }
    return History(tuple(rows[one] for one in ids), page.page)


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
    return _joined(sa.select(*_COLUMNS))


def _joined(selected: sa.Select[Any]) -> sa.Select[Any]:
    return (
        selected.select_from(LoadRun)
        .outerjoin(FinCo, FinCo.id == LoadRun.fin_co_id)
        .outerjoin(User, User.id == LoadRun.started_by_id)
    )


def _seen(viewer: Viewer) -> sa.ColumnElement[bool]:
    # What all FinCos share is loaded, and looked at here, by those who see all of them.
    return viewer.scope(LoadRun.fin_co_id)
