"""Payment terms: Xero's four kinds, kept as Xero's words with a number of days (R46)."""

import calendar
import datetime as dt
from enum import StrEnum


class TermsType(StrEnum):
    """What the day of a payment term counts from."""

    AFTER_BILL_DATE = "DAYSAFTERBILLDATE"
    AFTER_BILL_MONTH = "DAYSAFTERBILLMONTH"
    OF_CURRENT_MONTH = "OFCURRENTMONTH"
    OF_FOLLOWING_MONTH = "OFFOLLOWINGMONTH"


def due_date(date: dt.date, days: int, kind: str) -> dt.date:
    """When a document of this date falls due.

    A day a month does not have is its last day, and nothing falls due before it is dated.

    Args:
        date: the document's own date.
        days: the number of days, or the day of the month.
        kind: one of the words of ``TermsType``.

    Raises:
        ValueError: ``kind`` is none of them.
    """
    match TermsType(kind):
        case TermsType.AFTER_BILL_DATE:
            due = date + dt.timedelta(days=days)
        case TermsType.AFTER_BILL_MONTH:
            due = _day_of(date, calendar.monthrange(date.year, date.month)[1])
            due += dt.timedelta(days=days)
        case TermsType.OF_CURRENT_MONTH:
            due = _day_of(date, days)
        case TermsType.OF_FOLLOWING_MONTH:
            due = _day_of(date.replace(day=1) + dt.timedelta(days=31), days)
    return max(date, due)


def in_words(days: int | None, kind: str | None) -> str | None:
    """Payment terms as people say them; None where there are none.

    Args:
        days: the number of days, or the day of the month.
        kind: one of the words of ``TermsType``; another one is given back as it stands.
    """
    if days is None or not kind:
        return None
    counted = "1 day" if days == 1 else f"{days} days"
    match kind:
        case TermsType.AFTER_BILL_DATE:
            return f"{counted} after the invoice date" if days else "on the invoice date"
        case TermsType.AFTER_BILL_MONTH:
            month_end = "the end of the invoice month"
            return f"{counted} after {month_end}" if days else f"at {month_end}"
        case TermsType.OF_CURRENT_MONTH:
            return f"{_ordinal(days)} of the current month"
        case TermsType.OF_FOLLOWING_MONTH:
            return f"{_ordinal(days)} of the following month"
    return f"{counted}, {kind}"


def _ordinal(number: int) -> str:
    teens = 10 <= number % 100 <= 20  # noqa: PLR2004 - eleventh, twelfth, thirteenth
    return f"{number}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def _day_of(month: dt.date, day: int) -> dt.date:
    last = calendar.monthrange(month.year, month.month)[1]
    return month.replace(day=min(max(day, 1), last))
