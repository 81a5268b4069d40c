"""A document as somebody gives it: by codes, not ids; what is left out is derived."""

import datetime as dt
from decimal import Decimal
from typing import NamedTuple

from webapp.domain.documents import DocumentKind


class LineGiven(NamedTuple):
    """One line. ``value`` is ex GST; amounts are in the document's currency, credits negative."""

    value: Decimal
    gst: Decimal | None = None
    """None to have it computed; what is given is kept, whatever the rate (xero-api d.7.4)."""
    gst_type: str | None = None
    """None to take that of the activity or sales code."""
    description: str | None = None
    source_reference: str | None = None
    job: str | None = None
    """None on a sales document to take the document's."""
    profit_centre: str | None = None
    """Only where several of the FinCo's profit centres have a job of that code."""
    activity: str | None = None
    sales_code: str | None = None
    work_centre: str | None = None
    quantity: Decimal | None = None
    dr_account: str | None = None
    """On journals: the whole account, where the activity's is not meant."""
    cr_account: str | None = None


class DocumentGiven(NamedTuple):
    """A document with its lines."""

    kind: DocumentKind
    number: str
    """Empty on a sales document to have it take the next one, or keep the one it has."""
    date: dt.date
    lines: tuple[LineGiven, ...]
    company_id: int | None = None
    company_account: str | None = None
    """The AP Account of a supplier or the AR Account of a client, in place of the id."""
    job: str | None = None
    """The job a sales document is raised on."""
    profit_centre: str | None = None
    reference: str | None = None
    due_date: dt.date | None = None
    """On an AP Credit its payment date (R97)."""
    currency: str | None = None
    currency_rate: Decimal | None = None
    """Foreign units per one unit of the base currency."""
    claim_no: int | None = None
    applies_to: str | None = None
    """Number of the invoice a credit is for."""
    approved: bool = False

    @property
    def record(self) -> str:
        """The document as a person names it."""
        return f"{self.kind.value} {self.number}".rstrip()
