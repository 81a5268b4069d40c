"""Which document goes into which batch, and which tick of Period End Maintenance closes it."""

from enum import StrEnum

from webapp.domain.batches import BatchType
from webapp.domain.documents import BATCH_TYPE_OF, DocumentKind

PAYABLES = frozenset({DocumentKind.AP_INVOICE, DocumentKind.AP_CREDIT, DocumentKind.SUB_CLAIM})
"""Documents of a supplier, under the supplier's own number."""

SALES = frozenset(
    {DocumentKind.SALES_INVOICE, DocumentKind.SALES_CREDIT, DocumentKind.CONTRACT_CLAIM}
)
"""Documents for a client, under a number of our own."""

CREDITED_BY = {
    DocumentKind.AP_CREDIT: DocumentKind.AP_INVOICE,
    DocumentKind.SALES_CREDIT: DocumentKind.SALES_INVOICE,
}
"""What a credit may be applied to; never a Contract Claim (workbench 2.14)."""

JOURNAL_TYPES = frozenset(
    {
        BatchType.AR_INTERNAL,
        BatchType.TIMESHEET,
        BatchType.DISBURSEMENT,
        BatchType.PLANT_ISSUE,
        BatchType.STOCK_ISSUE,
        BatchType.STOCK_RETURN,
        BatchType.STOCK_ADJUST,
        BatchType.STOCK_QUANTITY,
        BatchType.STOCK_TRANSFER,
        BatchType.STOCK_VALUE,
        BatchType.ADJUSTMENT,
        BatchType.DOCKET_ACCRUAL,
        BatchType.PO_ACCRUAL,
        BatchType.SCC_ACCRUAL,
        BatchType.CCC_ACCRUAL,
    }
)
"""Batches of journals. Receipts, payments, payroll and inter-company sides are made elsewhere."""

ENTERED_TYPES = JOURNAL_TYPES | frozenset(BATCH_TYPE_OF.values())
"""Batch types whose documents are entered."""


class Module(StrEnum):
    """The eight categories that a period closes one by one (workbench 2.16)."""

    AP = "ap"
    AR = "ar"
    TIME = "time"
    PLANT = "plant"
    STOCK = "stock"
    DISBURSEMENT = "disbursement"
    ADJUSTMENT = "adjustment"
    RECEIPT = "receipt"


MODULE_OF = {
    BatchType.AP_INVOICE: Module.AP,
    BatchType.AP_CREDIT: Module.AP,
    BatchType.SUB_CLAIM: Module.AP,
    BatchType.AP_PAYMENT: Module.AP,
    BatchType.AR_INVOICE: Module.AR,
    BatchType.AR_CREDIT: Module.AR,
    BatchType.AR_INTERNAL: Module.AR,
    BatchType.AR_RECEIPT: Module.RECEIPT,
    BatchType.TIMESHEET: Module.TIME,
    BatchType.PAYROLL: Module.TIME,
    BatchType.PLANT_ISSUE: Module.PLANT,
    BatchType.DISBURSEMENT: Module.DISBURSEMENT,
    BatchType.STOCK_ISSUE: Module.STOCK,
    BatchType.STOCK_RETURN: Module.STOCK,
    BatchType.STOCK_ADJUST: Module.STOCK,
    BatchType.STOCK_QUANTITY: Module.STOCK,
    BatchType.STOCK_TRANSFER: Module.STOCK,
    BatchType.STOCK_VALUE: Module.STOCK,
    BatchType.ADJUSTMENT: Module.ADJUSTMENT,
    BatchType.DOCKET_ACCRUAL: Module.ADJUSTMENT,
    BatchType.PO_ACCRUAL: Module.ADJUSTMENT,
    BatchType.SCC_ACCRUAL: Module.ADJUSTMENT,
    BatchType.CCC_ACCRUAL: Module.ADJUSTMENT,
    BatchType.INTERCO: Module.ADJUSTMENT,
}
"""Which category closes a period for a batch type."""


def fits(kind: DocumentKind, batch_type: BatchType) -> bool:
    """Whether a batch of this type may hold a document of this kind."""
    if kind is DocumentKind.JOURNAL:
        return batch_type in JOURNAL_TYPES
    return BATCH_TYPE_OF[kind] is batch_type


def kinds_of(batch_type: BatchType) -> tuple[DocumentKind, ...]:
    """The kinds of documents that are entered in a batch of this type."""
    return tuple(kind for kind in DocumentKind if fits(kind, batch_type))
