"""Which status a document may take next (d.7.1)."""

from webapp.sandbox.errors import Problems
from webapp.sandbox.wire import JsonObject

_NEXT = {
    None: ("DRAFT", "SUBMITTED", "AUTHORISED"),
    "DRAFT": ("DRAFT", "SUBMITTED", "AUTHORISED", "DELETED"),
    "SUBMITTED": ("SUBMITTED", "AUTHORISED", "DRAFT", "DELETED"),
    "AUTHORISED": ("AUTHORISED", "VOIDED"),
    "PAID": ("PAID", "AUTHORISED"),
}
FINAL = ("DELETED", "VOIDED")
APPROVED = ("AUTHORISED", "PAID")


def next_status(existing: JsonObject | None, wanted: object, noun: str, problems: Problems) -> str:
    """Give the status a document will have; say why it may not have the one asked for."""
    before = existing["Status"] if existing else None
    if before in FINAL:
        problems.add(f"{noun.capitalize()} not of valid status for modification")
        return str(before)
    status = str(wanted or before or "DRAFT").upper()
    if before in APPROVED and status == "VOIDED" and existing and has_money_on_it(existing):
        problems.add(
            f"The status VOIDED cannot be applied to the {noun} because it has payments or credit"
            " notes allocated to it."
        )
        return str(before)
    if status not in _NEXT.get(before, ()):
        problems.add(
            f"{noun.capitalize()} not of valid status for modification"
            if before
            else f"The status {status} is not valid for a new {noun}."
        )
        return str(before or "DRAFT")
    return "PAID" if before == "PAID" else status


def has_money_on_it(document: JsonObject) -> bool:
    """Say whether payments or allocations stand against a document."""
    return bool(document.get("Payments") or document.get("CreditNotes")
                or document.get("Allocations"))  # fmt: skip
