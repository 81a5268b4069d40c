"""Job Sales Invoices, Contract Claims and Job Sales Credits as Xero's sales documents."""

from webapp.mapping.exports.outgoing import OutgoingDocument, OutgoingLine
from webapp.mapping.exports.payload import Payload
from webapp.mapping.exports.subledger import Side, record_of


def receivable(document: OutgoingDocument) -> Payload:
    """Map a sales document (R85, R86) under its own number, which Xero keeps unique."""
    return record_of(document, CLIENTS)


def _describe(line: OutgoingLine) -> str:
    """The line's own text, else what its job is called: a client reads it (workbench 3.4)."""
    return (line.description or "").strip() or line.job_description or ""


CLIENTS = Side(
    invoice_type="ACCREC",
    credit_type="ACCRECCREDIT",
    takes_reference=True,
    describe=_describe,
)
