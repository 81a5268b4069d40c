"""Invoices, credits and claims of one side, and what was paid or received on them (R51, R58)."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from webapp.db import db
from webapp.domain.documents import DocumentKind, DocumentStatus
from webapp.domain.money import ZERO
from webapp.models import Batch, Company, Document, FinCo, Job, JobReceipt, Payment, User
from webapp.queries.enquiries.in_xero import records_of
from webapp.queries.enquiries.paid import applied_credits, credits_on
from webapp.queries.paging import PAGE_SIZE, Page
from webapp.queries.run_documents import XeroRecord
from webapp.queries.sorting import Sort, ordered
from webapp.queries.viewers import Viewer


class PaidFilter(StrEnum):
    """How far an invoice or claim is paid. Credits are paid by nobody."""

    UNPAID = "unpaid"
    PART_PAID = "part paid"
    PAID = "paid"
    OVER_PAID = "over-paid"


_credits = applied_credits().subquery("credits")
_TOTAL = Document.value_ex_gst + Document.gst
_BY_PAYMENTS = frozenset({"paid", "last", "balance"})
NEWEST_FIRST = Sort("date", descending=True)
SORTS = ("number", "company", "date", "batch", "total", "paid", "last", "balance")


@dataclass(frozen=True, kw_only=True)
class InvoiceFilter:
    """What was asked for. ``text`` is sought in number, reference and company."""

    text: str = ""
    fin_co: str | None = None
    types: tuple[DocumentKind, ...]
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
class InvoiceRow:
    """One document. Amounts are in ``currency``."""

    id: int
    uid: str
    number: str
    reference: str | None
    kind: DocumentKind
    claim_no: int | None
    job: str | None
    company: str | None
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
        if self.kind.is_credit:
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
class Invoices:
    """A page of documents."""

    rows: tuple[InvoiceRow, ...]
    page: Page


_COLUMNS: tuple[Any, ...] = (
    Document.id,
    Document.uid,
    Document.number,
    Document.reference,
    Document.kind,
    Document.claim_no,
    Job.code.label("job"),
    Company.name.label("company"),
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


@dataclass(frozen=True)
class Side:
    """One side of the ledger: the documents of it, and the money that pays them.

    Attributes:
        types: the kinds of documents that there are.
        money: where what was paid or received on them is kept.
    """

    types: tuple[DocumentKind, ...]
    money: type[Payment | JobReceipt]

    def page(self, viewer: Viewer, asked: InvoiceFilter, page_number: int) -> Invoices:
        """The documents that match. A fixed number of statements."""
        total = db.session.scalar(self._matching(viewer, asked, sa.func.count(Document.id)))
        page = Page(page_number, total or 0)
        found = (
            db.session.execute(self._rows(viewer, asked).limit(PAGE_SIZE).offset(page.offset))
            .mappings()
            .all()
        )
        return Invoices(self._with_money(found, [row["id"] for row in found]), page)

    def all(self, viewer: Viewer, asked: InvoiceFilter) -> tuple[InvoiceRow, ...]:
        """Every document that matches, however many there are."""
        return self._with_money(
            db.session.execute(self._rows(viewer, asked)).mappings().all(), None
        )

    @cached_property
    def _live(self) -> sa.Subquery:
        money = self.money
        return (
            sa.select(
                money.document_id,
                sa.func.sum(money.amount).label("amount"),
                sa.func.max(money.payment_date).label("last_date"),
            )
            .where(money.reversed_at.is_(None))
            .group_by(money.document_id)
            .subquery("live")
        )

    @property
    def _paid(self) -> Any:
        return sa.func.coalesce(self._live.c.amount, ZERO)

    @property
    def _balance(self) -> Any:
        return _TOTAL - sa.func.coalesce(_credits.c.credited, ZERO) - self._paid

    def _paid_far(self, asked: PaidFilter) -> sa.ColumnElement[bool]:
        conditions: Mapping[PaidFilter, sa.ColumnElement[bool]] = {
            PaidFilter.UNPAID: sa.and_(self._balance > ZERO, self._paid == ZERO),
            PaidFilter.PART_PAID: sa.and_(self._balance > ZERO, self._paid != ZERO),
            PaidFilter.PAID: self._balance == ZERO,
            PaidFilter.OVER_PAID: sa.and_(self._balance < ZERO, _TOTAL >= ZERO),
        }
        return conditions[asked]

    def _rows(self, viewer: Viewer, asked: InvoiceFilter) -> sa.Select[Any]:
        columns = (
            Document.number,
            Company.name,
            Document.document_date,
            Batch.number,
            _TOTAL,
            self._live.c.amount,
            self._live.c.last_date,
            self._balance,
        )
        by = dict(zip(SORTS, columns, strict=True))
        return self._matching(viewer, asked, *_COLUMNS).order_by(
            *ordered(asked.sort, by, Document.id)
        )

    def _matching(self, viewer: Viewer, asked: InvoiceFilter, *columns: Any) -> sa.Select[Any]:
        select: sa.Select[Any] = (
            sa.select(*columns)
            .select_from(Document)
            .join(Batch, Batch.id == Document.batch_id)
            .join(FinCo, FinCo.id == Batch.fin_co_id)
            .outerjoin(Company, Company.id == Document.company_id)
            .outerjoin(Job, Job.id == Document.job_id)
            .outerjoin(User, User.id == Document.approved_by_id)
            .where(viewer.scope(Batch.fin_co_id), Document.kind.in_(asked.types))
        )
        if asked.paid or asked.sort.column in _BY_PAYMENTS:
            select = select.outerjoin(
                self._live, self._live.c.document_id == Document.id
            ).outerjoin(_credits, _credits.c.document_id == Document.id)
        if asked.paid:
            paid_on = [kind for kind in self.types if not kind.is_credit]
            select = select.where(self._paid_far(asked.paid), Document.kind.in_(paid_on))
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

    def _with_money(
        self, found: Sequence[sa.RowMapping], ids: Sequence[int] | None
    ) -> tuple[InvoiceRow, ...]:
        payments = self._payments(ids)
        credited = credits_on(ids)
        records = records_of(ids)
        return tuple(
            InvoiceRow(
                **row,
                payments=payments.get(row["id"]),
                credited=credited.get(row["id"], ZERO),
                xero=records.get(row["id"]),
            )
            for row in found
        )

    def _payments(self, ids: Sequence[int] | None) -> dict[int, PaidSoFar]:
        """What was paid on each of these documents, or on every one."""
        money = self.money
        conditions: list[sa.ColumnElement[bool]] = [money.reversed_at.is_(None)]
        if ids is not None:
            conditions.append(money.document_id.in_(ids))
        latest_first = (money.payment_date.desc(), money.id.desc())
        ranked = (
            sa.select(
                money.document_id,
                money.amount,
                money.payment_date,
                sa.func.sum(money.amount).over(partition_by=money.document_id).label("total"),
                sa.func.row_number()
                .over(partition_by=money.document_id, order_by=latest_first)
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


AP = Side((DocumentKind.AP_INVOICE, DocumentKind.AP_CREDIT, DocumentKind.SUB_CLAIM), Payment)
AR = Side(
    (DocumentKind.SALES_INVOICE, DocumentKind.SALES_CREDIT, DocumentKind.CONTRACT_CLAIM),
    JobReceipt,
)
