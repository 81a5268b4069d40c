"""What was paid or received on documents: only what was not reversed counts (R61)."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from webapp.db import db
from webapp.domain.documents import DocumentKind, DocumentStatus
from webapp.domain.money import ZERO, total
from webapp.models import Batch, Document, GlAccount, JobReceipt, Payment
from webapp.queries.document_details import DocumentDetails

RECEIVED_ON = frozenset({DocumentKind.SALES_INVOICE, DocumentKind.CONTRACT_CLAIM})
PAID_ON = frozenset({DocumentKind.AP_INVOICE, DocumentKind.SUB_CLAIM})


@dataclass(frozen=True, kw_only=True)
class PaidRow:
    """One payment or receipt. Amounts are in ``currency``; ``bank_amount`` is in the account's."""

    number: int | None
    """Receipt No; payments have none."""
    date: dt.date
    reference: str | None
    amount: Decimal
    gst: Decimal | None
    currency: str
    currency_rate: Decimal | None
    bank_amount: Decimal | None
    account_code: str | None
    account_name: str | None
    batch_number: str | None
    batch_payment_id: str | None
    reversed_at: dt.datetime | None

    @property
    def ex_gst(self) -> Decimal | None:
        """What is left of a receipt without its GST."""
        return None if self.gst is None else self.amount - self.gst


@dataclass(frozen=True)
class DocumentMoney:
    """Everything paid or received on one document, in its currency, including GST."""

    rows: tuple[PaidRow, ...]
    total: Decimal
    credited: Decimal
    """What credits take off it; never negative."""

    @property
    def paid(self) -> Decimal:
        """What counts of the payments."""
        return total(row.amount for row in self.rows if row.reversed_at is None)

    @property
    def balance(self) -> Decimal:
        """What is still to be paid; negative where more came than was owed (Q23)."""
        return self.total - self.credited - self.paid

    @property
    def is_overpaid(self) -> bool:
        """Whether a person should look at it (R54)."""
        return self.balance < min(ZERO, self.total)


def money_on(document: DocumentDetails) -> DocumentMoney | None:
    """The payments of an AP document, the receipts of a sales one; None where there can be none."""
    if document.kind in RECEIVED_ON:
        rows = _receipts(document.id)
    elif document.kind in PAID_ON:
        rows = _payments(document.id)
    else:
        return None
    credited = credits_on([document.id]).get(document.id, ZERO)
    return DocumentMoney(rows, document.total, credited)


def credits_on(document_ids: Sequence[int] | None = None) -> dict[int, Decimal]:
    """What credits take off each of these documents, or off every one, including GST."""
    applied = applied_credits()
    if document_ids is not None:
        applied = applied.where(Document.applies_to_id.in_(document_ids))
    return {row.document_id: row.credited for row in db.session.execute(applied)}


def applied_credits() -> sa.Select[Any]:
    """A row for each document that credits apply to: ``document_id`` and ``credited``."""
    # Credits are kept negative.
    credited = -sa.func.sum(Document.value_ex_gst + Document.gst)
    columns: tuple[Any, ...] = (
        Document.applies_to_id.label("document_id"),
        credited.label("credited"),
    )
    return (
        sa.select(*columns)
        .where(
            Document.applies_to_id.is_not(None),
            Document.kind.in_([kind for kind in DocumentKind if kind.is_credit]),
            Document.status != DocumentStatus.CANCELLED,
        )
        .group_by(Document.applies_to_id)
    )


def _receipts(document_id: int) -> tuple[PaidRow, ...]:
    rows = db.session.execute(
        _paid(JobReceipt, JobReceipt.number, JobReceipt.gst, Batch.number)
        .join(Batch, Batch.id == JobReceipt.batch_id)
        .where(JobReceipt.document_id == document_id)
        .order_by(JobReceipt.payment_date, JobReceipt.number)
    )
    return tuple(PaidRow(**row) for row in rows.mappings())


def _payments(document_id: int) -> tuple[PaidRow, ...]:
    rows = db.session.execute(
        _paid(Payment, sa.null(), sa.null(), sa.null())
        .where(Payment.document_id == document_id)
        .order_by(Payment.payment_date, Payment.id)
    )
    return tuple(PaidRow(**row) for row in rows.mappings())


def _paid(table: type[JobReceipt | Payment], number: Any, gst: Any, batch: Any) -> sa.Select[Any]:
    columns: tuple[Any, ...] = (
        number.label("number"),
        table.payment_date.label("date"),
        table.reference,
        table.amount,
        gst.label("gst"),
        table.currency_code.label("currency"),
        table.currency_rate,
        table.bank_amount,
        table.account_code,
        GlAccount.description.label("account_name"),
        batch.label("batch_number"),
        table.batch_payment_id,
        table.reversed_at,
    )
    return (
        sa.select(*columns)
        .select_from(table)
        .outerjoin(
            GlAccount,
            sa.and_(GlAccount.fin_co_id == table.fin_co_id, GlAccount.code == table.account_code),
        )
    )
