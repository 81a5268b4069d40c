"""The one shape of invoices and credit notes, to suppliers and to clients alike."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from webapp.domain.money import gst_of, to_cents
from webapp.mapping.exports.outgoing import OutgoingDocument, OutgoingLine
from webapp.mapping.exports.payload import Payload
from webapp.xero.encoding import NOT_XML

DESCRIPTION_LENGTH = 4000
RATE_PLACES = Decimal("0.000001")


@dataclass(frozen=True, kw_only=True)
class Side:
    """What tells suppliers' documents from clients' documents at Xero."""

    invoice_type: str
    credit_type: str
    takes_reference: bool
    """Xero keeps a Reference on sales documents only (xero-api d.7.2, d.8)."""
    describe: Callable[[OutgoingLine], str]
    """The text of a line, of any length; it may come to nothing."""


def record_of(document: OutgoingDocument, side: Side) -> Payload:
    """Map a document: an invoice, or where it adds up below zero, a credit note.

    Xero approves no negative invoice and wants credit notes positive, so a negative document is
    turned into a credit note of the same number with every sign flipped (Q8). Everything arrives
    AUTHORISED; whether the client was sent it is not said (Q35). Credits are not allocated (Q9).
    """
    is_credit = document.goes_as_credit
    body: dict[str, Any] = {
        "Type": side.credit_type if is_credit else side.invoice_type,
        "CreditNoteNumber" if is_credit else "InvoiceNumber": document.number,
    }
    if side.takes_reference and document.reference:
        body["Reference"] = document.reference
    body |= {
        "Contact": {"ContactID": document.contact_id},
        "Date": document.date.isoformat(),
        "DueDate": document.due_date.isoformat() if document.due_date else None,
        "LineAmountTypes": "Exclusive",
        "Status": "AUTHORISED",
        "CurrencyCode": document.currency_code,
    }
    if document.currency_rate is not None:
        body["CurrencyRate"] = _rate(document.currency_rate)
    if not is_credit:
        # Credit notes have no Url at Xero.
        body["Url"] = document.back_link
    body["LineItems"] = [_line(line, side, turned=is_credit) for line in document.lines]
    return Payload(
        collection="CreditNotes" if is_credit else "Invoices",
        number=document.number,
        total=-document.total if is_credit else document.total,
        body=body,
    )


def _rate(foreign_per_base: Decimal) -> Decimal:
    """Xero's CurrencyRate, of at most six places (R106).

    The only place that knows its direction: foreign units per one unit of the base currency, as
    Workbench keeps rates. Xero's own samples fit only that; it does not say so (xero-api j.10).
    """
    return foreign_per_base.quantize(RATE_PLACES)


def _line(line: OutgoingLine, side: Side, *, turned: bool) -> dict[str, Any]:
    value, gst = to_cents(line.value), to_cents(line.gst)
    item: dict[str, Any] = {
        "Description": description_of(side.describe(line)),
        "Quantity": 1,
        "UnitAmount": _signed(value, turned=turned),
        "AccountCode": line.account_code,
        "TaxType": line.export_code,
    }
    percent = line.gst_percent if line.xero_percent is None else line.xero_percent
    if gst != gst_of(value, percent):
        # Xero's own arithmetic is left to Xero (C8.2) except where it would not give our GST: a
        # GST that was typed, or a rate that is another there than the GST Type's here.
        item["TaxAmount"] = _signed(gst, turned=turned)
    if line.tags:
        item["Tracking"] = tracking_of(line)
    return item


def _signed(amount: Decimal, *, turned: bool) -> Decimal:
    # Both signs, unlike a multiplication, leave no negative zero behind.
    return -amount if turned else +amount


def tracking_of(line: OutgoingLine) -> list[dict[str, str]]:
    """The tracking of a line by the names it has in Xero (R100, R101)."""
    return [{"Name": tag.category, "Option": tag.option} for tag in line.tags]


def description_of(text: str) -> str:
    """What Xero takes: 1 to 4,000 characters, without what is dropped when it is written."""
    return NOT_XML.sub("", text).strip()[:DESCRIPTION_LENGTH] or "-"
