"""Master records that are told here and kept elsewhere."""

from typing import Any, TypeVar

from webapp.api.guard import caller
from webapp.api.operations import blueprint, operation
from webapp.api.paging import PageQuery, page_of, paged
from webapp.api.schemas.codes import (
    CurrencyAnswer,
    GlAccountAnswer,
    GstTypeAnswer,
    PeriodAnswer,
    PeriodQuery,
    ProfitCentreAnswer,
    SalesCodeAnswer,
)
from webapp.domain.access import Permission
from webapp.queries.api import codes as read
from webapp.queries.api import records as read_records
from webapp.queries.api.listing import Listed
from webapp.services.errors import NotFound

Row = TypeVar("Row")
part = blueprint("codes", "Codes that documents use, and the periods they fall into.")


@operation(part, "GET", "/sales-codes", needs=Permission.VIEW, query=PageQuery,
           answer=page_of(SalesCodeAnswer))  # fmt: skip
def list_sales_codes(query: dict[str, Any]) -> Any:
    """A page of sales codes."""
    return paged(query, lambda asked: read.sales_codes(limit=asked.page_size, offset=asked.offset))


@operation(part, "GET", "/sales-codes/<code>", needs=Permission.VIEW, answer=SalesCodeAnswer)
def get_sales_code(code: str) -> Any:
    """One sales code."""
    return _one(read.sales_codes(code=code, limit=1, offset=0))


@operation(part, "GET", "/gst-types", needs=Permission.VIEW, query=PageQuery,
           answer=page_of(GstTypeAnswer))  # fmt: skip
def list_gst_types(query: dict[str, Any]) -> Any:
    """A page of GST types."""
    return paged(query, lambda asked: read.gst_types(limit=asked.page_size, offset=asked.offset))


@operation(part, "GET", "/gst-types/<code>", needs=Permission.VIEW, answer=GstTypeAnswer)
def get_gst_type(code: str) -> Any:
    """One GST type."""
    return _one(read.gst_types(code=code, limit=1, offset=0))


@operation(part, "GET", "/profit-centres", needs=Permission.VIEW, query=PageQuery,
           answer=page_of(ProfitCentreAnswer))  # fmt: skip
def list_profit_centres(query: dict[str, Any]) -> Any:
    """A page of profit centres."""
    return paged(
        query,
        lambda asked: read_records.profit_centres(
            caller().viewer, limit=asked.page_size, offset=asked.offset
        ),
    )


@operation(part, "GET", "/profit-centres/<code>", needs=Permission.VIEW,
           answer=ProfitCentreAnswer)  # fmt: skip
def get_profit_centre(code: str) -> Any:
    """One profit centre."""
    return _one(read_records.profit_centres(caller().viewer, code=code, limit=1, offset=0))


@operation(part, "GET", "/gl-accounts", needs=Permission.VIEW, query=PageQuery,
           answer=page_of(GlAccountAnswer))  # fmt: skip
def list_gl_accounts(query: dict[str, Any]) -> Any:
    """A page of GL accounts."""
    return paged(
        query,
        lambda asked: read_records.gl_accounts(
            caller().viewer, limit=asked.page_size, offset=asked.offset
        ),
    )


@operation(part, "GET", "/gl-accounts/<int:account_id>", needs=Permission.VIEW,
           answer=GlAccountAnswer)  # fmt: skip
def get_gl_account(account_id: int) -> Any:
    """One GL account."""
    return _one(read_records.gl_accounts(caller().viewer, account_id=account_id, limit=1, offset=0))


@operation(part, "GET", "/currencies", needs=Permission.VIEW, query=PageQuery,
           answer=page_of(CurrencyAnswer))  # fmt: skip
def list_currencies(query: dict[str, Any]) -> Any:
    """A page of currencies."""
    return paged(query, lambda asked: read.currencies(limit=asked.page_size, offset=asked.offset))


@operation(part, "GET", "/currencies/<code>", needs=Permission.VIEW, answer=CurrencyAnswer)
def get_currency(code: str) -> Any:
    """One currency."""
    return _one(read.currencies(code=code, limit=1, offset=0))


@operation(part, "GET", "/periods", needs=Permission.VIEW, query=PeriodQuery,
           answer=page_of(PeriodAnswer))  # fmt: skip
def list_periods(query: dict[str, Any]) -> Any:
    """A page of periods, oldest first."""
    return paged(
        query,
        lambda asked: read.periods(
            year=query.get("year"), limit=asked.page_size, offset=asked.offset
        ),
    )


@operation(part, "GET", "/periods/<int:year>/<int:number>",
           needs=Permission.VIEW, answer=PeriodAnswer)  # fmt: skip
def get_period(year: int, number: int) -> Any:
    """One period."""
    return _one(read.periods(year=year, number=number, limit=1, offset=0))


def _one(found: Listed[Row]) -> Row:
    rows, _ = found
    if not rows:
        raise NotFound("There is no such record for this token.", "Check the code in the address.")
    return rows[0]
