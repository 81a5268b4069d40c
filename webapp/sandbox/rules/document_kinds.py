"""What differs between invoices and credit notes."""

from dataclasses import dataclass

from webapp.sandbox.kinds import CREDIT_NOTES, INVOICES, Kind
from webapp.sandbox.wire import JsonObject


@dataclass(frozen=True)
class DocumentKind:
    """One sort of document with lines, tax and a balance."""

    kind: Kind
    number_field: str
    sales_type: str
    purchase_type: str
    left_field: str
    """What is still open: AmountDue or RemainingCredit."""
    noun: str
    not_unique: str
    prefix: str
    due_date_needed: bool
    discounts: bool

    def is_sales(self, document: JsonObject) -> bool:
        """Say whether a document is on the customers' side."""
        return bool(document["Type"] == self.sales_type)


INVOICE = DocumentKind(
    kind=INVOICES,
    number_field="InvoiceNumber",
    sales_type="ACCREC",
    purchase_type="ACCPAY",
    left_field="AmountDue",
    noun="invoice",
    not_unique="Invoice # must be unique.",
    prefix="INV-",
    due_date_needed=True,
    discounts=True,
)
CREDIT_NOTE = DocumentKind(
    kind=CREDIT_NOTES,
    number_field="CreditNoteNumber",
    sales_type="ACCRECCREDIT",
    purchase_type="ACCPAYCREDIT",
    left_field="RemainingCredit",
    noun="credit note",
    not_unique="Credit Note # must be unique.",
    prefix="CN-",
    due_date_needed=False,
    discounts=False,
)
