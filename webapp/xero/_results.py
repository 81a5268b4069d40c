"""The answer to a write, and the problems in a refusal, wherever they hang (xero-api c.2, c.3)."""

from collections.abc import Iterator, Mapping
from typing import Any

from webapp.xero._values import flag, identifier, money, part, text
from webapp.xero.records import ElementProblem, ElementResult

_ID_KEYS = {
    "invoices": "InvoiceID",
    "creditnotes": "CreditNoteID",
    "manualjournals": "ManualJournalID",
    "contacts": "ContactID",
    "contactgroups": "ContactGroupID",
    "payments": "PaymentID",
}
_NUMBER_KEYS = ("InvoiceNumber", "CreditNoteNumber")


def element_result(collection: str, index: int, row: Mapping[str, object]) -> ElementResult:
    """Read one element of a written collection. Unreadable amounts raise `ValueError`."""
    return ElementResult(
        index=index,
        xero_id=identifier(row.get(_ID_KEYS[collection.lower()])),
        number=next((text(row[key]) for key in _NUMBER_KEYS if row.get(key)), ""),
        contact_id=identifier(part(row.get("Contact")).get("ContactID")) or "",
        type=text(row.get("Type")),
        status=text(row.get("Status")),
        sub_total=money(row.get("SubTotal")),
        total_tax=money(row.get("TotalTax")),
        total=money(row.get("Total")),
        url=text(row.get("Url")),
        errors=tuple(problems(row, "validationerrors")),
        warnings=tuple(problems(row, "warnings")),
        reference=text(row.get("Reference") or row.get("Narration")),
        marked_error=text(row.get("StatusAttributeString")).upper() == "ERROR"
        or flag(row.get("HasErrors"))
        or flag(row.get("HasValidationErrors")),
    )


def can_be_read(collection: str) -> bool:
    """Whether writes to this collection are understood."""
    return collection.lower() in _ID_KEYS


def refusal_problems(body: object) -> tuple[ElementProblem, ...]:
    """Read the problems of a refused call; without any, the call's own message is one."""
    found = tuple(problems(body, "validationerrors"))
    if found or not isinstance(body, Mapping):
        return found
    said = _sayings(body)
    message = said.get("detail") or said.get("message") or said.get("title")
    return (ElementProblem("", message),) if message else ()


def problems(value: object, wanted: str, path: str = "") -> Iterator[ElementProblem]:
    """Walk everything below `value` for the messages of `wanted` (lower case) lists."""
    if isinstance(value, dict):
        for key, member in value.items():
            if not isinstance(member, (dict, list)):
                continue
            if key.lower() == wanted:
                yield from _messages(member, path)
            elif key.lower() not in {"validationerrors", "warnings"}:
                yield from problems(member, wanted, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for position, member in enumerate(value):
            yield from problems(member, wanted, f"{path}[{position}]")


def _messages(entries: object, path: str) -> Iterator[ElementProblem]:
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, str):
            yield ElementProblem(path, entry)
        elif isinstance(entry, Mapping):
            said = _sayings(entry)
            yield ElementProblem(
                path, said.get("message") or said.get("description") or "No message was given."
            )


def _sayings(row: Mapping[Any, object]) -> dict[str, str]:
    return {str(key).lower(): value for key, value in row.items() if isinstance(value, str)}
