"""Batches: their types, their states, and which of them may go to the ledger."""

from enum import StrEnum


class BatchType(StrEnum):
    """What a batch holds. The words are those of Export Control's Batch Type column."""

    AP_INVOICE = "AP Invoice"
    SUB_CLAIM = "Sub Claim"
    AP_CREDIT = "AP Credit"
    AR_INVOICE = "AR Invoice"
    AR_CREDIT = "AR Credit"
    AR_RECEIPT = "AR Receipt"
    AR_INTERNAL = "AR Internal"
    AP_PAYMENT = "AP Payment"
    TIMESHEET = "Timesheet"
    DISBURSEMENT = "Disbursement"
    PLANT_ISSUE = "Plant Issue"
    STOCK_ISSUE = "Stock Issue"
    STOCK_RETURN = "Stock Return"
    STOCK_ADJUST = "Stock Adjust"
    STOCK_QUANTITY = "Stock Qty"
    STOCK_TRANSFER = "Stock Trf"
    STOCK_VALUE = "Stock Value"
    ADJUSTMENT = "Adjustment"
    DOCKET_ACCRUAL = "Docket Accrual"
    PO_ACCRUAL = "PO Accrual"
    SCC_ACCRUAL = "SCC Accrual"
    CCC_ACCRUAL = "CCC Accrual"
    INTERCO = "Inter-company"
    PAYROLL = "Payroll"


class BatchStatus(StrEnum):
    """Where a batch stands. Not For Export is a mark beside it, not a state of its own."""

    OPEN = "open"
    CLOSED = "closed"
    EXPORTING = "exporting"
    EXPORTED = "exported"


NUMBER_DIGIT = {
    BatchType.TIMESHEET: 1,
    BatchType.PAYROLL: 1,
    BatchType.AP_INVOICE: 2,
    BatchType.AP_CREDIT: 2,
    BatchType.SUB_CLAIM: 2,
    BatchType.AP_PAYMENT: 2,
    BatchType.DISBURSEMENT: 3,
    BatchType.ADJUSTMENT: 4,
    BatchType.PO_ACCRUAL: 4,
    BatchType.SCC_ACCRUAL: 4,
    BatchType.CCC_ACCRUAL: 4,
    BatchType.DOCKET_ACCRUAL: 4,
    BatchType.INTERCO: 4,
    BatchType.STOCK_ISSUE: 5,
    BatchType.STOCK_RETURN: 5,
    BatchType.PLANT_ISSUE: 6,
    BatchType.AR_INVOICE: 7,
    BatchType.AR_CREDIT: 7,
    BatchType.AR_RECEIPT: 7,
    BatchType.AR_INTERNAL: 7,
    BatchType.STOCK_ADJUST: 8,
    BatchType.STOCK_QUANTITY: 8,
    BatchType.STOCK_TRANSFER: 8,
    BatchType.STOCK_VALUE: 8,
}
"""The transaction digit inside a batch number; types that share a digit share one number range."""

EXPORT_ORDER = (
    BatchType.AP_INVOICE,
    BatchType.SUB_CLAIM,
    BatchType.AP_CREDIT,
    BatchType.AR_INVOICE,
    BatchType.AR_CREDIT,
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
    BatchType.INTERCO,
    BatchType.PAYROLL,
)
"""The order in which ticked batches go out, whatever order they were ticked in (R76, Q27)."""


def may_be_exported(status: BatchStatus, *, not_for_export: bool) -> bool:
    """Whether the Export tick is enabled: closed, not marked, never exported (R74)."""
    return status is BatchStatus.CLOSED and not not_for_export


def number(location_prefix: str, financial_year: int, kind: BatchType, sequence: int) -> str:
    """Compose a batch number: location prefix, two digits of the year, type digit, sequence.

    The sequence has at least four digits and grows beyond them rather than being used again
    (R82).
    """
    return f"{location_prefix}{financial_year % 100:02d}{NUMBER_DIGIT[kind]}{sequence:04d}"
