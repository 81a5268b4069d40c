"""AP Invoices, Sub Claims and AP Credits as Xero bills and supplier credit notes."""

from decimal import Decimal
from typing import Any

from webapp.domain.money import gst_of
from webapp.mapping.exports.outgoing import OutgoingDocument, OutgoingLine
from webapp.mapping.exports.payload import Payload

DESCRIPTION_LENGTH = 4000
RATE_PLACES = Decimal("0.000001")


def payable(document: OutgoingDocument) -> Payload:
    """Map a payable: a bill, or where it adds up below zero, a supplier credit note (R87, R88).

    Xero refuses to approve a negative bill and wants credit notes positive, so a negative
    document is turned into a credit note with every sign flipped (Q8). The supplier's number goes
    across as it stands (R92).
    """
    is_credit = document.total < 0 or (document.total == 0 and document.kind.is_credit)
    sign = -1 if is_credit else 1
    body: dict[str, Any] = {
        "Type": "ACCPAYCREDIT" if is_credit else "ACCPAY",
        "CreditNoteNumber" if is_credit else "InvoiceNumber": document.number,
        "Contact": {"ContactID": document.contact_id},
        "Date": document.date.isoformat(),
        "DueDate": document.due_date.isoformat() if document.due_date else None,
        "LineAmountTypes": "Exclusive",
        "Status": "AUTHORISED",
        "CurrencyCode": document.currency_code,
        "LineItems": [_line(line, sign) for line in document.lines],
    }
    if document.currency_rate is not None:
        body["CurrencyRate"] = document.currency_rate.quantize(RATE_PLACES)
    if not is_credit:
        # Credit notes have no Url at Xero.
        body["Url"] = document.back_link
    return Payload(
        collection="CreditNotes" if is_credit else "Invoices",
        number=document.number,
        total=document.total * sign,
        body=body,
    )


def _line(line: OutgoingLine, sign: int) -> dict[str, Any]:
    item: dict[str, Any] = {
        "Description": _description(line),
        "Quantity": 1,
        "UnitAmount": line.value * sign,
        "AccountCode": line.account_code,
        "TaxType": line.export_code,
    }
    if line.gst != gst_of(line.value, line.gst_percent):
        # Xero's own arithmetic is left to Xero (C8.2) except where it would not give our GST.
        item["TaxAmount"] = line.gst * sign
    if line.tags:
        item["Tracking"] = [{"Name": tag.category, "Option": tag.option} for tag in line.tags]
    return item


def _description(line: OutgoingLine) -> str:
    """Job; Activity; Work Centre, then the line's own text (Q18). Xero wants at least one sign."""
    codes = "; ".join(
        code for code in (line.job_code, line.activity_code, line.work_centre_code) if code
    )
    text = " ".join(part for part in (codes, line.description) if part)
    return text[:DESCRIPTION_LENGTH] or "-"
