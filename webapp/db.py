"""The ground every table stands on: types that keep money exact, one transaction, one claim."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, cast

import sqlalchemy as sa
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.engine import Connection, CursorResult, Dialect, Engine
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute, mapped_column
from sqlalchemy.types import TypeDecorator, TypeEngine


class Exact(TypeDecorator[Decimal]):
    """A Decimal with a fixed number of places, exact on every database.

    SQLite has no decimal type and would keep a float; there the value is kept as a whole number
    of its smallest unit, so that SUM and comparison in SQL are exact too.
    """

    impl = sa.Numeric
    cache_ok = True

    def __init__(self, precision: int, scale: int) -> None:
        super().__init__(precision, scale)
        self.precision = precision
        self.scale = scale

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the column type the database can keep exactly."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(sa.BigInteger())
        return dialect.type_descriptor(sa.Numeric(self.precision, self.scale))

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        """Refuse what the column would have to round: rounding is decided in the domain."""
        if value is None:
            return None
        scaled = Decimal(value).scaleb(self.scale)
        whole = int(scaled)
        if whole != scaled:
            raise ValueError(f"{value} has more than {self.scale} decimal places")
        return whole if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        """Give back the Decimal that was stored."""
        if value is None or dialect.name != "sqlite":
            return cast("Decimal | None", value)
        return Decimal(value).scaleb(-self.scale)


class UtcDateTime(TypeDecorator[dt.datetime]):
    """An instant. Goes in aware, comes out aware, in UTC, on every database."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> Any:
        """Refuse an instant without a zone: nobody could say when it was."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs its zone")
        value = value.astimezone(dt.UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> dt.datetime | None:
        """Give the instant back in UTC."""
        if value is None:
            return None
        stored = cast("dt.datetime", value)
        return (
            stored.replace(tzinfo=dt.UTC) if dialect.name == "sqlite" else stored.astimezone(dt.UTC)
        )


def word(enum: type[StrEnum], **options: Any) -> Any:
    """A column that keeps a StrEnum as its word."""
    kind = sa.Enum(
        enum,
        native_enum=False,
        length=32,
        values_callable=lambda members: [m.value for m in members],
    )
    return mapped_column(kind, **options)


Money = Annotated[Decimal, mapped_column(Exact(19, 4))]
Rate = Annotated[Decimal, mapped_column(Exact(18, 8))]
Instant = Annotated[dt.datetime, mapped_column(UtcDateTime())]
PrimaryKey = Annotated[int, mapped_column(primary_key=True)]
Guid = Annotated[str, mapped_column(sa.String(36))]


class Base(DeclarativeBase):
    """Parent of every table. Constraint names follow one convention so migrations can name them."""

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it as a plain class attribute
        dt.date: sa.Date(),
        dict[str, Any]: sa.JSON(),
        list[dict[str, Any]]: sa.JSON(),
    }


db = SQLAlchemy(metadata=Base.metadata)


def utc_now() -> dt.datetime:
    """The present instant, in UTC."""
    return dt.datetime.now(dt.UTC)


class Transaction:
    """What a use case holds while its transaction is open."""

    def __init__(self) -> None:
        self._hooks: list[Callable[[], object]] = []

    def after_commit(self, hook: Callable[[], object]) -> None:
        """Run ``hook`` once the transaction is durable; never if it rolled back.

        Explicit because SQLAlchemy's own event also fires when a SAVEPOINT is released.
        """
        self._hooks.append(hook)

    def _committed(self) -> None:
        for hook in self._hooks:
            hook()


@contextmanager
def transaction() -> Iterator[Transaction]:
    """Commit what the block did, or roll all of it back on any error, then run its hooks.

    A use case opens exactly one at a time; nothing below it commits. On SQLite the write lock is
    taken at the start: a transaction that first reads and then writes would otherwise be refused
    at once when another process wrote in between, however long it were ready to wait.

    Raises:
        RuntimeError: when one is already open in this session.
    """
    session = db.session()
    if session.info.get("in_transaction"):
        raise RuntimeError("a transaction is already open: only the use case opens one")
    session.commit()
    session.info["in_transaction"] = True
    unit = Transaction()
    try:
        session.connection(execution_options={"sqlite_begin": "IMMEDIATE"})
        yield unit
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info["in_transaction"] = False
    unit._committed()  # noqa: SLF001 - the two halves of one thing


def claim(
    model: type[Base],
    key: int,
    column: InstrumentedAttribute[Any],
    from_: object,
    to: object,
    **also: object,
) -> bool:
    """Move a row from one state to another if nobody else did first: compare and set.

    Args:
        model: the table's class; its primary key is ``id``.
        key: which row.
        column: the state column compared and set.
        from_: the state the row must be in.
        to: the state it is put in.
        also: further columns set in the same statement.

    Returns:
        Whether this caller won. Works alike on SQLite and PostgreSQL.
    """
    statement = (
        sa.update(model)
        .where(sa.inspect(model).primary_key[0] == key, column == from_)
        .values({column.key: to, **also})
        .execution_options(synchronize_session="fetch")
    )
    result = cast("CursorResult[Any]", db.session.execute(statement))
    return result.rowcount == 1


STATEMENTS_KEPT = 16
"""By each connection to SQLite. The driver's 128, each with a thousand values, take 30 MB: a
statement about a list of records is another one for every length of the list."""


WAIT_TO_WRITE_MS = 60_000
"""On SQLite one process writes at a time. A file of 100,000 lines that is loaded whole takes some
15 seconds to store, and whoever presses Save meanwhile shall wait for it, not be refused."""


def prepare_sqlite(engine: Engine) -> None:
    """Make SQLite behave like a server: real transactions, foreign keys, concurrent readers."""

    @sa.event.listens_for(engine, "do_connect")
    def _keep_few(_dialect: Any, _record: object, _args: Any, options: dict[str, Any]) -> None:
        options["cached_statements"] = STATEMENTS_KEPT

    @sa.event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: object) -> None:
        # The driver's own implicit BEGIN is switched off; _begin below says when and how.
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=NORMAL",
            "foreign_keys=ON",
            f"busy_timeout={WAIT_TO_WRITE_MS}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        mode = connection.get_execution_options().get("sqlite_begin", "DEFERRED")
        connection.exec_driver_sql(f"BEGIN {mode}")
