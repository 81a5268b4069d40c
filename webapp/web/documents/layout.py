"""Which boxes the form of a document has, by its kind."""

from dataclasses import dataclass
from enum import StrEnum

from webapp.domain.batches import BatchType
from webapp.domain.documents import DocumentKind
from webapp.domain.entry.kinds import PAYABLES, SALES


class BoxKind(StrEnum):
    """How a box is filled in."""

    TEXT = "text"
    DAY = "day"
    NUMBER = "number"
    PICK = "pick"
    CHOICE = "choice"
    HIDDEN = "hidden"


@dataclass(frozen=True)
class Box:
    """One box of the form.

    Attributes:
        name: as in what is given to the use case, nearly.
        label: what people call it.
        kind: how it is filled in.
        longest: the most characters it takes.
        required: whether it may not be left empty.
        hint: what to know before filling it in.
    """

    name: str
    label: str
    kind: BoxKind = BoxKind.TEXT
    longest: int = 20
    required: bool = False
    hint: str = ""


CLAIMS = frozenset({DocumentKind.SUB_CLAIM, DocumentKind.CONTRACT_CLAIM})
NUMBERS = {
    DocumentKind.AP_INVOICE: "Invoice No",
    DocumentKind.AP_CREDIT: "Credit No",
    DocumentKind.SUB_CLAIM: "Claim document No",
    DocumentKind.SALES_INVOICE: "Invoice Number",
    DocumentKind.SALES_CREDIT: "Credit Number",
    DocumentKind.CONTRACT_CLAIM: "Invoice Number",
    DocumentKind.JOURNAL: "Journal No",
}
_NUMBER_HINTS = {
    **dict.fromkeys(PAYABLES, "The supplier\u2019s own number."),
    **dict.fromkeys(SALES, "Empty: the next number."),
}


def header_boxes(kind: DocumentKind) -> tuple[Box, ...]:
    """The boxes above the lines (workbench 2.11, 2.14, 2.15)."""
    number = Box(
        "number",
        NUMBERS[kind],
        longest=255,
        required=kind not in SALES,
        hint=_NUMBER_HINTS.get(kind, ""),
    )
    date = Box("date", "Date", BoxKind.DAY, required=True)
    reference = Box("reference", "Reference", longest=255)
    if kind is DocumentKind.JOURNAL:
        return number, date, reference
    sells = kind in SALES
    account = "AR" if sells else "AP"
    party = Box(
        "company",
        "Client" if sells else "Supplier",
        BoxKind.PICK,
        255,
        required=True,
        hint=f"By name or {account} Account.",
    )
    due = (
        Box("due_date", "Payment date", BoxKind.DAY, hint="Empty: by the supplier\u2019s terms.")
        if kind is DocumentKind.AP_CREDIT
        else Box("due_date", "Due", BoxKind.DAY, hint="Empty: by the company\u2019s terms.")
    )
    job = Box("job", "Job Code", BoxKind.PICK, 40, required=True)
    claim = Box("claim_no", "Claim No", BoxKind.NUMBER, 7)
    applies = Box(
        "applies_to", "Apply to invoice", BoxKind.PICK, 255, hint="The number of the invoice."
    )
    return (
        party,
        number,
        *((job,) if sells else ()),
        date,
        due,
        reference,
        *((claim,) if kind in CLAIMS else ()),
        *((applies,) if kind.is_credit else ()),
        Box("currency", "Currency", BoxKind.CHOICE, 3),
        Box("currency_rate", "Rate", BoxKind.NUMBER, 15, hint="Empty: that of Currencies."),
    )


def line_boxes(kind: DocumentKind, batch_type: BatchType) -> tuple[Box, ...]:
    """The boxes of a line."""
    sells, journal = kind in SALES, kind is DocumentKind.JOURNAL
    code = (
        Box("sales_code", "Sales Code", BoxKind.PICK, 10)
        if sells
        else Box("activity", "Activity", BoxKind.PICK, 10)
    )
    accounts = (
        Box("dr_account", "GL Account", BoxKind.PICK)
        if batch_type is BatchType.ADJUSTMENT
        else Box("dr_account", "DR GL Account", BoxKind.PICK)
    )
    other_side = Box("cr_account", "CR GL Account", BoxKind.PICK)
    money = (
        Box("value", "Value", BoxKind.NUMBER),
        *(() if journal else (Box("gst_type", "GST Type", BoxKind.CHOICE, 10),)),
        *(() if journal else (Box("gst", "GST", BoxKind.NUMBER),)),
    )
    return (
        Box("description", "Description", longest=4000),
        Box("job", "Job Code", BoxKind.PICK, 40),
        code,
        *((accounts,) if journal else ()),
        *((other_side,) if journal and batch_type is not BatchType.ADJUSTMENT else ()),
        Box("work_centre", "Work Centre", BoxKind.CHOICE, 10),
        Box("quantity", "Quantity", BoxKind.NUMBER),
        *(money if journal else (Box("value", "Ex GST", BoxKind.NUMBER), *money[1:])),
        Box("source_reference", "Source reference", BoxKind.HIDDEN, 100),
    )
