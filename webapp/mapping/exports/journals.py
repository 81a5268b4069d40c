"""Journals of every batch type as Xero's manual journals (R89)."""

from collections.abc import Iterable
from typing import Any

from webapp.domain.batches import BatchType
from webapp.mapping.exports.journal_parts import Entry, Part, Posting, parts_of, value_of
from webapp.mapping.exports.outgoing import JournalHead, OutgoingDocument, OutgoingLine
from webapp.mapping.exports.payables import describe_cost
from webapp.mapping.exports.payload import Payload
from webapp.mapping.exports.subledger import description_of, tracking_of

NARRATION_LENGTH = 255
"""Xero names no limit for a Narration; this is that of its other short texts (xero-api d.7.2)."""


def journals(document: OutgoingDocument) -> tuple[Payload, ...]:
    """Map a journal to manual journals: one, or as many as its size asks for (R115).

    They arrive POSTED and without tax (Q17), dated with the batch (Q12). A journal has no number
    in Xero: the Url, another one for each part, says which of ours it is.
    """
    head = document.journal
    if head is None:
        raise ValueError(f"{document.record} is not a journal")
    parts = journal_parts(
        head.batch_type,
        (Posting(line.line_no, line.value, line.description or "") for line in document.lines),
    )
    lines = {line.line_no: line for line in document.lines}
    return tuple(
        _payload(document, head, lines, part, place, len(parts))
        for place, part in enumerate(parts, start=1)
    )


def is_one_sided(batch_type: BatchType) -> bool:
    """Whether each line posts to one account, and the lines of a journal balance each other."""
    return batch_type is BatchType.ADJUSTMENT


def journal_parts(batch_type: BatchType, postings: Iterable[Posting]) -> tuple[Part, ...]:
    """The parts a journal with these lines goes in."""
    return parts_of(postings, one_sided=is_one_sided(batch_type))


def _payload(
    document: OutgoingDocument,
    head: JournalHead,
    lines: dict[int, OutgoingLine],
    part: Part,
    place: int,
    places: int,
) -> Payload:
    narration = _narration(document, head, place, places)
    return Payload(
        collection="ManualJournals",
        number=narration,
        total=value_of(part),
        part=place,
        body={
            "Narration": narration,
            "Date": document.date.isoformat(),
            "LineAmountTypes": "NoTax",
            "Status": "POSTED",
            # Unlike a number of parts, a part's own number never changes once it is in Xero.
            "Url": document.back_link if place == 1 else f"{document.back_link}?part={place}",
            "JournalLines": [_line(lines[entry.line_no], entry) for entry in part],
        },
    )


def _narration(document: OutgoingDocument, head: JournalHead, place: int, places: int) -> str:
    """Batch type, number and reference (Q12), and which of the batch's journals it is."""
    start = f"{head.batch_type.value} {head.batch_number}"
    end = f" (part {place} of {places})" if places > 1 else ""
    said = ", ".join(dict.fromkeys(text for text in (head.reference, document.reference) if text))
    middle = f" / {document.number}" + (f": {said}" if said else "")
    return f"{start}{middle[: NARRATION_LENGTH - len(start) - len(end)].rstrip()}{end}"


def _line(line: OutgoingLine, entry: Entry) -> dict[str, Any]:
    credits_ = entry.on_credit_account
    item: dict[str, Any] = {
        "LineAmount": entry.amount,
        "AccountCode": line.credit_account_code if credits_ else line.account_code,
        "Description": description_of(describe_cost(line)),
    }
    # A job's cost is what is tracked; the other side recovers it (Q13).
    if line.tags and not credits_:
        item["Tracking"] = tracking_of(line)
    return item
