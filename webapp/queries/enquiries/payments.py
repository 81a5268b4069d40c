"""Payments: the money that went out on AP invoices and subcontract claims (R58 to R63)."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from webapp.db import db
from webapp.domain.documents import DocumentKind
from webapp.domain.money import ZERO
from webapp.models import Company, Document, FinCo, GlAccount, Payment
from webapp.queries.enquiries.in_xero import records_of
from webapp.queries.enquiries.paid import credits_on
from webapp.queries.enquiries.receipts import ReceiptStatus
from webapp.queries.paging import PAGE_SIZE, Page
from webapp.queries.run_documents import XeroRecord
from webapp.queries.sorting import Sort, ordered
from webapp.queries.viewers import Viewer

_STATUSES: Mapping[ReceiptStatus, sa.ColumnElement[bool]] = {
    ReceiptStatus.ANY: sa.true(),
    ReceiptStatus.STANDING: Payment.reversed_at.is_(None),
    ReceiptStatus.REVERSED: Payment.reversed_at.is_not(None),
}

SORTED_BY: Mapping[str, Any] = {
    "date": Payment.payment_date,
    "supplier": Company.name,
    "invoice": Document.number,
    "amount": Payment.amount,
    "account": Payment.account_code,
}
NEWEST_FIRST = Sort("date", descending=True)


@dataclass(frozen=True, kw_only=True)
class PaymentFilter:
    """What was asked for. ``text`` is sought in reference, invoice number and supplier."""

    text: str = ""
    fin_co: str | None = None
    status: ReceiptStatus = ReceiptStatus.ANY
    since: dt.date | None = None
    until: dt.date | None = None
    sort: Sort = NEWEST_FIRST


@dataclass(frozen=True, kw_only=True)
class PaymentRow:
    """One payment. Amounts are in ``currency``; ``bank_amount`` is in the account's."""

    document_id: int
    date: dt.date
    reference: str | None
    amount: Decimal
    currency: str
    bank_amount: Decimal | None
    account_code: str | None
    account_name: str | None
    batch_payment_id: str | None
    reversed_at: dt.datetime | None
    uid: str
    invoice_number: str
    invoice_date: dt.date
    kind: DocumentKind
    value_ex_gst: Decimal
    invoice_gst: Decimal
    supplier: str | None
    company_id: int | None
    fin_co: str
    balance: Decimal
    """What is still to be paid on the invoice; negative where too much was paid (Q23)."""
    xero: XeroRecord | None

    @property
    def invoice_total(self) -> Decimal:
        """The invoice or claim including GST."""
        return self.value_ex_gst + self.invoice_gst

    @property
    def is_overpaid(self) -> bool:
        """Whether a person should look at the invoice (R54)."""
        return self.balance < min(ZERO, self.invoice_total)


@dataclass(frozen=True)
class Payments:
    """A page of payments, and how many there are of each status."""

    rows: tuple[PaymentRow, ...]
    page: Page
    counts: Mapping[ReceiptStatus, int]


_COLUMNS: tuple[Any, ...] = (
    Payment.document_id,
    Payment.payment_date.label("date"),
    Payment.reference,
    Payment.amount,
    Payment.currency_code.label("currency"),
    Payment.bank_amount,
    Payment.account_code,
    GlAccount.description.label("account_name"),
    Payment.batch_payment_id,
    Payment.reversed_at,
    Document.uid,
    Document.number.label("invoice_number"),
    Document.document_date.label("invoice_date"),
    Document.kind,
    Document.value_ex_gst,
    Document.gst.label("invoice_gst"),
    Company.name.label("supplier"),
    Document.company_id,
    FinCo.code.label("fin_co"),
)


def payments(viewer: Viewer, asked: PaymentFilter, page_number: int) -> Payments:
    """The payments that match. A fixed number of statements."""
    counts = _counts(viewer, asked)
    page = Page(page_number, counts[asked.status])
    found = (
        db.session.execute(_rows(viewer, asked).limit(PAGE_SIZE).offset(page.offset))
        .mappings()
        .all()
    )
    ids = list({row["document_id"] for row in found})
    return Payments(_with_balance(found, ids), page, counts)


def all_payments(viewer: Viewer, asked: PaymentFilter) -> tuple[PaymentRow, ...]:
    """Every payment that matches, however many there are."""
    return _with_balance(db.session.execute(_rows(viewer, asked)).mappings().all(), None)


def _counts(viewer: Viewer, asked: PaymentFilter) -> Mapping[ReceiptStatus, int]:
    columns = (
        sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)
        for condition in _STATUSES.values()
    )
    row = db.session.execute(_matching(viewer, asked, *columns)).one()
    return dict(zip(_STATUSES, row, strict=True))


def _rows(viewer: Viewer, asked: PaymentFilter) -> sa.Select[Any]:
    return (
        _matching(viewer, asked, *_COLUMNS)
        .where(_STATUSES[asked.status])
        .order_by(*ordered(asked.sort, SORTED_BY, Payment.id))
    )


def _matching(viewer: Viewer, asked: PaymentFilter, *columns: Any) -> sa.Select[Any]:
    account = sa.and_(
        GlAccount.fin_co_id == Payment.fin_co_id, GlAccount.code == Payment.account_code
    )
    select: sa.Select[Any] = (
        sa.select(*columns)
        .select_from(Payment)
        .join(Document, Document.id == Payment.document_id)
        .join(FinCo, FinCo.id == Payment.fin_co_id)
        .outerjoin(Company, Company.id == Document.company_id)
        .outerjoin(GlAccount, account)
        .where(viewer.scope(Payment.fin_co_id))
    )
    if asked.fin_co:
        select = select.where(FinCo.code == asked.fin_co)
    if asked.since:
        select = select.where(Payment.payment_date >= asked.since)
    if asked.until:
        select = select.where(Payment.payment_date <= asked.until)
    if asked.text:
        sought = (Payment.reference, Document.number, Company.name)
        select = select.where(
            sa.or_(*(column.icontains(asked.text, autoescape=True) for column in sought))
        )
    return select


def _with_balance(
    found: Sequence[sa.RowMapping], ids: Sequence[int] | None
) -> tuple[PaymentRow, ...]:
    paid = _paid(ids)
    credited = credits_on(ids)
    records = records_of(ids)
    return tuple(
        PaymentRow(
            **row,
            balance=row["value_ex_gst"]
            + row["invoice_gst"]
            - credited.get(row["document_id"], ZERO)
            - paid.get(row["document_id"], ZERO),
            xero=records.get(row["document_id"]),
        )
        for row in found
    )


def _paid(ids: Sequence[int] | None) -> dict[int, Decimal]:
    """What counts of the payments of each of these documents, or of every one."""
    select = (
        sa.select(Payment.document_id, sa.func.sum(Payment.amount).label("amount"))
        .where(Payment.reversed_at.is_(None))
        .group_by(Payment.document_id)
    )
    if ids is not None:
        select = select.where(Payment.document_id.in_(ids))
    return {row.document_id: row.amount for row in db.session.execute(select)}
