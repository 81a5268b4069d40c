"""The head of invoices and credit notes: dates, currency, link, references (d.7.2)."""

from datetime import date
from decimal import Decimal
from urllib.parse import urlsplit

from webapp.sandbox.books import Books
from webapp.sandbox.dates import day_string, parse_day, spoken, wire_day
from webapp.sandbox.errors import Problems
from webapp.sandbox.kinds import CURRENCIES
from webapp.sandbox.money import number, round_to
from webapp.sandbox.wire import JsonObject

# Units of each currency to one US dollar: a made-up day rate, the same every day.
_PER_USD = {
    "USD": Decimal(1), "NZD": Decimal("1.68"), "AUD": Decimal("1.53"), "EUR": Decimal("0.92"),
    "GBP": Decimal("0.79"),
}  # fmt: skip
_LONGEST = 255
AMOUNT_TYPES = {"exclusive": "Exclusive", "inclusive": "Inclusive", "notax": "NoTax"}


def set_day(
    document: JsonObject, payload: JsonObject, member: str, problems: Problems
) -> date | None:
    """Take over a calendar day with its companion text; give the day the document has."""
    sent = payload.get(member)
    if sent:
        day = parse_day(sent)
        if day is None:
            problems.add(f"{member} is not a valid date.")
        else:
            document[f"{member}String"] = day_string(day)
            document[member] = wire_day(day)
    return parse_day(document.get(member))


def check_lock_dates(books: Books, day: date, problems: Problems, noun: str = "document") -> None:
    """Refuse a date on or before a lock date of the organisation (d.1)."""
    for name, locked in books.organisation.lock_dates():
        if day <= locked:
            problems.add(
                f"The {noun} date cannot be before the {name}, currently set at {spoken(locked)}"
            )


def set_currency(
    books: Books, document: JsonObject, payload: JsonObject, problems: Problems
) -> None:
    """Take over currency and rate; the currency must be one the organisation subscribes to.

    The rate is foreign units to one unit of the base currency (d.7.2).
    """
    base = books.organisation.base_currency
    code = str(payload.get("CurrencyCode") or document.get("CurrencyCode") or base).upper()
    if not books.find(CURRENCIES, "number", code):
        problems.add(f"Organisation is not subscribed to currency {code}")
    changed = document.get("CurrencyCode") != code
    document["CurrencyCode"] = code
    rate = number(payload.get("CurrencyRate"))
    if code == base:
        document["CurrencyRate"] = Decimal("1.000000")
    elif rate is not None and rate > 0:
        document["CurrencyRate"] = round_to(rate, 6)
    elif changed or "CurrencyRate" not in document:
        document["CurrencyRate"] = round_to(
            _PER_USD.get(code, Decimal(1)) / _PER_USD.get(base, Decimal(1)), 6
        )


def set_link(document: JsonObject, payload: JsonObject, problems: Problems) -> None:
    """Take over Url: absolute, and without the word "xero"."""
    url = payload.get("Url")
    if url is None:
        return
    parts = urlsplit(str(url))
    if url and (parts.scheme not in ("http", "https") or not parts.netloc):
        problems.add("Url must be an absolute address.")
    elif "xero" in str(url).lower():
        problems.add("Url must not contain the word xero.")
    else:
        document["Url"] = url


def set_amount_types(document: JsonObject, payload: JsonObject, problems: Problems) -> None:
    """Take over LineAmountTypes."""
    sent = payload.get("LineAmountTypes")
    if sent is None:
        return
    found = AMOUNT_TYPES.get(str(sent).lower())
    if found is None:
        problems.add(f"LineAmountTypes '{sent}' is not valid.")
    else:
        document["LineAmountTypes"] = found


def set_texts(
    document: JsonObject, payload: JsonObject, members: tuple[str, ...], problems: Problems
) -> None:
    """Take over plain texts of at most 255 characters."""
    for member in members:
        if payload.get(member) is not None:
            document[member] = payload[member]
            if len(str(payload[member])) > _LONGEST:
                problems.add(f"{member} must not be longer than 255 characters.")
