"""Master records that are told here and kept elsewhere."""

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from marshmallow import Schema

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
Read = Callable[..., Listed[Any]]
"""Reads a page of records, or the one that is named."""
part = blueprint("codes", "Codes that documents use, and the periods they fall into.")


def _told(
    address: str,
    what: tuple[str, str],
    answer: type[Schema],
    read: Callable[[], Read],
    key: str = "code",
) -> None:
    """Give the API a list of records and one of them.

    Args:
        address: of the list.
        what: the records and one record in words.
        answer: how one is told.
        read: gives what reads them for whoever calls.
        key: what names one: its code, or the id where codes are not one of a kind.
    """
    many, one = what

    def listing(query: dict[str, Any]) -> Any:
        return paged(query, lambda asked: read()(limit=asked.page_size, offset=asked.offset))

    def single(**named: Any) -> Any:
        return _one(read()(**named, limit=1, offset=0))

    listing.__doc__, listing.__name__ = f"A page of {many}.", f"list_{_name(many)}"
    single.__doc__, single.__name__ = f"One {one}.", f"get_{_name(one)}"
    variable = f"<int:{key}>" if key.endswith("_id") else f"<{key}>"
    needs = Permission.VIEW
    operation(part, "GET", address, needs=needs, query=PageQuery, answer=page_of(answer))(listing)
    operation(part, "GET", f"{address}/{variable}", needs=needs, answer=answer)(single)


def _name(words: str) -> str:
    return words.lower().replace(" ", "_")


def _of_caller(read: Read) -> Callable[[], Read]:
    """Read what the caller's FinCos have."""
    return lambda: partial(read, caller().viewer)


_told("/sales-codes", ("sales codes", "sales code"), SalesCodeAnswer, lambda: read.sales_codes)
_told("/gst-types", ("GST types", "GST type"), GstTypeAnswer, lambda: read.gst_types)
_told(
    "/profit-centres",
    ("profit centres", "profit centre"),
    ProfitCentreAnswer,
    _of_caller(read_records.profit_centres),
)
_told(
    "/gl-accounts",
    ("GL accounts", "GL account"),
    GlAccountAnswer,
    _of_caller(read_records.gl_accounts),
    key="account_id",
)
_told("/currencies", ("currencies", "currency"), CurrencyAnswer, lambda: read.currencies)


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
