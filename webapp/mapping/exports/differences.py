"""How what would be sent now differs from what a person was shown."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Shown = Mapping[str, Any]
"""One document of a preview: ``record``, ``problems`` (their messages) and ``records`` (the bodies
that would be sent), as plain JSON values."""


@dataclass(frozen=True)
class Difference:
    """What is different about one document, or about the export as a whole."""

    record: str
    changes: tuple[str, ...]


_WORDS = {
    "AccountCode": "account",
    "Contact.ContactID": "contact in Xero",
    "CreditNoteNumber": "number",
    "CurrencyCode": "currency",
    "CurrencyRate": "rate",
    "Date": "date",
    "Description": "description",
    "DueDate": "due date",
    "InvoiceNumber": "number",
    "LineAmount": "amount",
    "Narration": "narration",
    "Reference": "reference",
    "TaxAmount": "GST",
    "TaxType": "tax type",
    "Type": "type",
    "UnitAmount": "amount ex GST",
    "Url": "link back",
}
_LINES = ("LineItems", "JournalLines")
_LEFT_OUT = {"GST": "what Xero computes"}
"""What it means that a member is not sent, where that is not nothing."""


def differences(before: Mapping[str, Shown], after: Mapping[str, Shown]) -> tuple[Difference, ...]:
    """What changed between two previews, document by document.

    Args:
        before: the documents of the preview that was confirmed, by their uids.
        after: those of the present one.
    """
    return tuple(_found(before, after))


def _found(before: Mapping[str, Shown], after: Mapping[str, Shown]) -> Iterator[Difference]:
    for uid, now in after.items():
        was = before.get(uid)
        if was is None:
            yield Difference(now["record"], ("It was not in the preview you confirmed.",))
        elif changes := (*_of_fate(was, now), *_of_records(was, now)):
            yield Difference(now["record"], changes)
    for uid, was in before.items():
        if uid not in after:
            yield Difference(was["record"], ("It would not be sent any more.",))


def _of_fate(was: Shown, now: Shown) -> Iterator[str]:
    for message in now["problems"]:
        if message not in was["problems"]:
            yield f"Held back now: {message}"
    for message in was["problems"]:
        if message not in now["problems"]:
            yield f"No longer in the way: {message}"


def _of_records(was: Shown, now: Shown) -> Iterator[str]:
    if not was["records"] or not now["records"]:
        # Held back before or now: there is nothing to compare with.
        return
    fields, present = _fields(was["records"]), _fields(now["records"])
    for name in dict.fromkeys((*fields, *present)):
        left_out = _LEFT_OUT.get(name.rpartition(": ")[2], "nothing")
        old, new = fields.get(name, left_out), present.get(name, left_out)
        if old != new:
            yield f"{name[:1].upper()}{name[1:]}: {old} before, {new} now."


def _fields(records: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for part, record in enumerate(records, start=1):
        start = f"Part {part}, " if len(records) > 1 else ""
        for member, value in record.items():
            if member in _LINES:
                for place, line in enumerate(value, start=1):
                    found.update(_flat(line, f"{start}line {place}: "))
            else:
                found.update(_flat({member: value}, start))
    return found


def _flat(value: Mapping[str, Any], start: str) -> Iterator[tuple[str, str]]:
    for member, found in value.items():
        if member == "Tracking":
            for tag in found:
                yield f"{start}tracking {tag['Name']}", str(tag["Option"])
        elif isinstance(found, Mapping):
            for inner, deep in found.items():
                yield f"{start}{_WORDS.get(f'{member}.{inner}', inner)}", str(deep)
        else:
            yield f"{start}{_WORDS.get(member, member)}", str(found)
