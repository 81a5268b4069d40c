"""Closing periods, choosing the current one, and making the periods of a year."""

import datetime as dt
from collections.abc import Mapping

import sqlalchemy as sa

from webapp.db import db, transaction
from webapp.domain.setup.fields import TICKED
from webapp.domain.setup.periods import MODULES, first_day_of, months_from
from webapp.models import Period
from webapp.queries.setup.periods import TIME_END, KeptPeriod, KeptYear, kept_year
from webapp.services import audit
from webapp.services.errors import ChangedMeanwhile, NotValid
from webapp.services.setup.saving import WAY_OUT, By, missing, one_of_a_kind, refuse

Texts = Mapping[int, Mapping[str, str]]
"""What was filled in for each period, by its id."""


def year_faults(given: Texts) -> dict[str, str]:
    """What is wrong with what was filled in; names are those of period and field, hyphenated."""
    return {
        f"{id_}-{TIME_END}": "Write a day like 2027-04-05, or leave it empty."
        for id_, texts in given.items()
        if texts[TIME_END] and _day(texts[TIME_END]) is None
    }


def save_year(year: int, given: Texts, current: int | None, *, mark: str, by: By) -> bool:
    """Keep the ticks and Time End Dates of a year's periods, and which period is current.

    A module that is closed takes no new transaction in that period (workbench 2.16).

    Args:
        year: which year.
        given: what was filled in for each of its periods.
        current: the period to be current; None leaves the one that is.
        mark: the fingerprint of what the person was shown.
        by: who saves it.

    Returns:
        Whether anything changed.

    Raises:
        ChangedMeanwhile: somebody else saved it in between.
        NotFound: there is no such year.
        NotValid: a day cannot be read.
    """
    with transaction():
        rows = _held()
        kept = kept_year(year)
        if kept is None:
            raise missing("year")
        refuse(f"Year {year}", year_faults(given))
        changes = _changes(kept, given, current, rows)
        if not changes:
            return False
        if kept.mark != mark:
            raise ChangedMeanwhile(
                f"The periods of {year} were changed by somebody else while you had them open, "
                "so nothing was saved yet.",
                "What they ticked and what you ticked stand together below. Take off what shall "
                "not be, then press Save.",
            )
        for period in kept.periods:
            _assign(rows[period.id], given[period.id])
        if current is not None and current != kept.current:
            for row in rows.values():
                row.is_current = row.id == current
        audit.record(
            at=by.at,
            user_id=by.user_id,
            fin_co_id=None,
            action="change set-up",
            source=by.source,
            detail={"record": f"Period Ends of {year}", **changes},
        )
        return True


def create_year(first_day: str, by: By) -> int:
    """Make twelve periods of a month each; give the year, which is named after its last day.

    Years join without a gap, so that every day between the first and the last has one period.
    The first year's current period is that of the day on which it is made.

    Args:
        first_day: the first day of the year as it was typed.
        by: who makes it.

    Raises:
        NotValid: no year can begin on that day.
    """
    taken = "There are periods of that time already."
    with one_of_a_kind("The year", "first_day", taken), transaction():
        rows = _held().values()
        start = first_day_of(first_day)
        if start is None:
            raise _no_year("Write a day like 2027-04-01, not after the 28th of its month.")
        months = months_from(start)
        end = months[-1][1]
        if rows:
            first = min(row.start_date for row in rows)
            last = max(row.end_date for row in rows)
            one = dt.timedelta(days=1)
            if start != last + one and end != first - one:
                raise _no_year(
                    f"Years join without a gap: begin on {last + one:%d %b %Y}, or end on "
                    f"{first - one:%d %b %Y}."
                )
        if any(row.year == end.year for row in rows):
            raise _no_year(f"The year that ends in {end.year} has its periods already.")
        made = [
            Period(year=end.year, number=number, start_date=begins, end_date=ends)
            for number, (begins, ends) in enumerate(months, start=1)
        ]
        db.session.add_all(made)
        db.session.flush()
        choose_current(by.at.date())
        audit.record(
            at=by.at,
            user_id=by.user_id,
            fin_co_id=None,
            action="add set-up",
            source=by.source,
            detail={"record": f"Period Ends of {end.year}", "first_day": start.isoformat()},
        )
        return end.year


def choose_current(today: dt.date) -> None:
    """Where no period is the current one, let it be that of today, else the first.

    Runs inside a transaction.
    """
    if db.session.scalar(sa.select(sa.exists().where(Period.is_current))):
        return
    is_today = sa.and_(Period.start_date <= today, Period.end_date >= today)
    chosen = db.session.scalar(
        sa.select(Period).order_by(sa.not_(is_today), Period.start_date).limit(1)
    )
    if chosen is not None:
        chosen.is_current = True


def _held() -> dict[int, Period]:
    rows = db.session.scalars(
        sa.select(Period)
        .order_by(Period.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {row.id: row for row in rows}


def _changes(
    kept: KeptYear, given: Texts, current: int | None, rows: Mapping[int, Period]
) -> dict[str, list[object]]:
    found: dict[str, list[object]] = {}
    for period in kept.periods:
        wanted = given[period.id]
        for name, was in period.texts.items():
            if wanted[name] != was:
                found[_told(period, name)] = [was, wanted[name]]
    if current is not None and current != kept.current:
        if current not in rows:
            raise missing("period")
        before = rows[kept.current] if kept.current else None
        found["current period"] = [
            _name(before) if before else "",
            _name(rows[current]),
        ]
    return found


def _told(period: KeptPeriod, name: str) -> str:
    labels = {module.value: f"{label} closed" for module, label in MODULES.items()}
    return f"period {period.number}: {labels.get(name, 'Time End Date')}"


def _name(period: Period) -> str:
    return f"{period.number} of {period.year}"


def _assign(row: Period, texts: Mapping[str, str]) -> None:
    row.time_end_date = _day(texts[TIME_END]) if texts[TIME_END] else None
    for module in MODULES:
        setattr(row, f"{module.value}_closed", texts[module.value] == TICKED)


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def _no_year(fault: str) -> NotValid:
    return NotValid("No periods were made.", WAY_OUT, {"first_day": fault})
