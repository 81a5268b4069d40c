"""A document as the mapping sees it: everything it needs, already looked up."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from webapp.domain.batches import BatchType
from webapp.domain.documents import DocumentKind
from webapp.domain.money import to_cents, total


@dataclass(frozen=True, kw_only=True)
class Tag:
    """A tracking category by name, and the option a line carries in it."""

    category: str
    option: str


@dataclass(frozen=True, kw_only=True)
class OutgoingLine:
    """One line. ``value`` is ex GST; both amounts are in the document's currency."""

    line_no: int
    description: str | None
    job_code: str | None
    activity_code: str | None
    work_centre_code: str | None
    value: Decimal
    gst: Decimal
    gst_percent: Decimal
    """The GST Type's own rate."""
    xero_percent: Decimal | None = None
    """The rate Xero computes this TaxType with, as last imported; None while that is not known."""
    gst_code: str | None
    export_code: str | None
    """The GST Type's Export Code: Xero's TaxType."""
    account_code: str | None
    """Derived already (domain.gl)."""
    credit_account_code: str | None = None
    """Of a journal line that has two sides, the account of the other one; derived already."""
    tags: tuple[Tag, ...]
    job_description: str | None = None
    sales_code: str | None = None


@dataclass(frozen=True, kw_only=True)
class JournalHead:
    """What a journal takes from its batch."""

    batch_type: BatchType
    batch_number: str
    reference: str | None
    period: str
    """Number and year, as a person names it."""
    period_start: dt.date
    period_end: dt.date


@dataclass(frozen=True, kw_only=True)
class OutgoingDocument:
    """A document ready to be mapped. Credits carry negative amounts, as Workbench keeps them."""

    kind: DocumentKind
    number: str
    reference: str | None = None
    """What a client is told beside our number: the document's own reference, else its job.
    Suppliers' documents have none at Xero (Q19)."""
    party_name: str
    contact_id: str | None
    date: dt.date
    due_date: dt.date | None
    currency_code: str
    currency_rate: Decimal | None
    """Foreign units per one unit of the base currency; None in the base currency."""
    back_link: str
    """Absolute address of the document here; Xero shows it, and it marks the record as ours."""
    lines: tuple[OutgoingLine, ...]
    journal: JournalHead | None = None
    """Only of journals, which are dated with their batch (Q12)."""

    @property
    def record(self) -> str:
        """The document as a person names it."""
        party = f" ({self.party_name})" if self.party_name else ""
        return f"{self.kind.value} {self.number}{party}"

    @property
    def total(self) -> Decimal:
        """Including GST, signed as Workbench keeps it: the sum of the rounded lines (R99)."""
        return total(to_cents(line.value) + to_cents(line.gst) for line in self.lines)

    @property
    def goes_as_credit(self) -> bool:
        """Whether Xero gets a credit note: it approves nothing below zero as an invoice (Q8).

        A credit stays one whatever it adds up to: above zero Xero refuses it, and nobody is
        invoiced by mistake.
        """
        return self.kind.is_credit or self.total < 0
