"""Export and import runs, and the documents of an export."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from webapp.db import db
from webapp.domain.documents import DocumentKind
from webapp.domain.problems import Problem
from webapp.domain.runs import (
    ImportKind,
    ItemState,
    KindState,
    RunOrigin,
    RunState,
    export_state,
    import_state,
)
from webapp.models import (
    Batch,
    Document,
    ExportItem,
    ExportRun,
    ExportRunBatch,
    FinCo,
    ImportRun,
    ImportRunKind,
)
from webapp.queries.api.listing import Listed, listed
from webapp.queries.run_fates import run_fates
from webapp.queries.viewers import Viewer


@dataclass(frozen=True)
class ExportRunRow:
    """One export run; ``counts`` say how many of its documents are in which state."""

    id: int
    fin_co: str
    state: RunState
    started_at: dt.datetime
    finished_at: dt.datetime | None
    waiting_until: dt.datetime | None
    waiting_for: str | None
    waits_for_person: bool
    paused_at: dt.datetime | None
    cancelled_at: dt.datetime | None
    batches: tuple[str, ...]
    counts: Mapping[str, int]


@dataclass(frozen=True)
class ItemRow:
    """One document of an export run, or one part of it. ``total`` includes GST, in ``currency``."""

    document: str
    kind: DocumentKind
    number: str
    part: int
    batch: str
    currency: str
    total: Decimal
    state: ItemState
    xero_id: str | None
    xero_status: str | None
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class KindRow:
    """One kind of record of an import run, counted."""

    kind: ImportKind
    state: KindState
    fetched: int
    created: int
    updated: int
    unchanged: int
    skipped: int
    failed: int
    error: str | None


@dataclass(frozen=True)
class ImportRunRow:
    """One import run."""

    id: int
    fin_co: str
    state: RunState
    origin: RunOrigin
    started_at: dt.datetime
    finished_at: dt.datetime | None
    kinds: tuple[KindRow, ...]


def export_runs(
    viewer: Viewer, *, fin_co: str | None, limit: int, offset: int
) -> Listed[ExportRunRow]:
    """A page of the export runs, the newest first."""
    statement = _exports(viewer)
    if fin_co is not None:
        statement = statement.where(ExportRun.fin_co.has(FinCo.code == fin_co))
    return listed(statement, [ExportRun.id.desc()], _export, limit=limit, offset=offset)


def export_run(viewer: Viewer, run_id: int) -> ExportRunRow | None:
    """The export run of that id, if it may be seen."""
    run = db.session.scalar(
        _exports(viewer).where(ExportRun.id == run_id).execution_options(populate_existing=True)
    )
    return _export(run) if run else None


def export_items(
    run_id: int, *, state: ItemState | None, limit: int, offset: int
) -> Listed[ItemRow]:
    """A page of the documents of a run. The caller checked the scope."""
    statement = (
        sa.select(ExportItem)
        .where(ExportItem.run_id == run_id)
        .options(joinedload(ExportItem.document).joinedload(Document.batch))
    )
    if state is not None:
        statement = statement.where(ExportItem.state == state)
    return listed(statement, [ExportItem.id], _item, limit=limit, offset=offset)


def import_runs(
    viewer: Viewer, *, fin_co: str | None, limit: int, offset: int
) -> Listed[ImportRunRow]:
    """A page of the import runs, the newest first."""
    statement = _imports(viewer)
    if fin_co is not None:
        statement = statement.where(ImportRun.fin_co.has(FinCo.code == fin_co))
    return listed(statement, [ImportRun.id.desc()], _import, limit=limit, offset=offset)


def import_run(viewer: Viewer, run_id: int) -> ImportRunRow | None:
    """The import run of that id, if it may be seen."""
    run = db.session.scalar(
        _imports(viewer).where(ImportRun.id == run_id).execution_options(populate_existing=True)
    )
    return _import(run) if run else None


def _exports(viewer: Viewer) -> sa.Select[ExportRun]:
    return (
        sa.select(ExportRun)
        .where(viewer.scope(ExportRun.fin_co_id))
        .options(
            joinedload(ExportRun.fin_co),
            selectinload(ExportRun.batches)
            .joinedload(ExportRunBatch.batch)
            .load_only(Batch.number),
        )
    )


def _export(run: ExportRun) -> ExportRunRow:
    counts = run_fates(run.id).counts
    return ExportRunRow(
        id=run.id,
        fin_co=run.fin_co.code,
        state=export_state(counts, run),
        started_at=run.started_at,
        finished_at=run.finished_at,
        waiting_until=run.resume_at,
        waiting_for=run.pause_reason,
        waits_for_person=run.waits_for_person,
        paused_at=run.paused_at,
        cancelled_at=run.cancelled_at,
        batches=tuple(one.batch.number for one in run.batches),
        counts={state.value: counts.get(state, 0) for state in ItemState},
    )


def _item(item: ExportItem) -> ItemRow:
    document = item.document
    return ItemRow(
        document=document.uid,
        kind=document.kind,
        number=document.number,
        part=item.part,
        batch=document.batch.number,
        currency=document.currency_code,
        total=item.total,
        state=item.state,
        xero_id=item.xero_id,
        xero_status=item.xero_status,
        problems=tuple(Problem.from_json(problem) for problem in item.problems),
    )


def _imports(viewer: Viewer) -> sa.Select[ImportRun]:
    return (
        sa.select(ImportRun)
        .where(viewer.scope(ImportRun.fin_co_id))
        .options(joinedload(ImportRun.fin_co), selectinload(ImportRun.kinds))
    )


def _import(run: ImportRun) -> ImportRunRow:
    states: dict[KindState, int] = {}
    for kind in run.kinds:
        states[kind.state] = states.get(kind.state, 0) + 1
    return ImportRunRow(
        id=run.id,
        fin_co=run.fin_co.code,
        state=import_state(states),
        origin=run.origin,
        started_at=run.started_at,
        finished_at=run.finished_at,
        kinds=tuple(_kind(kind) for kind in run.kinds),
    )


def _kind(kind: ImportRunKind) -> KindRow:
    return KindRow(
        kind=kind.kind,
        state=kind.state,
        fetched=kind.fetched,
        created=kind.created,
        updated=kind.updated,
        unchanged=kind.unchanged,
        skipped=kind.skipped,
        failed=kind.failed,
        error=kind.error,
    )
