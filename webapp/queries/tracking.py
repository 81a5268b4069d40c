"""The tracking categories of the organisation a FinCo is connected to."""

from dataclasses import dataclass

import sqlalchemy as sa

from webapp.db import db
from webapp.domain.problems import Problem
from webapp.domain.tracking import ACTIVE, tracking_problems
from webapp.models import XeroConnection, XeroSettings, XeroTrackingCategory
from webapp.models.xero import ConnectionState


@dataclass(frozen=True)
class CategoryRow:
    """A category to choose; its options are the active ones."""

    name: str
    status: str
    options: tuple[str, ...]


def tracking_categories(fin_co_id: int) -> tuple[CategoryRow, ...] | None:
    """The categories as last read, archived ones included; None while they never were."""
    connection = db.session.execute(
        sa.select(XeroConnection.tenant_id, XeroConnection.tracking_read_at).where(
            XeroConnection.fin_co_id == fin_co_id,
            XeroConnection.state != ConnectionState.DISCONNECTED,
        )
    ).first()
    if connection is None or connection.tracking_read_at is None:
        return None
    rows = db.session.scalars(
        sa.select(XeroTrackingCategory)
        .where(
            XeroTrackingCategory.fin_co_id == fin_co_id,
            XeroTrackingCategory.tenant_id == connection.tenant_id,
        )
        .order_by(XeroTrackingCategory.name)
    )
    return tuple(
        CategoryRow(
            row.name,
            row.status,
            tuple(option["name"] for option in row.options if option["status"] == ACTIVE),
        )
        for row in rows
    )


def category_problems(fin_co_id: int) -> tuple[Problem, ...]:
    """What is wrong with the categories a FinCo's settings name, as far as is known (R103)."""
    known = tracking_categories(fin_co_id)
    named = db.session.execute(
        sa.select(XeroSettings.tracking_category_1, XeroSettings.tracking_category_2).where(
            XeroSettings.fin_co_id == fin_co_id
        )
    ).first()
    if known is None or named is None:
        return ()
    return tracking_problems(tuple(named), {row.name: row.status for row in known})
