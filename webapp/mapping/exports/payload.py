"""What a mapping makes of a document."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any


@dataclass(frozen=True)
class Payload:
    """A record to create in Xero.

    Attributes:
        collection: Invoices, CreditNotes or ManualJournals.
        number: what Xero will call it; of a journal, its narration.
        total: including GST, in the document's currency, as Xero must compute it too. Of a
            journal, which has none there, the sum of its lines' values.
        body: the record as Xero's JSON names it.
        part: which part of its document it is, from 1; only journals have more than one (R115).
    """

    collection: str
    number: str
    total: Decimal
    body: dict[str, Any]
    part: int = 1
