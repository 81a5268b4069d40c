"""AP Invoices, Sub Claims and AP Credits as Xero bills and supplier credit notes."""

from webapp.mapping.exports.outgoing import OutgoingDocument, OutgoingLine
from webapp.mapping.exports.payload import Payload
from webapp.mapping.exports.subledger import Side, record_of


def payable(document: OutgoingDocument) -> Payload:
    """Map a payable (R87, R88, R91); the supplier's number goes across as it stands (R92)."""
    return record_of(document, SUPPLIERS)


def describe_cost(line: OutgoingLine) -> str:
    """Job; Activity; Work Centre, then the line's own text (Q18)."""
    codes = "; ".join(
        code for code in (line.job_code, line.activity_code, line.work_centre_code) if code
    )
    return " ".join(part for part in (codes, line.description) if part)


SUPPLIERS = Side(
    invoice_type="ACCPAY",
    credit_type="ACCPAYCREDIT",
    takes_reference=False,
    describe=describe_cost,
)
