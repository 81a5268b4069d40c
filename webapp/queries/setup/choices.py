"""What can be chosen on the set-up screens."""

import sqlalchemy as sa

from webapp.db import db
from webapp.models import GstType, Location, SalesCode, WorkCentre
from webapp.queries.setup.records import Choice


def gst_types() -> tuple[Choice, ...]:
    """All GST Types, by code."""
    return _choices(sa.select(GstType.code, GstType.description).order_by(GstType.code))


def work_centres() -> tuple[Choice, ...]:
    """All Work Centres, by code."""
    return _choices(sa.select(WorkCentre.code, WorkCentre.description).order_by(WorkCentre.code))


def sales_codes(kept: str) -> tuple[Choice, ...]:
    """The Sales Codes in use, by code, and the one that is ``kept`` already."""
    return _choices(
        sa.select(SalesCode.code, SalesCode.description)
        .where(sa.or_(SalesCode.active, SalesCode.code == kept))
        .order_by(SalesCode.code)
    )


def locations() -> tuple[Choice, ...]:
    """All Locations, by code."""
    return _choices(sa.select(Location.code, Location.description).order_by(Location.code))


def words(*values: str) -> tuple[Choice, ...]:
    """Values that say of themselves what they are."""
    return tuple(Choice(value, value) for value in values)


def _choices(statement: sa.Select[str, str]) -> tuple[Choice, ...]:
    return tuple(Choice(row[0], f"{row[0]}: {row[1]}") for row in db.session.execute(statement))
