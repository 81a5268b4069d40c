"""A list of set-up records: filtered, ordered, a page at a time or whole."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from webapp.db import db
from webapp.queries.paging import PAGE_SIZE, Page
from webapp.queries.sorting import Sort, ordered


class Standing(StrEnum):
    """Which records are asked for."""

    ACTIVE = "active"
    INACTIVE = "inactive"
    ANY = "any"


@dataclass(frozen=True)
class Asked:
    """The filter of a list as it stands in the address."""

    sort: Sort
    text: str = ""
    standing: Standing = Standing.ACTIVE
    fin_co: str | None = None
    page: int = 1


@dataclass(frozen=True)
class Column:
    """A column: what it shows is also what it is ordered by."""

    label: str
    value: sa.SQLColumnExpression[Any]
    numeric: bool = False
    searched: bool = False


@dataclass(frozen=True)
class Table:
    """What a list is made of.

    Attributes:
        columns: by the name each has in an address; the first one names the record.
        rows: where they come from, joined and kept to what the viewer may see.
        key: what the address of a record holds.
        active: whether a record is in use, where records can be out of use.
        fin_co: the code of a record's FinCo, where records belong to one.
        more: what its file holds beside what its page has room for.
    """

    columns: Mapping[str, Column]
    rows: sa.Select[Any]
    key: sa.SQLColumnExpression[Any]
    active: sa.SQLColumnExpression[bool] | None = None
    fin_co: sa.SQLColumnExpression[str] | None = None
    more: Mapping[str, Column] = field(default_factory=dict)

    @property
    def of_file(self) -> "Table":
        """The same with all that its file holds."""
        return replace(self, columns={**self.columns, **self.more})


@dataclass(frozen=True)
class Row:
    """A record of a list: its key and a cell for each column."""

    key: str
    cells: tuple[Any, ...]


@dataclass(frozen=True)
class Listing:
    """A page of a list."""

    rows: tuple[Row, ...]
    page: Page


def listing(table: Table, asked: Asked) -> Listing:
    """A page of what was asked for."""
    found = _found(table, asked)
    total = db.session.scalar(
        sa.select(sa.func.count()).select_from(found.with_only_columns(table.key).subquery())
    )
    page = Page(asked.page, total or 0)
    shown = _in_order(found, table, asked).limit(PAGE_SIZE).offset(page.offset)
    return Listing(tuple(_rows(shown)), page)


def everything(table: Table, asked: Asked) -> Iterator[Row]:
    """All of what was asked for, whatever the page."""
    return _rows(_in_order(_found(table, asked), table, asked))


def _rows(statement: sa.Select[Any]) -> Iterator[Row]:
    for key, *cells in db.session.execute(statement):
        yield Row(str(key), tuple(cells))


def _found(table: Table, asked: Asked) -> sa.Select[Any]:
    values: list[Any] = [column.value.label(name) for name, column in table.columns.items()]
    found = table.rows.with_only_columns(table.key, *values, maintain_column_froms=True)
    if asked.text:
        searched = [column.value for column in table.columns.values() if column.searched]
        found = found.where(
            sa.or_(*(value.icontains(asked.text, autoescape=True) for value in searched))
        )
    if table.active is not None and asked.standing is not Standing.ANY:
        found = found.where(table.active.is_(asked.standing is Standing.ACTIVE))
    if table.fin_co is not None and asked.fin_co:
        found = found.where(table.fin_co == asked.fin_co)
    return found


def _in_order(found: sa.Select[Any], table: Table, asked: Asked) -> sa.Select[Any]:
    by = {name: column.value for name, column in table.columns.items()}
    column, last = ordered(asked.sort, by, table.key)
    named, _ = ordered(Sort(next(iter(by))), by, table.key)
    return found.order_by(column, named, last)
