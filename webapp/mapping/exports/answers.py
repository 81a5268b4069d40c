"""Which answer belongs to which document, and whether a record in Xero is one of ours."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from webapp.domain.money import ZERO, to_cents, total
from webapp.xero.records import ElementResult, RemoteDocument


@dataclass(frozen=True)
class SentRecord:
    """A record as it stands in the frozen bytes of a request."""

    position: int
    type: str
    number: str
    """Empty for a journal, which has none."""
    contact_id: str
    date: str
    url: str | None
    sub_total: Decimal
    """Ex GST. Xero cannot compute it otherwise, as it may the GST where a rate is set wrong."""
    narration: str = ""
    """Of a journal; what it begins with names the batch, the journal and the part."""

    @classmethod
    def from_body(cls, position: int, body: Mapping[str, Any]) -> "SentRecord":
        """Read the marks by which a record is recognised out of what was sent."""
        if "Narration" in body:
            return cls._journal(position, body)
        return cls(
            position=position,
            type=body["Type"],
            number=body.get("InvoiceNumber") or body["CreditNoteNumber"],
            contact_id=body["Contact"]["ContactID"],
            date=body["Date"],
            url=body.get("Url"),
            sub_total=total(
                to_cents(line["UnitAmount"] * line["Quantity"]) for line in body["LineItems"]
            ),
        )

    @classmethod
    def _journal(cls, position: int, body: Mapping[str, Any]) -> "SentRecord":
        return cls(
            position=position,
            type="",
            number="",
            contact_id="",
            date=body["Date"],
            url=body["Url"],
            sub_total=ZERO,
            narration=body["Narration"],
        )


def match_answers(
    sent: Sequence[SentRecord], elements: Sequence[ElementResult]
) -> dict[int, ElementResult]:
    """Give each record sent its element of the answer, by position in the request.

    Xero does not promise the order of its answers, and two suppliers may use one number: number
    and contact are compared first (of journals Url or narration), and the order only decides
    among equals. A record whose element cannot be told is left out, and is then uncertain.
    """
    matched: dict[int, ElementResult] = {}
    left = {element.index: element for element in elements}
    for record in sent:
        in_place = left.get(record.position)
        chosen = (
            in_place
            if in_place is not None and _answers(in_place, record)
            else next((element for element in left.values() if _answers(element, record)), None)
        )
        if chosen is not None:
            matched[record.position] = left.pop(chosen.index)
    return matched


def _answers(element: ElementResult, record: SentRecord) -> bool:
    # A refused element may come back bare; its place then has to speak for what it lacks.
    in_place = element.index == record.position
    return all(
        theirs == ours or (not theirs and in_place) for theirs, ours in _told(element, record)
    )


def _told(element: ElementResult, record: SentRecord) -> Iterator[tuple[str, str]]:
    """What tells a record from its neighbours, in the answer and as it was sent."""
    if not record.narration:
        yield element.number, record.number
        yield element.contact_id.lower(), record.contact_id.lower()
    elif element.url:
        yield element.url, record.url or ""
    else:
        yield element.reference, record.narration


GONE = frozenset({"VOIDED", "DELETED"})


@dataclass(frozen=True)
class Found:
    """What a look-up in Xero says of one record that was sent without a trustworthy answer."""

    document: RemoteDocument | None
    ambiguous: bool = False


def find_sent(
    record: SentRecord, remote: Sequence[RemoteDocument], already_linked: frozenset[str]
) -> Found:
    """Tell whether a record arrived, without guessing.

    Our Url decides where the kind of record has one. Where it has none (credit notes) type,
    number, contact, date and value ex GST must all agree, the record must not be linked to
    another of our documents, and it must be the only such one; several are for a person. A
    journal that came without its Url is told the same way by narration and date.
    """
    if record.url is not None:
        ours = [document for document in remote if document.url == record.url]
        if ours or not record.narration:
            return Found(ours[0] if ours else None)
    alike = [
        document
        for document in remote
        if document.xero_id not in already_linked
        and document.date is not None
        and document.date.isoformat() == record.date
        and _same(document, record)
    ]
    living = [document for document in alike if document.status not in GONE]
    if len(living) > 1:
        return Found(None, ambiguous=True)
    if len(alike) == 1:
        # Voided or not, it shows that the document arrived.
        return Found(alike[0])
    # Of several, a person has voided those that are not the document.
    return Found(living[0] if living else None)


def _same(document: RemoteDocument, record: SentRecord) -> bool:
    if record.narration:
        # Another Url is somebody else's, such as that of another installation of this app.
        return not document.url and document.reference == record.narration
    return (
        document.type == record.type
        and document.number == record.number
        and document.contact_id.lower() == record.contact_id.lower()
        and document.sub_total == record.sub_total
    )
