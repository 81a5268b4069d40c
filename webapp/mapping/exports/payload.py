"""What a mapping makes of a document."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any


@dataclass(frozen=True)
class Payload:
    """A record to create in Xero.

    Attributes:
        collection: Invoices, CreditNotes or ManualJournals.
        number: what Xero will call it.
        total: including GST, in the document's currency, as Xero must compute it too.
        body: the record as Xero's JSON names it.
    """

    collection: str
    number: str
    total: Decimal
    body: dict[str, Any]
