"""A condition on a page's worth of values that is one text, however many values there are."""

import json
from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from webapp.db import db


def among(column: Any, values: Collection[int] | Collection[str]) -> sa.ColumnElement[bool]:
    """Say that a column of text or whole numbers is one of these values.

    ``in_`` writes out every value: with a thousand of them taking the statement apart, in the
    driver and in the database, takes longer than answering it, and each length is another one.
    """
    given = list(values)
    if db.session.get_bind().dialect.name == "postgresql":
        element = sa.Integer if isinstance(column.type, sa.Integer) else sa.Text
        return sa.type_coerce(column, element) == sa.any_(sa.literal(given, ARRAY(element)))
    value = sa.func.json_each(json.dumps(given, ensure_ascii=False)).table_valued("value").c.value
    is_one: sa.ColumnElement[bool] = column.in_(sa.select(value))
    return is_one
