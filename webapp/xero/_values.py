"""Single values of Xero's JSON, read tolerantly (xero-api e).

A missing or null value has a neutral reading; a value that is there but cannot be what it claims
raises `ValueError`, which the caller turns into `BadResponse`.
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation

from webapp.xero.encoding import NOT_XML
from webapp.xero.records import ZERO_ID

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NET_DATE = re.compile(r"^/Date\((-?\d+)([+-]\d{4})?\)/$")
# Xero writes up to 7 decimals of a second; Python reads 6.
_FRACTION = re.compile(r"(\.\d{6})\d+")


def text(value: object) -> str:
    """Read text; null and missing are `""`. What no XML and no database can hold is left out."""
    if isinstance(value, str):
        return value if value.isprintable() else NOT_XML.sub("", value)
    if value is None:
        return ""
    if isinstance(value, (dict, list)):
        raise ValueError("not text")  # noqa: TRY004 - unreadable, whatever it is
    return str(value)


def flag(value: object) -> bool:
    """Read a boolean, which some endpoints write as text."""
    return value is True or (isinstance(value, str) and value.lower() == "true")


def identifier(value: object) -> str | None:
    """Read an id; the zero id, which Xero gives refused elements, is none."""
    if value is None:
        return None
    given = text(value).lower()
    if len(given) > len(ZERO_ID):
        raise ValueError(f"not an id: {given[:40]}…")
    return None if given in {"", ZERO_ID} else given


def money(value: object) -> Decimal | None:
    """Read a number or numeric text as it was written."""
    if value is None or value == "":
        return None
    if isinstance(value, Decimal) and value.is_finite():
        return value
    if isinstance(value, bool) or not isinstance(value, (int, str, Decimal)):
        raise ValueError(f"not a number: {value!r}")  # noqa: TRY004 - unreadable, whatever it is
    try:
        number = Decimal(value)
    except InvalidOperation:
        raise ValueError(f"not a number: {value!r}") from None
    if not number.is_finite():
        raise ValueError(f"not a number: {value!r}")
    return number


def instant(value: object) -> datetime | None:
    """Read an instant, from `/Date(ms)/` or ISO; one without a zone is UTC."""
    given = text(value)
    if not given:
        return None
    if match := _NET_DATE.match(given):
        # The offset only decorates: the milliseconds already count from 1970 UTC.
        try:
            return _EPOCH + timedelta(milliseconds=int(match[1]))
        except OverflowError:
            raise ValueError(f"not an instant: {given[:40]!r}") from None
    read = datetime.fromisoformat(_FRACTION.sub(r"\1", given))
    try:
        return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError:
        raise ValueError(f"not an instant: {given[:40]!r}") from None


def day(*candidates: object) -> date | None:
    """Read a calendar day from the first value that is there; it is never shifted by a zone."""
    for value in candidates:
        given = text(value)
        if not given:
            continue
        if _NET_DATE.match(given):
            moment = instant(given)
            return moment.date() if moment else None
        return date.fromisoformat(given[:10])
    return None


def rows(value: object) -> Iterator[dict[str, object]]:
    """Go through the objects of an array that may be null or missing."""
    if value is None:
        return
    if not isinstance(value, list):
        raise ValueError("not an array")  # noqa: TRY004 - as above
    for row in value:
        if not isinstance(row, dict):
            raise ValueError("not an object")  # noqa: TRY004 - as above
        yield row


def part(value: object) -> dict[str, object]:
    """Read a nested object that may be null or missing."""
    return value if isinstance(value, dict) else {}
