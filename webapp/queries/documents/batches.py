"""Batches to enter documents in: their list, and what one of them still needs."""

from dataclasses import dataclass
from decimal import Decimal

import sqlalchemy as sa

from webapp.db import db
from webapp.domain.batches import BatchStatus, BatchType
from webapp.domain.documents import DocumentStatus
from webapp.models import Batch, Document, FinCo, Period
from webapp.queries.setup.listing import Column, Table
from webapp.queries.viewers import Viewer

MOST_UNAPPROVED = 50


def table(viewer: Viewer, status: BatchStatus | None, batch_type: BatchType | None) -> Table:
    """The batches a person sees, of one status and type or of any."""
    of_batch = sa.select(sa.func.count()).where(Document.batch_id == Batch.id)
    unapproved = of_batch.where(
        Document.status.in_((DocumentStatus.ENTERED, DocumentStatus.ASSIGNED))
    )
    rows = (
        sa.select(Batch.id)
        .join(FinCo, FinCo.id == Batch.fin_co_id)
        .join(Period, Period.id == Batch.period_id)
        .where(viewer.scope(Batch.fin_co_id))
    )
    if status is not None:
        rows = rows.where(Batch.status == status)
    if batch_type is not None:
        rows = rows.where(Batch.batch_type == batch_type)
    return Table(
        columns={
            "number": Column("Batch No", Batch.number, searched=True),
            "type": Column("Batch Type", Batch.batch_type),
            "fin_co": Column("Fin Co", FinCo.code),
            "date": Column("Batch Date", Batch.batch_date),
            "year": Column("Year", Period.year, numeric=True),
            "period": Column("Period", Period.number, numeric=True),
            "reference": Column("Reference", Batch.reference, searched=True),
            "status": Column("Status", Batch.status),
            "documents": Column("Documents", of_batch.scalar_subquery(), numeric=True),
            "unapproved": Column("Not approved", unapproved.scalar_subquery(), numeric=True),
        },
        rows=rows,
        key=Batch.number,
        fin_co=FinCo.code,
    )


@dataclass(frozen=True)
class Needs:
    """What keeps a batch from being closed.

    Attributes:
        unapproved: how many documents are not approved.
        shown: the first of them, by mark and number.
        difference: what its adjustments sum to; None where they need not sum to zero (R81).
        uneven: the first of the adjustments that do not sum to zero by themselves, by mark,
            number and difference.
    """

    unapproved: int
    shown: tuple[tuple[str, str], ...]
    difference: Decimal | None
    uneven: tuple[tuple[str, str, Decimal], ...] = ()


def needs(batch_id: int, batch_type: BatchType) -> Needs:
    """What the batch needs before it is closed. The caller checked the scope."""
    waiting = (Document.batch_id == batch_id, Document.status != DocumentStatus.APPROVED)
    count = db.session.scalar(sa.select(sa.func.count()).select_from(Document).where(*waiting))
    shown = db.session.execute(
        sa.select(Document.uid, Document.number)
        .where(*waiting)
        .order_by(Document.number, Document.id)
        .limit(MOST_UNAPPROVED)
    )
    unapproved, first = count or 0, tuple((uid, number) for uid, number in shown)
    if batch_type is not BatchType.ADJUSTMENT:
        return Needs(unapproved, first, None)
    sums = sa.select(sa.func.sum(Document.value_ex_gst)).where(Document.batch_id == batch_id)
    uneven = db.session.execute(
        sa.select(Document.uid, Document.number, Document.value_ex_gst)
        .where(Document.batch_id == batch_id, Document.value_ex_gst != 0)
        .order_by(Document.number, Document.id)
        .limit(MOST_UNAPPROVED)
    )
    return Needs(
        unapproved,
        first,
        db.session.scalar(sums) or Decimal(0),
        tuple((uid, number, value) for uid, number, value in uneven),
    )


@dataclass(frozen=True)
class EntryBatch:
    """The batch that a document is entered in."""

    id: int
    number: str
    batch_type: BatchType
    fin_co_id: int
    fin_co: str
    base_currency: str
    is_system: bool


def entry_batch(viewer: Viewer, *, number: str) -> EntryBatch | None:
    """The batch of that number, if this person may see it."""
    row = db.session.execute(
        sa.select(
            Batch.id,
            Batch.number,
            Batch.batch_type,
            Batch.fin_co_id,
            FinCo.code,
            FinCo.base_currency_code,
            Batch.is_system,
        )
        .join(FinCo, FinCo.id == Batch.fin_co_id)
        .where(Batch.number == number, viewer.scope(Batch.fin_co_id))
    ).first()
    return EntryBatch(*row) if row else None


def next_journal(batch: EntryBatch) -> str:
    """A number for the next journal of a batch, which the person may change."""
    count = db.session.scalar(sa.select(sa.func.count()).where(Document.batch_id == batch.id))
    return f"{batch.number}-{(count or 0) + 1}"


def batch_of(viewer: Viewer, uid: str) -> EntryBatch | None:
    """The batch of a document, if this person may see it."""
    number = db.session.scalar(
        sa.select(Batch.number)
        .join(Document, Document.batch_id == Batch.id)
        .where(Document.uid == uid)
    )
    return entry_batch(viewer, number=number) if number else None
