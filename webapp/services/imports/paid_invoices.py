"""The invoices that the receipts of a page are of: what counts on each, before and now."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from webapp.db import db
from webapp.mapping.imports.outcome import Outcome, Rejection
from webapp.mapping.imports.payments import Change, PaymentPlan
from webapp.mapping.imports.receipts import InvoiceAmounts, Received, beyond, split_gst
from webapp.models import Document
from webapp.models.payments import JobReceipt
from webapp.services.among import among


@dataclass(frozen=True)
class _Invoice:
    number: str
    currency_code: str
    amounts: InvoiceAmounts


class PaidInvoices:
    """The invoices of a plan, as they stand before it is stored and as they will stand then.

    ``counting`` holds the payment ids of all receipts that count on them in the end.
    """

    def __init__(self, plan: PaymentPlan) -> None:
        formers = [change.former for change in plan.changes if change.former is not None]
        formers += [former for _, former in plan.reversals]
        self._changed = {former.fields.document_id for former in formers}
        self._changed |= {change.fields.document_id for change in plan.changes}
        unchanged = {former.fields.document_id for _, former in plan.unchanged}
        ids = self._changed | unchanged
        self._row_ids: dict[str, int] = {}
        self._invoices = _invoices(ids)
        self._before = self._received(ids)
        self._now = {key: dict(counted) for key, counted in self._before.items()}
        for payment, former in plan.reversals:
            self._now[former.fields.document_id].pop(payment.payment_id, None)
        for change in plan.changes:
            self._apply(change)
        self.counting = frozenset().union(*self._now.values())

    def _received(self, ids: Collection[int]) -> dict[int, dict[str, Received]]:
        received: dict[int, dict[str, Received]] = {document_id: {} for document_id in ids}
        rows = db.session.execute(
            sa.select(
                JobReceipt.id,
                JobReceipt.document_id,
                JobReceipt.payment_id,
                JobReceipt.payment_date,
                JobReceipt.amount,
                JobReceipt.gst,
            ).where(among(JobReceipt.document_id, ids), JobReceipt.reversed_at.is_(None))
        )
        for row in rows:
            received[row.document_id][row.payment_id] = Received(
                row.payment_id, row.payment_date, row.amount, row.gst
            )
            self._row_ids[row.payment_id] = row.id
        return received

    def _apply(self, change: Change) -> None:
        key, fields, former = change.payment.payment_id, change.fields, change.former
        if former is not None:
            stored = self._now[former.fields.document_id].pop(key, None)
            same = (former.fields.document_id, former.fields.payment_date, former.fields.amount)
            if stored is not None and same == (
                fields.document_id, fields.payment_date, fields.amount,
            ):  # fmt: skip
                self._now[fields.document_id][key] = stored
                return
        new = Received(key, fields.payment_date, fields.amount, None)
        self._now[fields.document_id][key] = new

    def shares(self) -> Mapping[str, Decimal]:
        """The GST of every receipt on the invoices where something changed, by payment id."""
        shares: dict[str, Decimal] = {}
        for document_id in self._changed:
            before, now = self._before[document_id], self._now[document_id]
            amounts = self._invoices[document_id].amounts
            shares |= split_gst(amounts, before.values(), now.values())
        return shares

    def moved(self, shares: Mapping[str, Decimal]) -> list[dict[str, Any]]:
        """The stored receipts whose GST is another one by these shares, with their rows' ids."""
        return [
            {"id": self._row_ids[key], "gst": shares[key]}
            for document_id in self._changed
            for key, one in self._now[document_id].items()
            if one.gst is not None and one.gst != shares[key]
        ]

    def over_paid(self) -> list[Rejection]:
        """The receipts that go beyond their invoice, as warnings that name it (R54, Q23)."""
        warnings: list[Rejection] = []
        for document_id, now in self._now.items():
            invoice = self._invoices[document_id]
            for key, over in beyond(invoice.amounts, now.values()).items():
                one = now[key]
                name = f"Payment of {one.amount:,.2f} {invoice.currency_code} for invoice "
                warnings.append(
                    Rejection(
                        outcome=Outcome.WARNING,
                        name=f"{name}{invoice.number}, {one.date:%d %b %Y}",
                        xero_id=key,
                        reason=f"brought in, but with it invoice {invoice.number} is over-paid by "
                        f"{over:,.2f} {invoice.currency_code}: see whether it belongs there",
                    )
                )
        return warnings


def _invoices(ids: Collection[int]) -> dict[int, _Invoice]:
    rows = db.session.execute(
        sa.select(
            Document.id,
            Document.number,
            Document.currency_code,
            Document.value_ex_gst,
            Document.gst,
        ).where(among(Document.id, ids))
    )
    return {
        row.id: _Invoice(
            row.number,
            row.currency_code,
            InvoiceAmounts(total=row.value_ex_gst + row.gst, gst=row.gst),
        )
        for row in rows
    }
