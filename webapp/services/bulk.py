"""Many rows in one statement, whatever the database: they travel as one JSON text.

Handed over row by row, each costs the driver and the database a round of their own, which for a
page of a thousand takes longer than storing them, and no other thread gets on meanwhile.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect

from webapp.db import Base, db

Row = Mapping[str, object]

_ROWS = "rows"
_WRITE = json.JSONEncoder(default=str, separators=(",", ":")).encode
_INSERT: Mapping[str, Callable[[Any], Any]] = {
    "sqlite": sqlite.insert,
    "postgresql": postgresql.insert,
}


def insert(model: type[Base], rows: Sequence[Row]) -> None:
    """Insert rows that all have the same columns; the model's defaults fill in the others.

    Raises:
        sqlalchemy.exc.IntegrityError: one of them breaks a rule of the table; none was kept.
    """
    if rows:
        statement = inserting(model, tuple(rows[0]), _dialect().name)
        db.session.execute(statement, given(model, rows))


@cache
def inserting(model: type[Base], names: tuple[str, ...], dialect: str) -> Any:
    """The statement that inserts the columns of these names, as the database's own kind of insert.

    Execute it with what ``given`` makes of the rows.
    """
    table = cast("sa.Table", model.__table__)
    columns = [table.c[name] for name in names]
    # SQLite takes what follows a SELECT without WHERE for one more table of it.
    source = _SOURCE[dialect](columns).where(sa.true())
    return _INSERT[dialect](table).from_select(columns, source)


def given(model: type[Base], rows: Sequence[Row]) -> dict[str, str]:
    """The rows as the one value that a statement of ``inserting`` takes."""
    table = cast("sa.Table", model.__table__)
    readied = {name: ready for name in rows[0] if (ready := _readying(table.c[name], _dialect()))}
    written = (
        _WRITE({**row, **{name: ready(row[name]) for name, ready in readied.items()}})
        for row in rows
    )
    return {_ROWS: f"[{','.join(written)}]"}


def _readying(column: sa.Column[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    """What the column's type does to a value on its way in; None where that is nothing."""
    return column.type.dialect_impl(dialect).bind_processor(dialect)


def _in_sqlite(columns: Sequence[sa.Column[Any]]) -> sa.Select[Any]:
    row = sa.func.json_each(sa.bindparam(_ROWS, type_=sa.Text())).table_valued("value").c.value
    return sa.select(*(sa.func.json_extract(row, f"$.{column.name}") for column in columns))


def _in_postgresql(columns: Sequence[sa.Column[Any]]) -> sa.Select[Any]:
    told = sa.cast(sa.bindparam(_ROWS, type_=sa.Text()), postgresql.JSON)
    row = (
        sa.func.json_to_recordset(told)
        .table_valued(*(sa.column(column.name, column.type) for column in columns))
        .render_derived(name="told", with_types=True)
    )
    return sa.select(*(row.c[column.name] for column in columns))


_SOURCE: Mapping[str, Callable[[Sequence[sa.Column[Any]]], sa.Select[Any]]] = {
    "sqlite": _in_sqlite,
    "postgresql": _in_postgresql,
}


def _dialect() -> Dialect:
    return db.session.get_bind().dialect
