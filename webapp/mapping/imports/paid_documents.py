"""Which document of Workbench a payment of Xero pays (Q20)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from webapp.domain.documents import DocumentKind
from webapp.domain.matching import link_code
from webapp.domain.runs import ImportKind
from webapp.xero.records import Payment

PAID_KINDS = {
    ImportKind.JOB_RECEIPTS: frozenset({DocumentKind.SALES_INVOICE, DocumentKind.CONTRACT_CLAIM}),
    ImportKind.PAYMENTS: frozenset({DocumentKind.AP_INVOICE, DocumentKind.SUB_CLAIM}),
}
"""What money received pays, and what money spent does."""

_ID_FIRST = re.compile(r"\d+-(.+)")
_ID_LAST = re.compile(r"(.+)-\d+")


@dataclass(frozen=True)
class PaidDocument:
    """A document that a payment may belong to.

    Attributes:
        id: of the document.
        kind: which side it is on.
        number: the supplier's own on AP documents, ours on sales documents.
        currency_code: what its amounts are in.
        company_id: its client or supplier.
        company_name: what that company is called.
        exported: whether it went to the ledger, so that its stored id is only missing because it
            went there in former times.
    """

    id: int
    kind: DocumentKind
    number: str
    currency_code: str
    company_id: int | None
    company_name: str
    exported: bool


@dataclass(frozen=True)
class Documents:
    """The documents that the payments of a page may belong to.

    Attributes:
        by_xero_id: those of the FinCo whose id in the organisation was stored at export.
        of_others: ids of invoices that another FinCo's documents became.
        by_number: those of the FinCo without a stored id, by number.
        companies: the FinCo's companies by the id of the contact they are linked to.
    """

    by_xero_id: Mapping[str, PaidDocument] = field(default_factory=dict)
    of_others: frozenset[str] = frozenset()
    by_number: Mapping[str, Sequence[PaidDocument]] = field(default_factory=dict)
    companies: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class NoMatch:
    """Why a payment has no document here, in plain words.

    Attributes:
        reason: said of the payment.
        mendable: whether somebody can put it right, so that it is to come again.
        ours: whether a document of Workbench is in play at all.
    """

    reason: str
    mendable: bool = False
    ours: bool = False


def invoice_name(payment: Payment) -> str:
    """What people call the invoice or bill that a payment is of."""
    noun = "bill" if payment.invoice_type == "ACCPAY" else "invoice"
    number = link_code(payment.invoice_number)
    return f"{noun} {number}" if number else f"the {noun} without a number"


def candidate_numbers(payment: Payment, kind: ImportKind) -> list[str]:
    """The numbers under which Workbench may keep what is paid, the likeliest first.

    Bills once carried the AP Invoice's id before or after the supplier's number, so that payments
    could be recognised; such numbers are still found in old organisations.
    """
    number = link_code(payment.invoice_number)
    if not number:
        return []
    if kind is not ImportKind.PAYMENTS:
        return [number]
    decorated = [form.fullmatch(number) for form in (_ID_FIRST, _ID_LAST)]
    return [number, *(found[1].strip() for found in decorated if found)]


def find_document(
    payment: Payment, kind: ImportKind, documents: Documents
) -> PaidDocument | NoMatch:
    """Give the document a payment is of: by the stored id, else by number where only one fits.

    A number says little by itself: the document must also be of the right side, of the contact's
    company and in the invoice's currency. Where two fit, neither is taken.
    """
    if payment.invoice_id in documents.of_others:
        return NoMatch(f"{invoice_name(payment)} belongs to another FinCo")
    found = documents.by_xero_id.get(payment.invoice_id or "")
    if found is None:
        by_number = _by_number(payment, kind, documents)
        if isinstance(by_number, NoMatch):
            return by_number
        found = by_number
    elif found.kind not in PAID_KINDS[kind]:
        reason = f"{invoice_name(payment)} is kept as {found.kind.value} in Workbench"
        return NoMatch(f"{reason}: look at its link to Xero", mendable=True, ours=True)
    if payment.currency_code not in {"", found.currency_code}:
        return NoMatch(
            f"{invoice_name(payment)} is in {payment.currency_code} in Xero and in "
            f"{found.currency_code} in Workbench: put one of them right",
            mendable=True,
            ours=True,
        )
    return found


def _by_number(payment: Payment, kind: ImportKind, documents: Documents) -> PaidDocument | NoMatch:
    # Most payments of an organisation are of documents that nobody here ever had.
    numbers = candidate_numbers(payment, kind) if documents.by_number else []
    of_others: list[PaidDocument] = []
    for position, number in enumerate(numbers):
        carrying = [
            document
            for document in documents.by_number.get(number, ())
            if document.kind in PAID_KINDS[kind] and (position == 0 or document.exported)
        ]
        fitting = [one for one in carrying if _is_of_contact(one, payment, documents)]
        if len(fitting) == 1:
            return fitting[0]
        if fitting:
            return NoMatch(
                f"{len(fitting)} documents in Workbench have number {number}, so it cannot be "
                "told which of them is paid: cancel or renumber the wrong one",
                mendable=True,
                ours=True,
            )
        of_others += carrying
    if of_others and kind is ImportKind.JOB_RECEIPTS:
        return NoMatch(
            f"{invoice_name(payment)} is {of_others[0].company_name or 'nobody'}'s in Workbench "
            f"and {payment.contact_name or 'nobody'}'s in Xero: put one of them right",
            mendable=True,
            ours=True,
        )
    return NoMatch(f"{invoice_name(payment)} is not ours")


def _is_of_contact(document: PaidDocument, payment: Payment, documents: Documents) -> bool:
    company_id = documents.companies.get(payment.contact_id or "")
    if company_id is not None:
        return document.company_id == company_id
    # Its contact was never imported: the name is all that is left to go by.
    name = link_code(payment.contact_name).casefold()
    return bool(name) and link_code(document.company_name).casefold() == name
