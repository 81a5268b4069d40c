"""A condition on a page's worth of values that is one text, however many values there are."""

import json
from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.engine import Dialect

from webapp.db import db


def among(column: Any, values: Collection[int] | Collection[str]) -> sa.ColumnElement[bool]:
    """Say that a column of text or whole numbers is one of these values.

    ``in_`` writes out every value: with a thousand of them taking the statement apart, in the
    driver and in the database, takes longer than answering it, and each length is another one.
    """
    if db.session.get_bind().dialect.name == "postgresql":
        element = sa.Integer if isinstance(column.type, sa.Integer) else sa.Text
        return sa.type_coerce(column, element) == sa.any_(sa.literal(values, _Array(element)))
    given = json.dumps(list(values), ensure_ascii=False)
    value = sa.func.json_each(given).table_valued("value").c.value
    is_one: sa.ColumnElement[bool] = column.in_(sa.select(value))
    return is_one


class _Array(sa.TypeDecorator[Any]):
    """An array that is written out here: the driver looks at each value, at ten times the price."""

    impl = ARRAY
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Any:  # noqa: ARG002 - as it is asked for
        """Write an array as PostgreSQL reads it."""
        return _written


def _written(values: Collection[int] | Collection[str]) -> str:
    quoted = (str(value).replace("\\", "\\\\").replace('"', '\\"') for value in values)
    return '{"' + '","'.join(quoted) + '"}' if values else "{}"
