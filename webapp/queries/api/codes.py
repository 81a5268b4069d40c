"""Sales codes, GST types, currencies and periods: records that all FinCos share."""

from dataclasses import dataclass
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from webapp.domain.entry.kinds import Module
from webapp.models import Currency, GstType, Period, SalesCode
from webapp.queries.api.listing import Listed, listed
from webapp.queries.api.records import PeriodRow


@dataclass(frozen=True)
class SalesCodeRow:
    """What a sales line is for."""

    code: str
    description: str
    sales_type: str
    cr_gl_account: str | None
    gst_type: str | None
    active: bool


@dataclass(frozen=True)
class GstTypeRow:
    """A tax code; ``percent`` is 15 for 15 %."""

    code: str
    description: str
    export_code: str | None
    percent: Decimal
    use_for_ap: bool
    use_for_ar: bool


@dataclass(frozen=True)
class CurrencyRow:
    """A currency; its rate is foreign units per one unit of the local currency."""

    code: str
    description: str
    symbol: str | None
    conversion_rate: Decimal | None
    active: bool


def sales_codes(*, code: str | None = None, limit: int, offset: int) -> Listed[SalesCodeRow]:
    """A page of the sales codes, or the one of that code."""
    statement = sa.select(SalesCode).options(joinedload(SalesCode.gst_type))
    if code is not None:
        statement = statement.where(SalesCode.code == code)
    return listed(statement, [SalesCode.code], _sales_code, limit=limit, offset=offset)


def gst_types(*, code: str | None = None, limit: int, offset: int) -> Listed[GstTypeRow]:
    """A page of the GST types, or the one of that code."""
    statement = sa.select(GstType)
    if code is not None:
        statement = statement.where(GstType.code == code)
    return listed(statement, [GstType.code], _gst_type, limit=limit, offset=offset)


def currencies(*, code: str | None = None, limit: int, offset: int) -> Listed[CurrencyRow]:
    """A page of the currencies, or the one of that code."""
    statement = sa.select(Currency)
    if code is not None:
        statement = statement.where(Currency.code == code)
    return listed(statement, [Currency.code], _currency, limit=limit, offset=offset)


def periods(
    *, year: int | None = None, number: int | None = None, limit: int, offset: int
) -> Listed[PeriodRow]:
    """A page of the periods, oldest first, of one year or one of them where it is named."""
    statement = sa.select(Period)
    if year is not None:
        statement = statement.where(Period.year == year)
    if number is not None:
        statement = statement.where(Period.number == number)
    return listed(statement, [Period.year, Period.number], _period, limit=limit, offset=offset)


def _sales_code(found: SalesCode) -> SalesCodeRow:
    return SalesCodeRow(
        found.code,
        found.description,
        found.sales_type,
        found.cr_gl_account,
        found.gst_type.code if found.gst_type else None,
        found.active,
    )


def _gst_type(found: GstType) -> GstTypeRow:
    return GstTypeRow(
        found.code,
        found.description,
        found.export_code,
        found.percent,
        found.use_for_ap,
        found.use_for_ar,
    )


def _currency(found: Currency) -> CurrencyRow:
    return CurrencyRow(
        found.code, found.description, found.symbol, found.conversion_rate, found.active
    )


def _period(found: Period) -> PeriodRow:
    return PeriodRow(
        found.year,
        found.number,
        found.start_date,
        found.end_date,
        found.is_current,
        tuple(module.value for module in Module if getattr(found, f"{module.value}_closed")),
    )
