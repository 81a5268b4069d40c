"""Period Ends: the years, and the periods of one of them."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from webapp.db import db
from webapp.domain.fingerprints import fingerprint
from webapp.domain.setup.fields import text_of
from webapp.domain.setup.periods import MODULES
from webapp.models import Period

TIME_END = "time_end_date"
CURRENT = "current"


@dataclass(frozen=True)
class KeptPeriod:
    """A period as it is kept. ``texts`` holds its Time End Date and a tick for each module."""

    id: int
    number: int
    start_date: dt.date
    end_date: dt.date
    is_current: bool
    texts: Mapping[str, str]


@dataclass(frozen=True)
class KeptYear:
    """A year with its periods. ``current`` is told of whatever year it is."""

    year: int
    periods: tuple[KeptPeriod, ...]
    current: int | None

    @property
    def mark(self) -> str:
        """The fingerprint that the form carries of it."""
        told = {str(period.id): dict(period.texts) for period in self.periods}
        return fingerprint({**told, CURRENT: self.current})


def years() -> tuple[int, ...]:
    """The years that have periods, the last one first."""
    return tuple(db.session.scalars(sa.select(Period.year).distinct().order_by(Period.year.desc())))


def current_period() -> Period | None:
    """The period that new documents go to."""
    return db.session.scalar(sa.select(Period).where(Period.is_current))


def kept_year(year: int) -> KeptYear | None:
    """A year as it is kept; None where it has no periods."""
    rows = db.session.scalars(
        sa.select(Period)
        .where(Period.year == year)
        .order_by(Period.number)
        .execution_options(populate_existing=True)
    ).all()
    if not rows:
        return None
    current = current_period()
    return KeptYear(year, tuple(_kept(row) for row in rows), current.id if current else None)


def all_periods() -> tuple[Period, ...]:
    """Every period, by year and number."""
    return tuple(db.session.scalars(sa.select(Period).order_by(Period.year, Period.number)))


def next_first_day() -> dt.date | None:
    """The day after the last period; None where there is none yet."""
    last: dt.date | None = db.session.scalar(sa.select(sa.func.max(Period.end_date)))
    return last + dt.timedelta(days=1) if last else None


def _kept(row: Period) -> KeptPeriod:
    texts = {TIME_END: text_of(row.time_end_date)} | {
        module.value: text_of(getattr(row, f"{module.value}_closed")) for module in MODULES
    }
    return KeptPeriod(row.id, row.number, row.start_date, row.end_date, row.is_current, texts)
