"""Many rows at the price of one statement, whatever the database.

PostgreSQL takes them as one JSON text: handed over row by row, each costs the driver and the
database a round of their own. SQLite runs in this process and has no rounds; there the price is
what is done to each row on its way, so that is done column by column.
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
Columns = Mapping[str, Sequence[Any]]
"""Values by the names of their columns; all are of one length."""

_ROWS = "rows"
_WRITE = json.JSONEncoder(default=str, separators=(",", ":")).encode
_INSERT: Mapping[str, Callable[[Any], Any]] = {
    "sqlite": sqlite.insert,
    "postgresql": postgresql.insert,
}


def insert(model: type[Base], rows: Sequence[Row]) -> None:
    """Insert rows that all have the same columns; the model's defaults fill in the others.

    Raises:
        sqlalchemy.exc.IntegrityError: one of them breaks a rule of the table; the transaction
            has to be rolled back, for others may be in.
    """
    if rows:
        insert_columns(model, _columns(rows))


def insert_columns(model: type[Base], columns: Columns) -> None:
    """Insert the rows that stand across these columns, as ``insert`` does."""
    dialect = _dialect()
    if dialect.name == "sqlite":
        _insert_in_process(model, columns, dialect)
    else:
        statement = inserting(model, tuple(columns), dialect.name)
        db.session.execute(statement, _written(model, columns, dialect))


@cache
def inserting(model: type[Base], names: tuple[str, ...], dialect: str) -> Any:
    """The statement that inserts the columns of these names, as the database's own kind of insert.

    Execute it with what ``given`` makes of the rows.
    """
    table = _table(model)
    columns = [table.c[name] for name in names]
    # SQLite takes what follows a SELECT without WHERE for one more table of it.
    source = _SOURCE[dialect](columns).where(sa.true())
    return _INSERT[dialect](table).from_select(columns, source)


def given(model: type[Base], rows: Sequence[Row]) -> dict[str, str]:
    """The rows as the one value that a statement of ``inserting`` takes."""
    return _written(model, _columns(rows), _dialect())


def _columns(rows: Sequence[Row]) -> Columns:
    return {name: [row[name] for row in rows] for name in rows[0]}


def _written(model: type[Base], columns: Columns, dialect: Dialect) -> dict[str, str]:
    table = _table(model)
    readied = [_readied(table.c[name], values, dialect) for name, values in columns.items()]
    rows = (_WRITE(dict(zip(columns, row, strict=True))) for row in zip(*readied, strict=True))
    return {_ROWS: f"[{','.join(rows)}]"}


def _insert_in_process(model: type[Base], columns: Columns, dialect: Dialect) -> None:
    """Insert without what SQLAlchemy does to each row: it takes as long as storing the row."""
    table = _table(model)
    count = len(next(iter(columns.values())))
    defaults = {
        column.name: [column.default.arg] * count
        for column in table.columns
        if isinstance(column.default, sa.ColumnDefault) and column.name not in columns
    }
    # What nobody fills costs as much as what is filled, where it is named.
    filled = {
        name: values
        for name, values in columns.items()
        if table.c[name].default is not None or any(value is not None for value in values)
    }
    bound = {
        name: _readied(table.c[name], values, dialect)
        for name, values in {**filled, **defaults}.items()
    }
    statement, order = _plain(model, tuple(bound))
    db.session.connection().exec_driver_sql(
        statement, list(zip(*(bound[name] for name in order), strict=True))
    )


@cache
def _plain(model: type[Base], names: tuple[str, ...]) -> tuple[str, Sequence[str]]:
    """The text that inserts one row, and the names of its values in their order."""
    compiled = sa.insert(_table(model)).compile(dialect=sqlite.dialect(), column_keys=list(names))
    return str(compiled), cast("Any", compiled).positiontup


def _table(model: type[Base]) -> sa.Table:
    return cast("sa.Table", model.__table__)


def _readied(column: sa.Column[Any], values: Sequence[Any], dialect: Dialect) -> Sequence[Any]:
    """What the column's type makes of the values on their way in."""
    ready = column.type.dialect_impl(dialect).bind_processor(dialect)
    return values if ready is None else list(map(ready, values))


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
