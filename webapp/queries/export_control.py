"""The batches of Export Control: which match the filter, and what may be done with them."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from webapp.db import db
from webapp.domain.batches import BatchStatus, BatchType, may_be_exported
from webapp.models import Batch, FinCo, Period
from webapp.queries.batch_totals import CurrencyTotal, batch_totals
from webapp.queries.export_filter import ANY, TRIED_AND_LEFT, Filter, StatusFilter, counts_of
from webapp.queries.last_results import LastResult, last_results
from webapp.queries.paging import PAGE_SIZE, Page
from webapp.queries.viewers import Viewer

OF_A_FILE = 1000
"""So many batches of a file are looked up at once."""


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


_WHY_NOT: Mapping[BatchStatus, str] = {
    BatchStatus.OPEN: "Only closed batches can be exported.",
    BatchStatus.EXPORTING: "It is being exported now.",
    BatchStatus.EXPORTED: "It is exported already.",
}


@dataclass(frozen=True)
class BatchRow:
    """One batch."""

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
    totals: tuple[CurrencyTotal, ...]
    """By currency; none where it holds no documents."""
    last: LastResult | None

    @property
    def documents(self) -> int:
        """How many it holds."""
        return sum(total.documents for total in self.totals)

    @property
    def in_xero(self) -> int:
        """How many of them are there already."""
        return sum(total.in_xero for total in self.totals)

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
    def is_open(self) -> bool:
        """Whether it can be closed, or its mark be changed (R79)."""
        return self.status is BatchStatus.OPEN

    @property
    def may_be_closed(self) -> bool:
        """Whether it is open, and meant to be exported."""
        return self.is_open and not self.not_for_export

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

    @property
    def open_rows(self) -> tuple[BatchRow, ...]:
        """Those of the page that can be closed or marked."""
        return tuple(row for row in self.rows if row.is_open)


def periods() -> tuple[PeriodChoice, ...]:
    """The periods, newest first."""
    rows = db.session.execute(
        sa.select(Period.year, Period.number, Period.is_current).order_by(
            Period.year.desc(), Period.number.desc()
        )
    )
    return tuple(PeriodChoice(*row) for row in rows)


def listing(viewer: Viewer, asked: Filter, page_number: int) -> Listing:
    """A page of the batches that match. A fixed number of statements."""
    anywhere = [viewer.scope(Batch.fin_co_id), *asked.of_kind]
    here = [*anywhere, *asked.of_period]
    counts = _counts(here)
    page = Page(page_number, counts[asked.status])
    rows: tuple[BatchRow, ...] = ()
    if page.total:
        statement = _matching(asked, here).limit(PAGE_SIZE).offset(page.offset)
        rows = tuple(_filled(db.session.execute(statement).mappings().all()))
    elsewhere = 0
    if not page.total and asked.period != ANY:
        elsewhere = _counts(anywhere)[asked.status]
    return Listing(rows, page, counts, elsewhere)


def everything(viewer: Viewer, asked: Filter) -> Iterator[BatchRow]:
    """All batches that match, whatever the page."""
    here = [viewer.scope(Batch.fin_co_id), *asked.of_kind, *asked.of_period]
    found = db.session.execute(_matching(asked, here)).mappings().all()
    for start in range(0, len(found), OF_A_FILE):
        yield from _filled(found[start : start + OF_A_FILE])


def visible_batches(viewer: Viewer, batch_ids: list[int]) -> dict[int, str]:
    """The numbers of those of these batches that this person may see, by id."""
    rows = db.session.execute(
        sa.select(Batch.id, Batch.number).where(
            Batch.id.in_(batch_ids), viewer.scope(Batch.fin_co_id)
        )
    )
    return {row.id: row.number for row in rows}


def _counts(conditions: list[sa.ColumnElement[bool]]) -> Mapping[StatusFilter, int]:
    rows = db.session.execute(
        sa.select(
            Batch.status,
            Batch.not_for_export,
            sa.func.count(),
            sa.func.sum(sa.case((TRIED_AND_LEFT, 1), else_=0)),
        )
        .where(*conditions)
        .group_by(Batch.status, Batch.not_for_export)
    )
    return counts_of([(status, marked, count, left) for status, marked, count, left in rows])


_COLUMNS: tuple[Any, ...] = (
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


def _matching(asked: Filter, conditions: list[sa.ColumnElement[bool]]) -> sa.Select[Any]:
    return (
        sa.select(*_COLUMNS)
        .join(FinCo, FinCo.id == Batch.fin_co_id)
        .join(Period, Period.id == Batch.period_id)
        .where(*conditions, asked.of_status)
        .order_by(*asked.order)
    )


def _filled(found: Any) -> Iterator[BatchRow]:
    ids = [row["id"] for row in found]
    totals = batch_totals(ids)
    last = last_results(ids)
    for row in found:
        yield BatchRow(**row, totals=totals.get(row["id"], ()), last=last.get(row["id"]))
