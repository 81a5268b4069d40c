"""Job Receipts: the money that came on job sales invoices and contract claims (R51 to R57)."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from webapp.db import db
from webapp.domain.money import ZERO
from webapp.models import Batch, Company, Document, FinCo, JobReceipt
from webapp.queries.enquiries.in_xero import records_of
from webapp.queries.enquiries.paid import credits_on
from webapp.queries.paging import PAGE_SIZE, Page
from webapp.queries.run_documents import XeroRecord
from webapp.queries.sorting import Sort, ordered
from webapp.queries.viewers import Viewer


class ReceiptStatus(StrEnum):
    """Receipts deleted in Xero stay, reversed (R61)."""

    ANY = "any"
    STANDING = "standing"
    REVERSED = "reversed"


_STATUSES: Mapping[ReceiptStatus, sa.ColumnElement[bool]] = {
    ReceiptStatus.ANY: sa.true(),
    ReceiptStatus.STANDING: JobReceipt.reversed_at.is_(None),
    ReceiptStatus.REVERSED: JobReceipt.reversed_at.is_not(None),
}

SORTED_BY: Mapping[str, Any] = {
    "number": JobReceipt.number,
    "date": JobReceipt.payment_date,
    "invoice": Document.number,
    "client": Company.name,
    "amount": JobReceipt.amount,
}
NEWEST_FIRST = Sort("date", descending=True)


@dataclass(frozen=True, kw_only=True)
class ReceiptFilter:
    """What was asked for. ``text`` is sought in receipt and invoice number, reference, client."""

    text: str = ""
    fin_co: str | None = None
    status: ReceiptStatus = ReceiptStatus.ANY
    since: dt.date | None = None
    until: dt.date | None = None
    sort: Sort = NEWEST_FIRST


@dataclass(frozen=True, kw_only=True)
class ReceiptRow:
    """One receipt. Amounts are in ``currency``."""

    document_id: int
    number: int
    date: dt.date
    reference: str | None
    amount: Decimal
    gst: Decimal
    currency: str
    reversed_at: dt.datetime | None
    uid: str
    invoice_number: str
    invoice_date: dt.date
    claim_no: int | None
    value_ex_gst: Decimal
    invoice_gst: Decimal
    client: str | None
    fin_co: str
    batch_number: str
    balance: Decimal
    """What is still to come on the invoice; negative where too much came (Q23)."""
    xero: XeroRecord | None

    @property
    def ex_gst(self) -> Decimal:
        """The receipt without its GST."""
        return self.amount - self.gst

    @property
    def invoice_total(self) -> Decimal:
        """The invoice or claim including GST."""
        return self.value_ex_gst + self.invoice_gst

    @property
    def is_overpaid(self) -> bool:
        """Whether a person should look at the invoice (R54)."""
        return self.balance < min(ZERO, self.invoice_total)


@dataclass(frozen=True)
class Receipts:
    """A page of receipts, and how many there are of each status."""

    rows: tuple[ReceiptRow, ...]
    page: Page
    counts: Mapping[ReceiptStatus, int]


_COLUMNS: tuple[Any, ...] = (
    JobReceipt.document_id,
    JobReceipt.number,
    JobReceipt.payment_date.label("date"),
    JobReceipt.reference,
    JobReceipt.amount,
    JobReceipt.gst,
    JobReceipt.currency_code.label("currency"),
    JobReceipt.reversed_at,
    Document.uid,
    Document.number.label("invoice_number"),
    Document.document_date.label("invoice_date"),
    Document.claim_no,
    Document.value_ex_gst,
    Document.gst.label("invoice_gst"),
    Company.name.label("client"),
    FinCo.code.label("fin_co"),
    Batch.number.label("batch_number"),
)


def receipts(viewer: Viewer, asked: ReceiptFilter, page_number: int) -> Receipts:
    """The receipts that match. A fixed number of statements."""
    counts = _counts(viewer, asked)
    page = Page(page_number, counts[asked.status])
    found = (
        db.session.execute(_rows(viewer, asked).limit(PAGE_SIZE).offset(page.offset))
        .mappings()
        .all()
    )
    ids = list({row["document_id"] for row in found})
    return Receipts(_with_balance(found, ids), page, counts)


def all_receipts(viewer: Viewer, asked: ReceiptFilter) -> tuple[ReceiptRow, ...]:
    """Every receipt that matches, however many there are."""
    return _with_balance(db.session.execute(_rows(viewer, asked)).mappings().all(), None)


def _counts(viewer: Viewer, asked: ReceiptFilter) -> Mapping[ReceiptStatus, int]:
    columns = (
        sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)
        for condition in _STATUSES.values()
    )
    row = db.session.execute(_matching(viewer, asked, *columns)).one()
    return dict(zip(_STATUSES, row, strict=True))


def _rows(viewer: Viewer, asked: ReceiptFilter) -> sa.Select[Any]:
    return (
        _matching(viewer, asked, *_COLUMNS)
        .where(_STATUSES[asked.status])
        .order_by(*ordered(asked.sort, SORTED_BY, JobReceipt.id))
    )


def _matching(viewer: Viewer, asked: ReceiptFilter, *columns: Any) -> sa.Select[Any]:
    select: sa.Select[Any] = (
        sa.select(*columns)
        .select_from(JobReceipt)
        .join(Document, Document.id == JobReceipt.document_id)
        .join(Batch, Batch.id == JobReceipt.batch_id)
        .join(FinCo, FinCo.id == JobReceipt.fin_co_id)
        .outerjoin(Company, Company.id == Document.company_id)
        .where(viewer.scope(JobReceipt.fin_co_id))
    )
    if asked.fin_co:
        select = select.where(FinCo.code == asked.fin_co)
    if asked.since:
        select = select.where(JobReceipt.payment_date >= asked.since)
    if asked.until:
        select = select.where(JobReceipt.payment_date <= asked.until)
    if asked.text:
        sought = (
            sa.cast(JobReceipt.number, sa.String),
            JobReceipt.reference,
            Document.number,
            Company.name,
        )
        select = select.where(
            sa.or_(*(column.icontains(asked.text, autoescape=True) for column in sought))
        )
    return select


def _with_balance(
    found: Sequence[sa.RowMapping], ids: Sequence[int] | None
) -> tuple[ReceiptRow, ...]:
    received = _received(ids)
    credited = credits_on(ids)
    records = records_of(ids)
    return tuple(
        ReceiptRow(
            **row,
            balance=row["value_ex_gst"]
            + row["invoice_gst"]
            - credited.get(row["document_id"], ZERO)
            - received.get(row["document_id"], ZERO),
            xero=records.get(row["document_id"]),
        )
        for row in found
    )


def _received(ids: Sequence[int] | None) -> dict[int, Decimal]:
    """What counts of the receipts of each of these documents, or of every one."""
    select = (
        sa.select(JobReceipt.document_id, sa.func.sum(JobReceipt.amount).label("amount"))
        .where(JobReceipt.reversed_at.is_(None))
        .group_by(JobReceipt.document_id)
    )
    if ids is not None:
        select = select.where(JobReceipt.document_id.in_(ids))
    return {row.document_id: row.amount for row in db.session.execute(select)}
