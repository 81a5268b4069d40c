"""The GL analysis of a batch: what each account is debited and credited, as Xero would post it.

Documents that are in Xero count with the accounts they were posted to, which their lines keep;
all others with those the export would derive now, by the code that derives them (R77, R93).
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal

import sqlalchemy as sa

from webapp.db import db
from webapp.domain.batches import BatchType
from webapp.domain.documents import DocumentKind, DocumentStatus
from webapp.domain.entry.kinds import SALES
from webapp.domain.money import ZERO, to_cents
from webapp.mapping.exports.journals import is_one_sided
from webapp.models import Batch, Document, DocumentLine, GlAccount
from webapp.services.exports.posting import CODED, Accounts, Coded, Pair

GST = "GST"
PAYABLE = "Accounts Payable"
RECEIVABLE = "Accounts Receivable"


@dataclass(frozen=True)
class AccountSum:
    """What one account is debited and credited in one currency, over ``lines`` postings.

    ``account`` is None where a line has none, and on the accounts that Xero itself posts to: the
    GST and control accounts, which Workbench does not hold. Then ``name`` says which.
    """

    currency: str
    account: str | None
    name: str | None
    debit: Decimal
    credit: Decimal
    lines: int

    @property
    def net(self) -> Decimal:
        """Debit less credit."""
        return self.debit - self.credit


@dataclass(frozen=True)
class _Posting:
    """One side of a line; credits are negative."""

    currency: str
    account: str | None
    of_xero: str | None
    amount: Decimal


@dataclass(frozen=True)
class _Line:
    """A line with its accounts, wherever they came from."""

    kind: DocumentKind
    currency: str
    account: str | None
    credit_account: str | None
    value: Decimal
    gst: Decimal


def gl_analysis(batch_id: int) -> tuple[AccountSum, ...]:
    """Sum up a batch's accounts, by currency and code; the accounts Xero holds come last."""
    batch = db.session.get_one(Batch, batch_id)
    names = _names(batch.fin_co_id)
    sums: dict[tuple[str, str | None, str | None], list[Decimal]] = {}
    for line in (*_sent(batch), *_unsent(batch)):
        for posting in _postings(batch.batch_type, line):
            if posting.amount:
                key = (posting.currency, posting.of_xero, posting.account)
                sums.setdefault(key, []).append(posting.amount)
    return tuple(
        AccountSum(
            currency=currency,
            account=account,
            name=of_xero or names.get(account or ""),
            debit=sum((amount for amount in amounts if amount > 0), ZERO),
            credit=-sum((amount for amount in amounts if amount < 0), ZERO),
            lines=len(amounts),
        )
        for (currency, of_xero, account), amounts in sorted(
            sums.items(), key=lambda entry: tuple(part or "" for part in entry[0])
        )
    )


def line_accounts(batch_id: int, line_ids: Collection[int] | None = None) -> dict[int, Pair]:
    """The accounts that lines would post to now, of documents not in Xero yet, by the lines' ids.

    Args:
        batch_id: the batch. The caller checked the scope.
        line_ids: the lines that are meant; None where all of the batch are.
    """
    batch = db.session.get_one(Batch, batch_id)
    meant = () if line_ids is None else (DocumentLine.id.in_(line_ids),)
    rows = db.session.execute(
        sa.select(DocumentLine.id, DocumentLine.value_ex_gst, *CODED)
        .join(Document, Document.id == DocumentLine.document_id)
        .where(Document.batch_id == batch_id, Document.status != DocumentStatus.UPDATED, *meant)
    )
    accounts = Accounts(batch, *meant)
    return {
        line_id: accounts.of(coded)
        for line_id, value, *codes in rows
        # A journal's line of nothing posts nothing.
        if (coded := Coded(*codes)).kind is not DocumentKind.JOURNAL or to_cents(value)
    }


def _names(fin_co_id: int) -> dict[str, str]:
    rows = db.session.execute(
        sa.select(GlAccount.code, GlAccount.description).where(GlAccount.fin_co_id == fin_co_id)
    )
    return dict(rows.all())


def _sent(batch: Batch) -> Iterator[_Line]:
    rows = db.session.execute(
        sa.select(
            Document.kind,
            Document.currency_code,
            DocumentLine.gl_account,
            DocumentLine.cr_gl_account,
            DocumentLine.value_ex_gst,
            DocumentLine.gst,
        )
        .join(DocumentLine, DocumentLine.document_id == Document.id)
        .where(Document.batch_id == batch.id, Document.status == DocumentStatus.UPDATED)
    )
    for row in rows:
        yield _Line(*row)


def _unsent(batch: Batch) -> Iterator[_Line]:
    accounts = Accounts(batch)
    rows = db.session.execute(
        sa.select(Document.currency_code, DocumentLine.value_ex_gst, DocumentLine.gst, *CODED)
        .join(DocumentLine, DocumentLine.document_id == Document.id)
        .where(Document.batch_id == batch.id, Document.status != DocumentStatus.UPDATED)
    )
    for currency, value, gst, *codes in rows:
        coded = Coded(*codes)
        yield _Line(coded.kind, currency, *accounts.of(coded), value, gst)


def _postings(batch_type: BatchType, line: _Line) -> Iterator[_Posting]:
    value, gst = to_cents(line.value), to_cents(line.gst)
    if line.kind is DocumentKind.JOURNAL:
        yield _Posting(line.currency, line.account, None, value)
        if not is_one_sided(batch_type):
            yield _Posting(line.currency, line.credit_account, None, -value)
        return
    # What is sold credits the account; what is bought debits it. Credits carry negative amounts.
    sign, control = (-1, RECEIVABLE) if line.kind in SALES else (1, PAYABLE)
    yield _Posting(line.currency, line.account, None, sign * value)
    yield _Posting(line.currency, None, GST, sign * gst)
    yield _Posting(line.currency, None, control, -sign * (value + gst))
