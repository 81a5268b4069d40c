"""Says what would come of a document before anything is stored."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from webapp.db import db
from webapp.domain.documents import DocumentKind
from webapp.domain.entry.checking import due_by_terms
from webapp.domain.entry.findings import Finding
from webapp.domain.entry.given import DocumentGiven, LineGiven
from webapp.domain.entry.kinds import SALES
from webapp.domain.entry.known import Known
from webapp.domain.money import ZERO, gst_of, total
from webapp.models import Batch
from webapp.services.documents.entering import checked
from webapp.services.documents.gathering import known_to
from webapp.services.documents.open_batches import books_of, refuse_closed
from webapp.services.documents.refused import Refused
from webapp.services.errors import NotAllowedNow


@dataclass(frozen=True)
class LineReckoned:
    """A line's GST: as it is computed, and as it stands. In the document's currency.

    ``gst_type`` and ``percent`` are None where none is known, as on journals.
    """

    gst_type: str | None
    percent: Decimal | None
    computed: Decimal
    gst: Decimal
    given: bool


@dataclass(frozen=True)
class Reckoned:
    """What a document comes to; amounts in its ``currency``."""

    lines: tuple[LineReckoned, ...]
    value: Decimal
    gst: Decimal
    due_date: dt.date | None
    currency: str
    currency_rate: Decimal | None

    @property
    def total(self) -> Decimal:
        """Including GST."""
        return self.value + self.gst


def refusal(batch_id: int) -> NotAllowedNow | None:
    """Why nothing can be entered into the batch now; None where it can."""
    try:
        refuse_closed(db.session.get_one(Batch, batch_id))
    except NotAllowedNow as error:
        return error
    return None


def findings_of(
    batch_id: int, given: DocumentGiven, *, but: int | None = None
) -> tuple[Finding, ...]:
    """Everything that would keep the document from being stored in this batch.

    Args:
        batch_id: the open batch.
        given: the document.
        but: the id of the document that it takes the place of.
    """
    try:
        checked(db.session.get_one(Batch, batch_id), [((), given)], but=but)
    except Refused as error:
        return error.findings
    return ()


def reckon(batch_id: int, given: DocumentGiven) -> Reckoned:
    """GST, totals, due date and rate by the rules by which it would be stored, faults or not."""
    batch = db.session.get_one(Batch, batch_id)
    books, known = books_of(batch), known_to(batch.fin_co_id, [given])
    lines = tuple(_line(given, line, known) for line in given.lines)
    party = known.parties.get(given.company_id) if given.company_id is not None else None
    due = given.due_date
    if due is None and party is not None:
        due = due_by_terms(given.date, party, books)
    code = given.currency or (party.currency if party else None) or books.base_currency
    rate = None if code == books.base_currency else known.currencies.get(code)
    return Reckoned(
        lines=lines,
        value=total(line.value for line in given.lines),
        gst=total(line.gst for line in lines),
        due_date=due,
        currency=code,
        currency_rate=given.currency_rate or rate,
    )


def _line(given: DocumentGiven, line: LineGiven, known: Known) -> LineReckoned:
    if given.kind is DocumentKind.JOURNAL:
        return LineReckoned(None, None, ZERO, ZERO, given=False)
    code = (
        known.sales_codes.get(line.sales_code or "")
        if given.kind in SALES
        else known.activities.get(line.activity or "")
    )
    gst_type = known.gst_types.get(line.gst_type or (code.gst_type if code else None) or "")
    computed = gst_of(line.value, gst_type.percent) if gst_type else ZERO
    return LineReckoned(
        gst_type=gst_type.code if gst_type else None,
        percent=gst_type.percent if gst_type else None,
        computed=computed,
        gst=computed if line.gst is None else line.gst,
        given=line.gst is not None,
    )
