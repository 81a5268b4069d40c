"""Lists of money that moved, whichever way: what Job Receipts and Payments have in common."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, Generic, TypeVar

import sqlalchemy as sa

from webapp.db import db
from webapp.domain.money import ZERO
from webapp.models import Company, Document, FinCo, JobReceipt, Payment
from webapp.queries.enquiries.in_xero import records_of
from webapp.queries.enquiries.paid import credits_on
from webapp.queries.paging import PAGE_SIZE, Page
from webapp.queries.run_documents import XeroRecord
from webapp.queries.sorting import Sort, ordered
from webapp.queries.viewers import Viewer

NEWEST_FIRST = Sort("date", descending=True)


class MovedStatus(StrEnum):
    """What was deleted in Xero stays, reversed (R61)."""

    ANY = "any"
    STANDING = "standing"
    REVERSED = "reversed"


@dataclass(frozen=True, kw_only=True)
class MovedFilter:
    """What was asked for; each list says in which columns ``text`` is sought."""

    text: str = ""
    fin_co: str | None = None
    status: MovedStatus = MovedStatus.ANY
    since: dt.date | None = None
    until: dt.date | None = None
    sort: Sort = NEWEST_FIRST


@dataclass(frozen=True, kw_only=True)
class MovedRow:
    """One receipt or payment. Amounts are in ``currency``, including GST."""

    document_id: int
    date: dt.date
    reference: str | None
    amount: Decimal
    currency: str
    reversed_at: dt.datetime | None
    uid: str
    invoice_number: str
    invoice_date: dt.date
    value_ex_gst: Decimal
    invoice_gst: Decimal
    company: str | None
    fin_co: str
    balance: Decimal
    """What is still open on the invoice; negative where too much moved (Q23)."""
    xero: XeroRecord | None

    @property
    def invoice_total(self) -> Decimal:
        """The invoice or claim including GST."""
        return self.value_ex_gst + self.invoice_gst

    @property
    def is_overpaid(self) -> bool:
        """Whether a person should look at the invoice (R54)."""
        return self.balance < min(ZERO, self.invoice_total)


R = TypeVar("R", bound=MovedRow)
Joins = Callable[[sa.Select[Any]], sa.Select[Any]]


@dataclass(frozen=True)
class Moved(Generic[R]):
    """A page of a list, and how many there are of each status."""

    rows: tuple[R, ...]
    page: Page
    counts: Mapping[MovedStatus, int]


@dataclass(frozen=True, kw_only=True)
class MovedList(Generic[R]):
    """One such list.

    Attributes:
        table: what it lists.
        row: what its rows are made into.
        columns: what they have besides what all have, labelled as in ``row``.
        sought: where a text is sought, besides reference, invoice number and company.
        own_sorting: what else may sort it than date, invoice and amount, by its word in addresses.
        joins: adds the tables that ``columns`` need.
    """

    table: type[JobReceipt | Payment]
    row: type[R]
    columns: tuple[Any, ...]
    sought: tuple[sa.ColumnElement[Any], ...]
    own_sorting: Mapping[str, Any]
    joins: Joins

    @property
    def sorted_by(self) -> Mapping[str, Any]:
        """Every column that may sort it."""
        return {
            "date": self.table.payment_date,
            "invoice": Document.number,
            "amount": self.table.amount,
            **self.own_sorting,
        }

    def page(self, viewer: Viewer, asked: MovedFilter, page_number: int) -> Moved[R]:
        """Those that match. A fixed number of statements."""
        counts = self._counts(viewer, asked)
        page = Page(page_number, counts[asked.status])
        found = (
            db.session.execute(self._rows(viewer, asked).limit(PAGE_SIZE).offset(page.offset))
            .mappings()
            .all()
        )
        return Moved(self._told(found, list({row["document_id"] for row in found})), page, counts)

    def all(self, viewer: Viewer, asked: MovedFilter) -> tuple[R, ...]:
        """Every one that matches, however many there are."""
        return self._told(db.session.execute(self._rows(viewer, asked)).mappings().all(), None)

    def _statuses(self) -> Mapping[MovedStatus, sa.ColumnElement[bool]]:
        return {
            MovedStatus.ANY: sa.true(),
            MovedStatus.STANDING: self.table.reversed_at.is_(None),
            MovedStatus.REVERSED: self.table.reversed_at.is_not(None),
        }

    def _counts(self, viewer: Viewer, asked: MovedFilter) -> Mapping[MovedStatus, int]:
        statuses = self._statuses()
        columns = (
            sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)
            for condition in statuses.values()
        )
        row = db.session.execute(self._matching(viewer, asked, *columns)).one()
        return dict(zip(statuses, row, strict=True))

    def _rows(self, viewer: Viewer, asked: MovedFilter) -> sa.Select[Any]:
        table = self.table
        columns: tuple[Any, ...] = (
            table.document_id,
            table.payment_date.label("date"),
            table.reference,
            table.amount,
            table.currency_code.label("currency"),
            table.reversed_at,
            Document.uid,
            Document.number.label("invoice_number"),
            Document.document_date.label("invoice_date"),
            Document.value_ex_gst,
            Document.gst.label("invoice_gst"),
            Company.name.label("company"),
            FinCo.code.label("fin_co"),
            *self.columns,
        )
        return (
            self._matching(viewer, asked, *columns)
            .where(self._statuses()[asked.status])
            .order_by(*ordered(asked.sort, self.sorted_by, table.id))
        )

    def _matching(self, viewer: Viewer, asked: MovedFilter, *columns: Any) -> sa.Select[Any]:
        table = self.table
        select = self.joins(
            sa.select(*columns)
            .select_from(table)
            .join(Document, Document.id == table.document_id)
            .join(FinCo, FinCo.id == table.fin_co_id)
            .outerjoin(Company, Company.id == Document.company_id)
            .where(viewer.scope(table.fin_co_id))
        )
        if asked.fin_co:
            select = select.where(FinCo.code == asked.fin_co)
        if asked.since:
            select = select.where(table.payment_date >= asked.since)
        if asked.until:
            select = select.where(table.payment_date <= asked.until)
        if asked.text:
            sought = (table.reference, Document.number, Company.name, *self.sought)
            select = select.where(
                sa.or_(*(column.icontains(asked.text, autoescape=True) for column in sought))
            )
        return select

    def _told(self, found: Sequence[sa.RowMapping], ids: Sequence[int] | None) -> tuple[R, ...]:
        moved = self._moved(ids)
        credited = credits_on(ids)
        records = records_of(ids)
        return tuple(
            self.row(
                **row,
                balance=row["value_ex_gst"]
                + row["invoice_gst"]
                - credited.get(row["document_id"], ZERO)
                - moved.get(row["document_id"], ZERO),
                xero=records.get(row["document_id"]),
            )
            for row in found
        )

    def _moved(self, ids: Sequence[int] | None) -> dict[int, Decimal]:
        """What counts of the money on each of these documents, or on every one."""
        table = self.table
        select = (
            sa.select(table.document_id, sa.func.sum(table.amount).label("amount"))
            .where(table.reversed_at.is_(None))
            .group_by(table.document_id)
        )
        if ids is not None:
            select = select.where(table.document_id.in_(ids))
        return {row.document_id: row.amount for row in db.session.execute(select)}
