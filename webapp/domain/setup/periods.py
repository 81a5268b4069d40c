"""Financial years and their periods (workbench 2.16)."""

import datetime as dt
import itertools

from webapp.domain.entry.kinds import Module

MODULES = {
    Module.AP: "AP",
    Module.AR: "AR",
    Module.TIME: "Time",
    Module.PLANT: "Plant",
    Module.STOCK: "Stock",
    Module.DISBURSEMENT: "Disbursement",
    Module.ADJUSTMENT: "Adjustment",
    Module.RECEIPT: "Receipt",
}
"""What is closed one by one, by what people call it."""

MONTHS = 12
LATEST_FIRST_DAY = 28
FIRST_YEAR = 2000
LAST_YEAR = 2100


def months_from(first: dt.date) -> tuple[tuple[dt.date, dt.date], ...]:
    """The first and last days of twelve periods of a month each."""
    starts = [_months_later(first, months) for months in range(MONTHS + 1)]
    return tuple(
        (start, following - dt.timedelta(days=1)) for start, following in itertools.pairwise(starts)
    )


def first_day_of(text: str) -> dt.date | None:
    """The first day of a year as it was typed; None where no year can begin on it."""
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.day <= LATEST_FIRST_DAY and FIRST_YEAR <= day.year < LAST_YEAR else None


def _months_later(day: dt.date, months: int) -> dt.date:
    years, month = divmod(day.month - 1 + months, MONTHS)
    return day.replace(year=day.year + years, month=month + 1)
