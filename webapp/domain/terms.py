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


def _day_of(month: dt.date, day: int) -> dt.date:
    last = calendar.monthrange(month.year, month.month)[1]
    return month.replace(day=min(max(day, 1), last))
