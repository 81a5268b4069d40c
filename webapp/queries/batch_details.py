"""One batch with its documents."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from webapp.db import db
from webapp.domain.batches import BatchStatus, BatchType, may_be_exported
from webapp.domain.documents import DocumentStatus
from webapp.domain.runs import ItemState
from webapp.models import (
    Batch,
    Company,
    Document,
    DocumentLine,
    ExportItem,
    FinCo,
    Location,
    Period,
    User,
)
from webapp.queries.last_results import LastResult, last_results
from webapp.queries.paging import PAGE_SIZE, Page
from webapp.queries.viewers import Viewer


@dataclass(frozen=True)
class BatchDetails:
    """What stands at the head of a batch."""

    id: int
    number: str
    batch_type: BatchType
    fin_co_id: int
    fin_co: str
    fin_co_name: str
    location: str
    year: int
    period: int
    batch_date: dt.date
    reference: str | None
    notes: str | None
    status: BatchStatus
    not_for_export: bool
    reversing: bool
    created_at: dt.datetime
    created_by: str | None
    closed_at: dt.datetime | None
    closed_by: str | None
    exported_at: dt.datetime | None
    exported_by: str | None
    last: LastResult | None

    @property
    def is_open(self) -> bool:
        """Whether anything about it may still be changed."""
        return self.status is BatchStatus.OPEN

    @property
    def may_be_exported(self) -> bool:
        """Whether Export would take it (R74)."""
        return may_be_exported(self.status, not_for_export=self.not_for_export)


@dataclass(frozen=True)
class DocumentRow:
    """One document of the batch. Amounts are in ``currency``."""

    uid: str
    number: str
    company: str | None
    date: dt.date
    due_date: dt.date | None
    status: DocumentStatus
    currency: str
    value_ex_gst: Decimal
    gst: Decimal
    lines: int
    outcome: ItemState | None
    """What the newest export that carried it made of it."""
    xero_status: str | None

    @property
    def total(self) -> Decimal:
        """Including GST."""
        return self.value_ex_gst + self.gst


@dataclass(frozen=True)
class Totals:
    """The sums over a batch's documents in one currency."""

    currency: str
    documents: int
    value_ex_gst: Decimal
    gst: Decimal

    @property
    def total(self) -> Decimal:
        """Including GST."""
        return self.value_ex_gst + self.gst


def batch_details(viewer: Viewer, number: str) -> BatchDetails | None:
    """The batch of that number, if this person may see it."""
    creator, closer, exporter = aliased(User), aliased(User), aliased(User)
    row = (
        db.session.execute(
            sa.select(
                Batch.id,
                Batch.number,
                Batch.batch_type,
                Batch.fin_co_id,
                FinCo.code.label("fin_co"),
                FinCo.description.label("fin_co_name"),
                Location.description.label("location"),
                Period.year,
                Period.number.label("period"),
                Batch.batch_date,
                Batch.reference,
                Batch.notes,
                Batch.status,
                Batch.not_for_export,
                Batch.reversing,
                Batch.created_at,
                creator.name.label("created_by"),
                Batch.closed_at,
                closer.name.label("closed_by"),
                Batch.exported_at,
                exporter.name.label("exported_by"),
            )
            .join(FinCo, FinCo.id == Batch.fin_co_id)
            .join(Location, Location.id == Batch.location_id)
            .join(Period, Period.id == Batch.period_id)
            .outerjoin(creator, creator.id == Batch.created_by_id)
            .outerjoin(closer, closer.id == Batch.closed_by_id)
            .outerjoin(exporter, exporter.id == Batch.exported_by_id)
            .where(Batch.number == number, viewer.scope(Batch.fin_co_id))
        )
        .mappings()
        .first()
    )
    if row is None:
        return None
    return BatchDetails(**row, last=last_results([row["id"]]).get(row["id"]))


def totals(batch_id: int) -> tuple[Totals, ...]:
    """The batch's sums, one for each currency in it."""
    rows = db.session.execute(
        sa.select(
            Document.currency_code,
            sa.func.count(),
            sa.func.sum(Document.value_ex_gst),
            sa.func.sum(Document.gst),
        )
        .where(Document.batch_id == batch_id)
        .group_by(Document.currency_code)
        .order_by(Document.currency_code)
    )
    return tuple(Totals(*row) for row in rows)


def documents(batch_id: int, page: Page) -> tuple[DocumentRow, ...]:
    """A page of the batch's documents by number. The caller checked the scope."""
    newest = (
        sa.select(ExportItem.document_id, sa.func.max(ExportItem.id).label("item_id"))
        .where(ExportItem.batch_id == batch_id)
        .group_by(ExportItem.document_id)
        .subquery()
    )
    lines = (
        sa.select(sa.func.count()).where(DocumentLine.document_id == Document.id).scalar_subquery()
    )
    rows = db.session.execute(
        sa.select(
            Document.uid,
            Document.number,
            Company.name,
            Document.document_date,
            Document.due_date,
            Document.status,
            Document.currency_code,
            Document.value_ex_gst,
            Document.gst,
            lines,
            ExportItem.state,
            ExportItem.xero_status,
        )
        .outerjoin(Company, Company.id == Document.company_id)
        .outerjoin(newest, newest.c.document_id == Document.id)
        .outerjoin(ExportItem, ExportItem.id == newest.c.item_id)
        .where(Document.batch_id == batch_id)
        .order_by(Document.number, Document.id)
        .limit(PAGE_SIZE)
        .offset(page.offset)
    )
    return tuple(DocumentRow(*row) for row in rows)
