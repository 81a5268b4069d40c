"""The documents of an export run and what became of each."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from webapp.db import db
from webapp.domain.problems import Problem
from webapp.domain.runs import UNFINISHED, ItemState
from webapp.models import (
    Batch,
    Company,
    Document,
    ExportItem,
    ExportRun,
    XeroConnection,
    XeroDocument,
)
from webapp.queries.paging import PAGE_SIZE, Page
from webapp.queries.run_causes import Cause, kept_back_by
from webapp.queries.run_fates import WORST_FIRST, place_in


class Outcome(StrEnum):
    """The outcomes one can ask for."""

    ANY = "any"
    NOT_SENT = "not sent"
    SENT = "sent"
    UNDECIDED = "undecided"
    CANCELLED = "cancelled"


_STATES: Mapping[Outcome, frozenset[ItemState]] = {
    Outcome.ANY: frozenset(ItemState),
    Outcome.NOT_SENT: frozenset({ItemState.REJECTED, ItemState.BLOCKED}),
    Outcome.SENT: frozenset({ItemState.SENT}),
    Outcome.UNDECIDED: UNFINISHED,
    Outcome.CANCELLED: frozenset({ItemState.CANCELLED}),
}


@dataclass(frozen=True)
class XeroRecord:
    """Which record of which organisation a document became; ``status`` as Xero last told it."""

    collection: str
    xero_type: str
    xero_id: str
    short_code: str | None
    status: str | None = None


@dataclass(frozen=True)
class Asked:
    """Which documents of a run are asked for."""

    outcome: Outcome = Outcome.ANY
    batch: str | None = None
    """A batch's number."""
    cause: Cause | None = None


@dataclass(frozen=True, kw_only=True)
class ItemRow:
    """One document of a run, or one part of a large one.

    ``total`` includes GST, in ``currency``, as it counts here; ``xero_total`` as Xero computed it.
    """

    uid: str
    number: str
    part: int | None
    """Which part of a large journal it is, from 1 (R115); None where it goes in one piece."""
    batch: str
    kind: str
    company: str | None
    date: dt.date
    currency: str
    total: Decimal
    state: ItemState
    xero_id: str | None
    xero_status: str | None
    xero_total: Decimal | None
    problems: tuple[Problem, ...]
    xero: XeroRecord | None

    @property
    def label(self) -> str:
        """The document as a person tells it from others, the other parts of it included."""
        return self.number if self.part is None else f"{self.number}, part {self.part}"

    @property
    def difference(self) -> Decimal:
        """How much more Xero's total is than ours; credits count as Xero counts them, above 0."""
        return Decimal(0) if self.xero_total is None else self.xero_total - abs(self.total)


def documents(run_id: int, asked: Asked, page_number: int) -> tuple[tuple[ItemRow, ...], Page]:
    """A page of a run's documents, what needs a person first. The caller checked the scope."""
    counted = sa.select(sa.func.count()).select_from(ExportItem).join(Batch)
    total = db.session.scalar(counted.where(*_matching(run_id, asked)))
    page = Page(page_number, total or 0)
    return tuple(_rows(run_id, asked, limit=PAGE_SIZE, offset=page.offset)), page


def all_documents(run_id: int, asked: Asked) -> Iterator[ItemRow]:
    """Every document that matches, however many there are. The caller checked the scope."""
    return _rows(run_id, asked)


def _matching(run_id: int, asked: Asked) -> list[sa.ColumnElement[bool]]:
    conditions = [ExportItem.run_id == run_id, ExportItem.state.in_(_STATES[asked.outcome])]
    if asked.batch:
        conditions.append(Batch.number == asked.batch)
    if asked.cause:
        conditions.append(kept_back_by(asked.cause))
    return conditions


def _rows(
    run_id: int, asked: Asked, *, limit: int | None = None, offset: int | None = None
) -> Iterator[ItemRow]:
    part = aliased(ExportItem)
    parts = (
        sa.select(sa.func.count())
        .where(part.run_id == ExportItem.run_id, part.document_id == ExportItem.document_id)
        .scalar_subquery()
    )
    found = db.session.execute(
        with_xero(
            sa.select(
                Document.uid,
                Document.number,
                ExportItem.part,
                parts.label("parts"),
                Batch.number.label("batch"),
                Document.kind,
                Company.name.label("company"),
                Document.document_date.label("date"),
                Document.currency_code.label("currency"),
                ExportItem.total,
                ExportItem.state,
                ExportItem.xero_id,
                ExportItem.xero_status,
                ExportItem.xero_total,
                ExportItem.problems,
                XeroDocument.collection,
                XeroDocument.xero_type,
                XeroDocument.xero_id.label("linked_id"),
                XeroConnection.short_code,
            )
            .select_from(ExportItem)
            .join(ExportRun, ExportRun.id == ExportItem.run_id)
            .join(Batch, Batch.id == ExportItem.batch_id)
            .join(Document, Document.id == ExportItem.document_id)
            .outerjoin(Company, Company.id == Document.company_id)
        )
        .where(*_matching(run_id, asked))
        .order_by(place_in(WORST_FIRST), Document.number, ExportItem.id)
        .limit(limit)
        .offset(offset)
    ).mappings()
    return (_row(row) for row in found)


def with_xero(items: sa.Select[Any]) -> sa.Select[Any]:
    """Join to export items and their runs what each became, and in which organisation."""
    return items.outerjoin(
        XeroDocument,
        sa.and_(
            XeroDocument.document_id == ExportItem.document_id,
            XeroDocument.part == ExportItem.part,
            XeroDocument.fin_co_id == ExportRun.fin_co_id,
            XeroDocument.tenant_id == ExportRun.tenant_id,
        ),
    ).outerjoin(
        XeroConnection,
        sa.and_(
            XeroConnection.fin_co_id == ExportRun.fin_co_id,
            XeroConnection.tenant_id == ExportRun.tenant_id,
        ),
    )


def _row(row: sa.RowMapping) -> ItemRow:
    told = dict(row)
    collection, xero_type, linked_id, short_code = (
        told.pop(name) for name in ("collection", "xero_type", "linked_id", "short_code")
    )
    if told.pop("parts") == 1 and row["part"] == 1:
        told["part"] = None
    told["kind"] = row["kind"].value
    told["problems"] = tuple(Problem.from_json(problem) for problem in row["problems"])
    record = XeroRecord(collection, xero_type, linked_id, short_code) if linked_id else None
    return ItemRow(**told, xero=record)
