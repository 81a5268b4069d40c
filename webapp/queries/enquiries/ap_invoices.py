"""AP Invoice Enquiry: what suppliers sent, and what was paid on it (R58)."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from webapp.db import db
from webapp.domain.documents import DocumentKind, DocumentStatus
from webapp.domain.money import ZERO
from webapp.models import Batch, Company, Document, FinCo, Payment, User
from webapp.queries.enquiries.in_xero import records_of
from webapp.queries.enquiries.paid import PAID_ON, applied_credits, credits_on
from webapp.queries.paging import PAGE_SIZE, Page
from webapp.queries.run_documents import XeroRecord
from webapp.queries.sorting import Sort, ordered
from webapp.queries.viewers import Viewer

TYPES = (DocumentKind.AP_INVOICE, DocumentKind.AP_CREDIT, DocumentKind.SUB_CLAIM)


class PaidFilter(StrEnum):
    """How far an invoice or claim is paid. Credits are paid by nobody."""

    UNPAID = "unpaid"
    PART_PAID = "part paid"
    PAID = "paid"
    OVER_PAID = "over-paid"


_live = (
    sa.select(
        Payment.document_id,
        sa.func.sum(Payment.amount).label("amount"),
        sa.func.max(Payment.payment_date).label("last_date"),
    )
    .where(Payment.reversed_at.is_(None))
    .group_by(Payment.document_id)
    .subquery("live")
)
_credits = applied_credits().subquery("credits")
_TOTAL = Document.value_ex_gst + Document.gst
_PAID = sa.func.coalesce(_live.c.amount, ZERO)
_BALANCE = _TOTAL - sa.func.coalesce(_credits.c.credited, ZERO) - _PAID

_PAID_FAR: Mapping[PaidFilter, sa.ColumnElement[bool]] = {
    PaidFilter.UNPAID: sa.and_(_BALANCE > ZERO, _PAID == ZERO),
    PaidFilter.PART_PAID: sa.and_(_BALANCE > ZERO, _PAID != ZERO),
    PaidFilter.PAID: _BALANCE == ZERO,
    PaidFilter.OVER_PAID: sa.and_(_BALANCE < ZERO, _TOTAL >= ZERO),
}

SORTED_BY: Mapping[str, Any] = {
    "number": Document.number,
    "supplier": Company.name,
    "date": Document.document_date,
    "batch": Batch.number,
    "total": _TOTAL,
    "paid": _live.c.amount,
    "last": _live.c.last_date,
    "balance": _BALANCE,
}
_BY_PAYMENTS = frozenset({"paid", "last", "balance"})
NEWEST_FIRST = Sort("date", descending=True)


@dataclass(frozen=True, kw_only=True)
class ApFilter:
    """What was asked for. ``text`` is sought in number, reference and supplier."""

    text: str = ""
    fin_co: str | None = None
    types: tuple[DocumentKind, ...] = (DocumentKind.AP_INVOICE,)
    status: DocumentStatus | None = None
    paid: PaidFilter | None = None
    since: dt.date | None = None
    until: dt.date | None = None
    sort: Sort = NEWEST_FIRST


@dataclass(frozen=True)
class PaidSoFar:
    """What was paid on a document, in its currency; ``last`` is the latest payment."""

    total: Decimal
    last: Decimal
    last_date: dt.date


@dataclass(frozen=True, kw_only=True)
class ApRow:
    """One document. Amounts are in ``currency``."""

    id: int
    uid: str
    number: str
    reference: str | None
    kind: DocumentKind
    supplier: str | None
    company_id: int | None
    fin_co: str
    date: dt.date
    batch_number: str
    status: DocumentStatus
    approved_by: str | None
    currency: str
    value_ex_gst: Decimal
    gst: Decimal
    payments: PaidSoFar | None
    credited: Decimal
    """Total Credit Incl: what credits take off it; never negative."""
    xero: XeroRecord | None

    @property
    def total(self) -> Decimal:
        """Including GST."""
        return self.value_ex_gst + self.gst

    @property
    def balance(self) -> Decimal | None:
        """What is still to be paid; negative where more was paid than owed. Credits have none."""
        if self.kind not in PAID_ON:
            return None
        return self.total - self.credited - (self.payments.total if self.payments else ZERO)

    @property
    def paid(self) -> PaidFilter | None:
        """How far it is paid; None where that is not a question."""
        balance = self.balance
        if balance is None or self.total < ZERO:
            return None
        if balance > ZERO:
            return PaidFilter.PART_PAID if self.payments else PaidFilter.UNPAID
        return PaidFilter.OVER_PAID if balance < ZERO else PaidFilter.PAID


@dataclass(frozen=True)
class ApInvoices:
    """A page of documents."""

    rows: tuple[ApRow, ...]
    page: Page


_COLUMNS: tuple[Any, ...] = (
    Document.id,
    Document.uid,
    Document.number,
    Document.reference,
    Document.kind,
    Company.name.label("supplier"),
    Document.company_id,
    FinCo.code.label("fin_co"),
    Document.document_date.label("date"),
    Batch.number.label("batch_number"),
    Document.status,
    User.name.label("approved_by"),
    Document.currency_code.label("currency"),
    Document.value_ex_gst,
    Document.gst,
)


def ap_invoices(viewer: Viewer, asked: ApFilter, page_number: int) -> ApInvoices:
    """The documents that match. A fixed number of statements."""
    total = db.session.scalar(_matching(viewer, asked, sa.func.count(Document.id)))
    page = Page(page_number, total or 0)
    found = (
        db.session.execute(_rows(viewer, asked).limit(PAGE_SIZE).offset(page.offset))
        .mappings()
        .all()
    )
    return ApInvoices(_with_money(found, [row["id"] for row in found]), page)


def all_ap_invoices(viewer: Viewer, asked: ApFilter) -> tuple[ApRow, ...]:
    """Every document that matches, however many there are."""
    return _with_money(db.session.execute(_rows(viewer, asked)).mappings().all(), None)


def _rows(viewer: Viewer, asked: ApFilter) -> sa.Select[Any]:
    return _matching(viewer, asked, *_COLUMNS).order_by(
        *ordered(asked.sort, SORTED_BY, Document.id)
    )


def _matching(viewer: Viewer, asked: ApFilter, *columns: Any) -> sa.Select[Any]:
    select: sa.Select[Any] = (
        sa.select(*columns)
        .select_from(Document)
        .join(Batch, Batch.id == Document.batch_id)
        .join(FinCo, FinCo.id == Batch.fin_co_id)
        .outerjoin(Company, Company.id == Document.company_id)
        .outerjoin(User, User.id == Document.approved_by_id)
        .where(viewer.scope(Batch.fin_co_id), Document.kind.in_(asked.types))
    )
    if asked.paid or asked.sort.column in _BY_PAYMENTS:
        select = select.outerjoin(_live, _live.c.document_id == Document.id).outerjoin(
            _credits, _credits.c.document_id == Document.id
        )
    if asked.paid:
        select = select.where(_PAID_FAR[asked.paid], Document.kind.in_(PAID_ON))
    if asked.fin_co:
        select = select.where(FinCo.code == asked.fin_co)
    if asked.status:
        select = select.where(Document.status == asked.status)
    if asked.since:
        select = select.where(Document.document_date >= asked.since)
    if asked.until:
        select = select.where(Document.document_date <= asked.until)
    if asked.text:
        sought = (Document.number, Document.reference, Company.name)
        select = select.where(
            sa.or_(*(column.icontains(asked.text, autoescape=True) for column in sought))
        )
    return select


def _with_money(found: Sequence[sa.RowMapping], ids: Sequence[int] | None) -> tuple[ApRow, ...]:
    payments = _payments(ids)
    credited = credits_on(ids)
    records = records_of(ids)
    return tuple(
        ApRow(
            **row,
            payments=payments.get(row["id"]),
            credited=credited.get(row["id"], ZERO),
            xero=records.get(row["id"]),
        )
        for row in found
    )


def _payments(ids: Sequence[int] | None) -> dict[int, PaidSoFar]:
    """What was paid on each of these documents, or on every one."""
    conditions: list[sa.ColumnElement[bool]] = [Payment.reversed_at.is_(None)]
    if ids is not None:
        conditions.append(Payment.document_id.in_(ids))
    ranked = (
        sa.select(
            Payment.document_id,
            Payment.amount,
            Payment.payment_date,
            sa.func.sum(Payment.amount).over(partition_by=Payment.document_id).label("total"),
            sa.func.row_number()
            .over(
                partition_by=Payment.document_id,
                order_by=(Payment.payment_date.desc(), Payment.id.desc()),
            )
            .label("rank"),
        )
        .where(*conditions)
        .subquery()
    )
    rows = db.session.execute(
        sa.select(
            ranked.c.document_id, ranked.c.total, ranked.c.amount, ranked.c.payment_date
        ).where(ranked.c.rank == 1)
    )
    return {document_id: PaidSoFar(*paid) for document_id, *paid in rows}
