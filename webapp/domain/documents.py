"""Documents: what kinds there are and where each stands before and after export."""

from enum import StrEnum

from webapp.domain.batches import BatchType


class DocumentKind(StrEnum):
    """A document of a batch. Everything that is not a subledger document is a journal."""

    AP_INVOICE = "AP Invoice"
    AP_CREDIT = "AP Credit"
    SUB_CLAIM = "Subcontract Claim"
    SALES_INVOICE = "Job Sales Invoice"
    SALES_CREDIT = "Job Sales Credit"
    CONTRACT_CLAIM = "Contract Claim"
    JOURNAL = "Journal"

    @property
    def is_credit(self) -> bool:
        """Whether it lowers what is owed."""
        return self in {DocumentKind.AP_CREDIT, DocumentKind.SALES_CREDIT}


class DocumentStatus(StrEnum):
    """Where a document stands. Updated means exported with its batch (workbench 2.11)."""

    ENTERED = "Entered"
    ASSIGNED = "Assigned"
    APPROVED = "Approved"
    UPDATED = "Updated"
    CANCELLED = "Cancelled"


BATCH_TYPE_OF = {
    DocumentKind.AP_INVOICE: BatchType.AP_INVOICE,
    DocumentKind.AP_CREDIT: BatchType.AP_CREDIT,
    DocumentKind.SUB_CLAIM: BatchType.SUB_CLAIM,
    DocumentKind.SALES_INVOICE: BatchType.AR_INVOICE,
    DocumentKind.SALES_CREDIT: BatchType.AR_CREDIT,
    DocumentKind.CONTRACT_CLAIM: BatchType.AR_INVOICE,
}
"""The batch type that may hold a subledger document."""
