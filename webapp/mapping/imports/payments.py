"""What becomes of the payments of Xero (R51 to R63): receipts, payments, or nothing, and why."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from webapp.domain.money import ZERO, to_cents
from webapp.domain.runs import ImportKind
from webapp.mapping.imports.outcome import Outcome, Rejection
from webapp.mapping.imports.paid_documents import (
    Documents,
    NoMatch,
    PaidDocument,
    find_document,
    invoice_name,
)
from webapp.xero.records import Payment

_KIND_OF = {
    "ACCRECPAYMENT": ImportKind.JOB_RECEIPTS,
    "ACCPAYPAYMENT": ImportKind.PAYMENTS,
}

_PAYS_NO_INVOICE = {
    "ARCREDITPAYMENT": "a refund of a credit note",
    "APCREDITPAYMENT": "a refund of a credit note",
    "ARPREPAYMENTPAYMENT": "a prepayment",
    "APPREPAYMENTPAYMENT": "a prepayment",
    "AROVERPAYMENTPAYMENT": "an overpayment",
    "APOVERPAYMENTPAYMENT": "an overpayment",
}
"""Types that are left to the ledger (Q22)."""

_LARGEST = Decimal(10) ** 13
_LARGEST_RATE = Decimal(10) ** 9
_RATE_PLACES = Decimal("0.00000001")

DELETED_UNKNOWN = "deleted in Xero and never imported"
ALL_OTHER_BILLS = Rejection(
    outcome=Outcome.SKIPPED,
    name="Payments of bills that are not from Workbench",
    xero_id=None,
    reason="Workbench keeps the payments of its own bills only. This line stands for all others.",
    digest="bills-not-from-workbench",
)
"""One row for what R60 ignores: in most organisations nearly every bill never was in Workbench,
and a row for each payment of theirs would bury those that somebody has to look at."""


@dataclass(frozen=True)
class PaymentFields:
    """What an import sets on a receipt or payment; amounts as in ``PaidInXero``."""

    batch_payment_id: str | None
    document_id: int
    payment_date: dt.date
    reference: str | None
    amount: Decimal
    currency_code: str
    currency_rate: Decimal | None
    bank_amount: Decimal | None
    account_code: str | None


@dataclass(frozen=True)
class KnownPayment:
    """A receipt or payment that was brought in before."""

    id: int
    document: PaidDocument
    fields: PaymentFields
    reversed: bool


@dataclass(frozen=True)
class Change:
    """A receipt or payment to make (``former`` is None), to change, or to count again."""

    payment: Payment
    fields: PaymentFields
    former: KnownPayment | None = None


@dataclass
class PaymentPlan:
    """What an import does with some payments of one kind."""

    changes: list[Change] = field(default_factory=list)
    reversals: list[tuple[Payment, KnownPayment]] = field(default_factory=list)
    unchanged: list[tuple[Payment, KnownPayment]] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)
    other_bills: int = 0
    """How many pay bills that are not from Workbench (R60)."""


def kind_of(payment: Payment) -> ImportKind:
    """Say to which of the two kinds a payment counts, whatever becomes of it."""
    named = _KIND_OF.get(payment.payment_type)
    if named is not None:
        return named
    spent = payment.payment_type.startswith("AP") or payment.invoice_type == "ACCPAY"
    return ImportKind.PAYMENTS if spent else ImportKind.JOB_RECEIPTS


def plan_payments(
    kind: ImportKind,
    payments: Iterable[Payment],
    documents: Documents,
    known: Mapping[str, KnownPayment],
    base_currency: str,
) -> PaymentPlan:
    """Decide what each payment changes.

    A payment of Xero is never edited, only deleted, and a deleted one stays in the list (trap
    26): it takes back what it brought in and never brings anything in (R52, R61, Q21).

    Args:
        kind: of all the payments (``kind_of``).
        payments: of a page; each once.
        documents: those they may belong to.
        known: what was brought in before, by payment id.
        base_currency: of the FinCo.
    """
    plan = PaymentPlan()
    for payment in payments:
        _decide(kind, payment, documents, known.get(payment.payment_id), base_currency, plan)
    return plan


def _decide(
    kind: ImportKind,
    payment: Payment,
    documents: Documents,
    former: KnownPayment | None,
    base_currency: str,
    plan: PaymentPlan,
) -> None:
    if payment.status != "AUTHORISED" and former is not None:
        _take_back(payment, former, plan)
        return
    refusal = _not_by_its_nature(payment)
    if refusal is not None:
        plan.rejections.append(rejection(payment, refusal))
        return
    document = find_document(payment, kind, documents)
    if isinstance(document, NoMatch) and former is not None:
        # It was recognised when it came in, perhaps by a number that was changed since.
        document = former.document
    if isinstance(document, NoMatch):
        if kind is ImportKind.PAYMENTS and not document.ours:
            plan.other_bills += 1
        else:
            plan.rejections.append(_rejection_of(payment, document))
        return
    if payment.status != "AUTHORISED":
        reason = (
            DELETED_UNKNOWN
            if payment.status == "DELETED"
            else f"{payment.status or 'without a status'} in Xero, not AUTHORISED"
        )
        plan.rejections.append(rejection(payment, reason))
        return
    fields = _fields(payment, document, base_currency)
    if isinstance(fields, str):
        plan.rejections.append(rejection(payment, fields, Outcome.FAILED))
    elif former is not None and fields == former.fields and not former.reversed:
        plan.unchanged.append((payment, former))
    else:
        plan.changes.append(Change(payment, fields, former))


def _take_back(payment: Payment, former: KnownPayment, plan: PaymentPlan) -> None:
    if not payment.status:
        reason = "Xero does not say whether it still stands; it is left as it was"
        plan.rejections.append(rejection(payment, reason, Outcome.FAILED))
    elif former.reversed:
        plan.unchanged.append((payment, former))
    else:
        plan.reversals.append((payment, former))


def _not_by_its_nature(payment: Payment) -> str | None:
    if payment.payment_type in _KIND_OF:
        return None
    what = _PAYS_NO_INVOICE.get(payment.payment_type)
    if what is not None:
        return f"{what}, which pays no invoice"
    if not payment.payment_type:
        return "Xero does not say what it pays"
    return f"of type {payment.payment_type}, which Workbench does not know"


def _rejection_of(payment: Payment, why: NoMatch) -> Rejection:
    if payment.status == "DELETED":
        return rejection(payment, DELETED_UNKNOWN)
    return rejection(payment, why.reason, Outcome.FAILED if why.mendable else Outcome.SKIPPED)


def rejection(payment: Payment, reason: str, outcome: Outcome = Outcome.SKIPPED) -> Rejection:
    """Say why a payment was not brought in, under a name a finance person recognises."""
    return Rejection(
        outcome=outcome,
        name=payment_name(payment),
        xero_id=payment.payment_id,
        reason=reason,
        updated_at=payment.updated_at,
    )


def payment_name(payment: Payment) -> str:
    """What people know a payment by: how much, for what, whose, when."""
    amount = "" if payment.amount is None else f" of {_shown(payment.amount)}"
    currency = f" {payment.currency_code}" if amount and payment.currency_code else ""
    what = f" for {invoice_name(payment)}" if payment.invoice_id or payment.invoice_number else ""
    said = [
        f"Payment{amount}{currency}{what}",
        payment.contact_name,
        f"{payment.date:%d %b %Y}" if payment.date else "",
    ]
    return ", ".join(part for part in said if part)


def _shown(amount: Decimal) -> str:
    return str(amount) if abs(amount) >= _LARGEST else f"{to_cents(amount):,}"


def _fields(payment: Payment, document: PaidDocument, base_currency: str) -> PaymentFields | str:
    """What is stored of a payment; where that cannot be, why not."""
    if payment.date is None:
        return "Xero gives no date of it"
    if payment.amount is None:
        return "Xero gives no amount of it"
    if abs(payment.amount) >= _LARGEST or abs(payment.bank_amount or ZERO) >= _LARGEST:
        return "its amount is larger than Workbench can keep"
    amount = to_cents(payment.amount)
    if amount <= 0:
        return f"its amount is {amount}, which pays nothing"
    foreign = document.currency_code != base_currency
    return PaymentFields(
        batch_payment_id=payment.batch_payment_id,
        document_id=document.id,
        payment_date=payment.date,
        reference=payment.reference.strip()[:255] or None,
        amount=amount,
        currency_code=document.currency_code,
        currency_rate=_rate(payment.currency_rate) if foreign else None,
        bank_amount=None if payment.bank_amount is None else to_cents(payment.bank_amount),
        account_code=payment.account_code.strip()[:20] or None,
    )


def _rate(given: Decimal | None) -> Decimal | None:
    """Xero's rate is foreign units per one of the base currency, as ours is (xero-api d.7.2)."""
    if given is None or not 0 < given < _LARGEST_RATE:
        return None
    return given.quantize(_RATE_PLACES, ROUND_HALF_UP) or None
