"""One element of a call that broke a rule, and how it is shown (xero-api c.2)."""

from typing import Any

from webapp.sandbox.dates import parse_day, wire_day
from webapp.sandbox.errors import ZERO_ID, Problems, as_entries
from webapp.sandbox.kinds import Kind
from webapp.sandbox.money import number
from webapp.sandbox.wire import JsonObject

_DAYS = ("Date", "DueDate", "ExpectedPaymentDate", "PlannedPaymentDate")
_NUMBERS = (
    "Quantity", "UnitAmount", "LineAmount", "TaxAmount", "DiscountRate", "DiscountAmount",
    "SubTotal", "TotalTax", "Total", "CurrencyRate", "Amount",
)  # fmt: skip


class ElementRefused(Exception):
    """An element broke a rule; what it wrote is undone."""

    def __init__(self, problems: Problems, record_id: str | None = None) -> None:
        super().__init__("; ".join(problems.messages))
        self.problems = problems
        self.record_id = record_id


def refuse(message: str, record_id: str | None = None) -> ElementRefused:
    """Refuse an element with one message about the whole of it."""
    return ElementRefused(Problems([message]), record_id)


def shown(kind: Kind, payload: JsonObject, refused: ElementRefused, flag: str) -> JsonObject:
    """Show a refused element: what was sent, no id of its own, the messages in their places."""
    problems = refused.problems
    echo = _readable(payload)
    echo[kind.id_field] = refused.record_id or ZERO_ID
    echo["StatusAttributeString"] = "ERROR"
    echo[flag] = True
    echo["ValidationErrors"] = as_entries(problems.messages)
    for member in ("LineItems", "JournalLines"):
        if isinstance(echo.get(member), list):
            echo[member] = [
                {**_readable(line), "ValidationErrors": as_entries(problems.lines.get(n, []))}
                for n, line in enumerate(echo[member])
                if isinstance(line, dict)
            ]
    if isinstance(echo.get("Contact"), dict):
        echo["Contact"] = {
            **echo["Contact"],
            "ValidationErrors": as_entries(problems.contact),
            "HasValidationErrors": bool(problems.contact),
        }
    return echo


def _readable(data: JsonObject) -> JsonObject:
    result: dict[str, Any] = dict(data)
    for member in _DAYS:
        day = parse_day(result.get(member))
        if day:
            result[member] = wire_day(day)
        else:
            result.pop(member, None)
    for member in _NUMBERS:
        if member in result:
            result[member] = number(result[member])
            if result[member] is None:
                del result[member]
    return result
