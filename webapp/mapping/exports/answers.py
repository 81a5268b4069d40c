"""Which answer belongs to which document, and whether a record in Xero is one of ours."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from webapp.domain.money import to_cents, total
from webapp.xero.records import ElementResult, RemoteDocument


@dataclass(frozen=True)
class SentRecord:
    """A record as it stands in the frozen bytes of a request."""

    position: int
    type: str
    number: str
    contact_id: str
    date: str
    url: str | None
    sub_total: Decimal
    """Ex GST. Xero cannot compute it otherwise, as it may the GST where a rate is set wrong."""

    @classmethod
    def from_body(cls, position: int, body: Mapping[str, Any]) -> "SentRecord":
        """Read the marks by which a record is recognised out of what was sent."""
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


def match_answers(
    sent: Sequence[SentRecord], elements: Sequence[ElementResult]
) -> dict[int, ElementResult]:
    """Give each record sent its element of the answer, by position in the request.

    Xero does not promise the order of its answers, and two suppliers may use one number: number
    and contact are compared first, and the order only decides among equals. A record whose
    element cannot be told is left out, and is then uncertain.
    """
    matched: dict[int, ElementResult] = {}
    left = list(elements)
    for record in sent:
        candidates = [element for element in left if _answers(element, record)]
        if not candidates:
            continue
        in_place = [element for element in candidates if element.index == record.position]
        chosen = (in_place or candidates)[0]
        matched[record.position] = chosen
        left.remove(chosen)
    return matched


def _answers(element: ElementResult, record: SentRecord) -> bool:
    # A refused element may come back bare; its place then has to speak for what it lacks.
    in_place = element.index == record.position
    same_number = element.number == record.number or (not element.number and in_place)
    same_contact = element.contact_id.lower() == record.contact_id.lower() or (
        not element.contact_id and in_place
    )
    return same_number and same_contact


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
    another of our documents, and it must be the only such one; several are for a person.
    """
    if record.url is not None:
        ours = [document for document in remote if document.url == record.url]
        return Found(ours[0] if ours else None)
    alike = [
        document
        for document in remote
        if document.type == record.type
        and document.number == record.number
        and document.contact_id.lower() == record.contact_id.lower()
        and document.date is not None
        and document.date.isoformat() == record.date
        and document.sub_total == record.sub_total
        and document.xero_id not in already_linked
    ]
    living = [document for document in alike if document.status not in GONE]
    if len(living) > 1:
        return Found(None, ambiguous=True)
    if len(alike) == 1:
        # Voided or not, it shows that the document arrived.
        return Found(alike[0])
    # Of several, a person has voided those that are not the document.
    return Found(living[0] if living else None)
