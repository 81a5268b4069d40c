"""Currencies: codes come from Xero, everything else of them from people (R71)."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from webapp.db import db
from webapp.domain.fingerprints import fingerprint
from webapp.models import Currency
from webapp.queries.enquiries.statuses import ActiveFilter
from webapp.queries.paging import PAGE_SIZE, Page
from webapp.queries.sorting import Sort, ordered

EDITED = ("description", "symbol", "conversion_rate", "active")
"""What people set on a currency."""

SORTED_BY: Mapping[str, Any] = {
    "code": Currency.code,
    "description": Currency.description,
    "rate": Currency.conversion_rate,
}
BY_CODE = Sort("code")

_STATUSES: Mapping[ActiveFilter, sa.ColumnElement[bool]] = {
    ActiveFilter.ACTIVE: Currency.active.is_(True),
    ActiveFilter.INACTIVE: Currency.active.is_(False),
    ActiveFilter.ANY: sa.true(),
}


@dataclass(frozen=True, kw_only=True)
class CurrencyFilter:
    """What was asked for. ``text`` is sought in code and description."""

    text: str = ""
    status: ActiveFilter = ActiveFilter.ACTIVE
    sort: Sort = BY_CODE


@dataclass(frozen=True)
class CurrencyRow:
    """One currency; its rate is foreign units per one unit of the local currency."""

    code: str
    symbol: str | None
    description: str
    conversion_rate: Decimal | None
    active: bool

    @property
    def seen(self) -> str:
        """The mark of what may be edited, as it is now."""
        return fingerprint({name: getattr(self, name) for name in EDITED})


@dataclass(frozen=True)
class Currencies:
    """A page of currencies, and how many there are of each status."""

    rows: tuple[CurrencyRow, ...]
    page: Page
    counts: Mapping[ActiveFilter, int]


_COLUMNS: tuple[Any, ...] = (
    Currency.code,
    Currency.symbol,
    Currency.description,
    Currency.conversion_rate,
    Currency.active,
)


def currencies(asked: CurrencyFilter, page_number: int) -> Currencies:
    """The currencies that match. They belong to no FinCo, so everybody sees them all."""
    counts = _counts(asked)
    page = Page(page_number, counts[asked.status])
    return Currencies(_rows(_statement(asked).limit(PAGE_SIZE).offset(page.offset)), page, counts)


def all_currencies(asked: CurrencyFilter) -> tuple[CurrencyRow, ...]:
    """Every currency that matches."""
    return _rows(_statement(asked))


def currency(code: str) -> CurrencyRow | None:
    """The currency of that code."""
    return next(iter(_rows(sa.select(*_COLUMNS).where(Currency.code == code))), None)


def _counts(asked: CurrencyFilter) -> Mapping[ActiveFilter, int]:
    columns = (
        sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)
        for condition in _STATUSES.values()
    )
    row = db.session.execute(sa.select(*columns).where(_sought(asked))).one()
    return dict(zip(_STATUSES, row, strict=True))


def _statement(asked: CurrencyFilter) -> sa.Select[Any]:
    return (
        sa.select(*_COLUMNS)
        .where(_sought(asked), _STATUSES[asked.status])
        .order_by(*ordered(asked.sort, SORTED_BY, Currency.code))
    )


def _sought(asked: CurrencyFilter) -> sa.ColumnElement[bool]:
    if not asked.text:
        return sa.true()
    return sa.or_(
        Currency.code.icontains(asked.text, autoescape=True),
        Currency.description.icontains(asked.text, autoescape=True),
    )


def _rows(statement: sa.Select[Any]) -> tuple[CurrencyRow, ...]:
    return tuple(CurrencyRow(*row) for row in db.session.execute(statement))
