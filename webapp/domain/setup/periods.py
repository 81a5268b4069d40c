"""Financial years and their periods (workbench 2.16)."""

import bisect
import datetime as dt
import itertools
from collections.abc import Collection, Iterable
from dataclasses import dataclass

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
MOST_PERIODS = 13
"""Some firms count in thirteen periods of four weeks."""


@dataclass(frozen=True, order=True)
class Span:
    """The days of a period; ``year`` is named after the calendar year it ends in."""

    start: dt.date
    end: dt.date
    year: int
    number: int

    @property
    def place(self) -> tuple[int, int]:
        """Where it stands among all periods."""
        return self.year, self.number

    def __str__(self) -> str:
        """As people call it."""
        return f"period {self.number} of {self.year} ({self.start:%d %b %Y} to {self.end:%d %b %Y})"


def span_faults(span: Span) -> dict[str, str]:
    """What is wrong with a period by itself, by field."""
    found = {}
    if span.end < span.start:
        found["end_date"] = "it ends before it starts"
    if not 1 <= span.number <= MOST_PERIODS:
        found["number"] = f"periods are numbered from 1 to {MOST_PERIODS}"
    if span.end.year not in {span.year - 1, span.year}:
        found["year"] = (
            f"the year is named after the calendar year it ends in, so a period of {span.year} "
            f"does not end on {span.end:%d %b %Y}"
        )
    return found


def misfits(kept: Collection[Span], given: Collection[Span]) -> dict[Span, tuple[str, str]]:
    """Which of the periods that shall be added do not join the others: a field, and why.

    Periods join without a gap, so that every day between the first and the last has one period.

    Args:
        kept: those that are there; where there are none, the earliest one given is the first.
        given: those to be added, none of which has a fault of its own.
    """
    chain = sorted(kept or sorted(given)[:1])
    left = sorted(set(given) - set(chain))
    found: dict[Span, tuple[str, str]] = {}
    while left:
        found = {}
        # There and back again: a file may hold them in any order.
        for span in (*left, *reversed(left)):
            if span in chain:
                continue
            fault = _misfit(chain, span)
            if fault:
                found[span] = fault
            else:
                bisect.insort(chain, span)
                found.pop(span, None)
        rest = [span for span in left if span not in chain]
        if len(rest) == len(left):
            break
        left = rest
    return {span: found[span] for span in left}


def _misfit(chain: list[Span], span: Span) -> tuple[str, str] | None:
    place = bisect.bisect(chain, span)
    before, after = chain[place - 1 : place] if place else [], chain[place : place + 1]
    for other in (*before, *after):
        if other.start <= span.end and span.start <= other.end:
            return "start_date", f"its days are also those of {other}"
    if any(other.place >= span.place for other in before) or any(
        other.place <= span.place for other in after
    ):
        beside = (before or after)[0]
        return "number", f"its days and its number put it on different sides of {beside}"
    one = dt.timedelta(days=1)
    if any(other.end + one == span.start for other in before) or any(
        span.end + one == other.start for other in after
    ):
        return None
    return "start_date", f"periods join without a gap, and it does not join {_told(before, after)}"


def _told(before: Iterable[Span], after: Iterable[Span]) -> str:
    return " or ".join(str(other) for other in (*before, *after))


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
