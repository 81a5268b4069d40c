"""Dates as the accounting API reads and writes them (xero-api e)."""

import re
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

_MS_DATE = re.compile(r"^/Date\((-?\d+)([+-]\d{4})?\)/$")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def to_ms(instant: datetime) -> int:
    """Milliseconds since 1970, UTC."""
    return (instant - _EPOCH) // timedelta(milliseconds=1)


def from_ms(value: int) -> datetime:
    """Give the instant of so many milliseconds since 1970, UTC."""
    return _EPOCH + timedelta(milliseconds=value)


def wire_instant(ms: int) -> str:
    """Write an instant as ``/Date(ms+0000)/``."""
    return f"/Date({ms}+0000)/"


def wire_day(day: date) -> str:
    """Write a calendar day as midnight UTC, never shifted by a zone."""
    return wire_instant(to_ms(datetime(day.year, day.month, day.day, tzinfo=UTC)))


def day_string(day: date) -> str:
    """Write the companion member of a calendar day (``DateString``)."""
    return f"{day.isoformat()}T00:00:00"


def parse_day(value: Any) -> date | None:
    """Read a calendar day: ISO, with or without a time, or ``/Date(ms)/``; None if unreadable."""
    if not isinstance(value, str):
        return None
    text = value.strip()
    match = _MS_DATE.match(text)
    try:
        if match:
            return from_ms(int(match.group(1))).date()
        return date.fromisoformat(text[:10])
    except (ValueError, OverflowError):
        return None


def wire_to_iso(value: str) -> str | None:
    """Turn ``/Date()/`` into the ISO text the XML answers use; None for any other text."""
    match = _MS_DATE.match(value)
    if not match:
        return None
    return from_ms(int(match.group(1))).replace(tzinfo=None).isoformat(timespec="seconds")


def parse_modified_since(value: str | None) -> int | None:
    """Read If-Modified-Since to the second; None when it is missing or in no form Xero knows.

    An unreadable value is ignored and everything is returned, as the service does (trap 11).
    """
    if not value:
        return None
    text = value.strip()
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        try:
            instant = parsedate_to_datetime(text)
        except ValueError:
            return None
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=UTC)
    return to_ms(instant.replace(microsecond=0))


def spoken(day: date) -> str:
    """Write a day as error messages do: 31 October 2026."""
    return f"{day.day} {day.strftime('%B %Y')}"
