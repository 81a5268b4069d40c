"""The batches of Export Control: which match the filter, and what may be done with them."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypedDict

import sqlalchemy as sa

from webapp.db import db
from webapp.domain.batches import BatchStatus, BatchType, may_be_exported
from webapp.domain.runs import ItemState
from webapp.models import (
    Batch,
    Document,
    ExportItem,
    ExportRunBatch,
    FinCo,
    Period,
    XeroDocument,
)
from webapp.queries.paging import PAGE_SIZE, Page
from webapp.queries.viewers import Viewer


class StatusFilter(StrEnum):
    """The statuses one can ask for. Not exported is what a person starts from (R72)."""

    NOT_EXPORTED = "not exported"
    OPEN = "open"
    CLOSED = "closed"
    EXPORTED = "exported"
    NOT_FOR_EXPORT = "not for export"
    ANY = "any"


CURRENT = "current"
ANY = "any"

_CONDITIONS: Mapping[StatusFilter, sa.ColumnElement[bool]] = {
    StatusFilter.NOT_EXPORTED: sa.and_(
        Batch.status != BatchStatus.EXPORTED, sa.not_(Batch.not_for_export)
    ),
    StatusFilter.OPEN: sa.and_(Batch.status == BatchStatus.OPEN, sa.not_(Batch.not_for_export)),
    StatusFilter.CLOSED: sa.and_(
        Batch.status.in_([BatchStatus.CLOSED, BatchStatus.EXPORTING]),
        sa.not_(Batch.not_for_export),
    ),
    StatusFilter.EXPORTED: Batch.status == BatchStatus.EXPORTED,
    StatusFilter.NOT_FOR_EXPORT: Batch.not_for_export.is_(True),
    StatusFilter.ANY: sa.true(),
}


@dataclass(frozen=True, kw_only=True)
class Filter:
    """What was asked for. ``period`` is ``current``, ``any``, or a year and number: ``2023-4``."""

    fin_co: str | None = None
    status: StatusFilter = StatusFilter.NOT_EXPORTED
    batch_type: BatchType | None = None
    period: str = CURRENT
    number: str = ""


@dataclass(frozen=True)
class PeriodChoice:
    """A financial period one can filter by."""

    year: int
    number: int
    is_current: bool

    @property
    def value(self) -> str:
        """How it stands in an address."""
        return f"{self.year}-{self.number}"


@dataclass(frozen=True)
class LastResult:
    """What the newest export run of a batch came to, so far."""

    run_id: int
    counts: Mapping[ItemState, int]

    def count(self, *states: ItemState) -> int:
        """How many documents are in one of these states."""
        return sum(self.counts.get(state, 0) for state in states)


_WHY_NOT: Mapping[BatchStatus, str] = {
    BatchStatus.OPEN: "Only closed batches can be exported.",
    BatchStatus.EXPORTING: "It is being exported now.",
    BatchStatus.EXPORTED: "It is exported already.",
}


@dataclass(frozen=True)
class BatchRow:
    """One batch. ``total`` includes GST, in ``currency``; None where currencies are mixed."""

    id: int
    number: str
    batch_type: BatchType
    batch_date: dt.date
    year: int
    period: int
    fin_co: str
    reference: str | None
    status: BatchStatus
    not_for_export: bool
    documents: int
    total: Decimal | None
    currency: str | None
    in_xero: int
    """How many of its documents are there already, and are never sent again."""
    last: LastResult | None

    @property
    def may_be_exported(self) -> bool:
        """Whether its tick is enabled (R74)."""
        return may_be_exported(self.status, not_for_export=self.not_for_export)

    @property
    def why_not(self) -> str | None:
        """Why its tick cannot be changed, whoever looks (R74, R75)."""
        if self.may_be_exported:
            return None
        if self.not_for_export:
            return "Marked Not For Export."
        return _WHY_NOT[self.status]

    @property
    def may_be_closed(self) -> bool:
        """Whether it is open, and meant to be exported."""
        return self.status is BatchStatus.OPEN and not self.not_for_export

    @property
    def left_to_send(self) -> int | None:
        """How many documents of a partly exported batch still have to go; None for any other."""
        if not self.may_be_exported or not 0 < self.in_xero < self.documents:
            return None
        return self.documents - self.in_xero

    @property
    def exported(self) -> bool:
        """Whether its tick is shown set and fixed (R75)."""
        return self.status is BatchStatus.EXPORTED


@dataclass(frozen=True)
class Listing:
    """A page of batches and how many there are of each status, whatever status was asked for."""

    rows: tuple[BatchRow, ...]
    page: Page
    counts: Mapping[StatusFilter, int]
    elsewhere: int
    """Where nothing matches: how many would in other periods."""
    open_ids: tuple[int, ...]


def periods() -> tuple[PeriodChoice, ...]:
    """The periods, newest first."""
    rows = db.session.execute(
        sa.select(Period.year, Period.number, Period.is_current).order_by(
            Period.year.desc(), Period.number.desc()
        )
    )
    return tuple(PeriodChoice(*row) for row in rows)


def listing(viewer: Viewer, asked: Filter, page_number: int) -> Listing:
    """The batches that match, sorted by Batch Type, then number. A fixed number of statements."""
    scope = [viewer.scope(Batch.fin_co_id), *_kind(asked)]
    here = [*scope, *_period(asked.period)]
    counts = _counts(here)
    page = Page(page_number, counts[asked.status])
    matching = [*here, _CONDITIONS[asked.status]]
    rows = _rows(matching, page) if page.total else ()
    elsewhere = 0
    if not page.total and asked.period != ANY:
        elsewhere = _counts(scope)[asked.status]
    return Listing(rows, page, counts, elsewhere, tuple(r.id for r in rows if r.may_be_closed))


def _kind(asked: Filter) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if asked.fin_co:
        conditions.append(FinCo.code == asked.fin_co)
    if asked.batch_type:
        conditions.append(Batch.batch_type == asked.batch_type)
    if asked.number:
        conditions.append(Batch.number.contains(asked.number, autoescape=True))
    return conditions


def _period(period: str) -> list[sa.ColumnElement[bool]]:
    if period == ANY:
        return []
    if period == CURRENT:
        return [Period.is_current.is_(True)]
    year, _, number = period.partition("-")
    if not (year.isdigit() and number.isdigit()):
        return [sa.false()]
    return [Period.year == int(year), Period.number == int(number)]


def _counts(conditions: list[sa.ColumnElement[bool]]) -> Mapping[StatusFilter, int]:
    row = db.session.execute(
        sa.select(
            *(
                sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)
                for condition in _CONDITIONS.values()
            )
        )
        .select_from(Batch)
        .join(FinCo, FinCo.id == Batch.fin_co_id)
        .join(Period, Period.id == Batch.period_id)
        .where(*conditions)
    ).one()
    return dict(zip(_CONDITIONS, row, strict=True))


def _rows(conditions: list[sa.ColumnElement[bool]], page: Page) -> tuple[BatchRow, ...]:
    found = (
        db.session.execute(
            sa.select(
                Batch.id,
                Batch.number,
                Batch.batch_type,
                Batch.batch_date,
                Period.year,
                Period.number.label("period"),
                FinCo.code.label("fin_co"),
                Batch.reference,
                Batch.status,
                Batch.not_for_export,
            )
            .join(FinCo, FinCo.id == Batch.fin_co_id)
            .join(Period, Period.id == Batch.period_id)
            .where(*conditions)
            .order_by(Batch.batch_type, Batch.number)
            .limit(PAGE_SIZE)
            .offset(page.offset)
        )
        .mappings()
        .all()
    )
    ids = [row["id"] for row in found]
    amounts = _amounts(ids)
    last = last_results(ids)
    return tuple(
        BatchRow(
            **row,
            **amounts.get(row["id"], _EMPTY),
            last=last.get(row["id"]),
        )
        for row in found
    )


class _Amounts(TypedDict):
    documents: int
    in_xero: int
    total: Decimal | None
    currency: str | None


_EMPTY = _Amounts(documents=0, in_xero=0, total=None, currency=None)


def _amounts(batch_ids: list[int]) -> dict[int, _Amounts]:
    linked = sa.exists().where(XeroDocument.document_id == Document.id)
    rows = db.session.execute(
        sa.select(
            Document.batch_id,
            sa.func.count(),
            sa.func.sum(sa.case((linked, 1), else_=0)),
            sa.func.sum(Document.value_ex_gst),
            sa.func.sum(Document.gst),
            sa.func.min(Document.currency_code),
            sa.func.max(Document.currency_code),
        )
        .where(Document.batch_id.in_(batch_ids))
        .group_by(Document.batch_id)
    )
    return {
        batch_id: _Amounts(
            documents=count,
            in_xero=in_xero,
            total=value + gst if one == other else None,
            currency=one if one == other else None,
        )
        for batch_id, count, in_xero, value, gst, one, other in rows
    }


def visible_batches(viewer: Viewer, batch_ids: list[int]) -> dict[int, str]:
    """The numbers of those of these batches that this person may see, by id."""
    rows = db.session.execute(
        sa.select(Batch.id, Batch.number).where(
            Batch.id.in_(batch_ids), viewer.scope(Batch.fin_co_id)
        )
    )
    return {row.id: row.number for row in rows}


def last_results(batch_ids: list[int]) -> dict[int, LastResult]:
    """The newest export run of each of these batches, with the fate of the batch's documents."""
    newest = (
        sa.select(ExportRunBatch.batch_id, sa.func.max(ExportRunBatch.run_id).label("run_id"))
        .where(ExportRunBatch.batch_id.in_(batch_ids))
        .group_by(ExportRunBatch.batch_id)
        .subquery()
    )
    rows: Any = db.session.execute(
        sa.select(
            newest.c.batch_id, newest.c.run_id, ExportItem.state, sa.func.count(ExportItem.id)
        )
        .outerjoin(
            ExportItem,
            sa.and_(ExportItem.run_id == newest.c.run_id, ExportItem.batch_id == newest.c.batch_id),
        )
        .group_by(newest.c.batch_id, newest.c.run_id, ExportItem.state)
    )
    counts: dict[tuple[int, int], dict[ItemState, int]] = {}
    for batch_id, run_id, state, count in rows:
        fates = counts.setdefault((batch_id, run_id), {})
        if state is not None:
            fates[state] = count
    return {batch_id: LastResult(run_id, fates) for (batch_id, run_id), fates in counts.items()}
