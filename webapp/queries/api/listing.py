"""A part of a list, and how long the whole of it is."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import sqlalchemy as sa

from webapp.db import Base, db

Model = TypeVar("Model", bound=Base)
Row = TypeVar("Row")
Listed = tuple[tuple[Row, ...], int]
"""The entries of a page, and how many there are in all."""


def listed(
    statement: sa.Select[Model],
    order: Sequence[Any],
    told: Callable[[Model], Row],
    *,
    limit: int,
    offset: int,
) -> Listed[Row]:
    """The entries of a statement that belong to one page, each as ``told`` tells it."""
    count = sa.select(sa.func.count()).select_from(statement.order_by(None).subquery())
    rows = db.session.scalars(statement.order_by(*order).limit(limit).offset(offset))
    found = tuple(told(row) for row in rows.unique())
    return found, db.session.scalar(count) or 0
