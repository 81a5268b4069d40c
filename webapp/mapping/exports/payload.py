"""What a mapping makes of a document."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from webapp.xero.encoding import encode


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

    @cached_property
    def encoded(self) -> bytes:
        """The body as it goes over the wire; it is asked for several times and made once."""
        return encode(self.body)
