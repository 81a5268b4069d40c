"""The organisation's tracking categories: kept for choosing from, and for finding misspelt ones."""

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa

from webapp.db import db
from webapp.models import XeroConnection, XeroTrackingCategory
from webapp.xero.records import TrackingCategory


def keep_tracking_categories(
    *, fin_co_id: int, tenant_id: str, categories: Sequence[TrackingCategory], now: dt.datetime
) -> None:
    """Make what is kept equal to what the organisation has now; inside a transaction.

    Args:
        fin_co_id: the FinCo.
        tenant_id: the organisation they were read from.
        categories: all of them, archived ones included.
        now: the present instant.
    """
    mine = (
        XeroTrackingCategory.fin_co_id == fin_co_id,
        XeroTrackingCategory.tenant_id == tenant_id,
    )
    kept = {
        row.category_id: row
        for row in db.session.scalars(sa.select(XeroTrackingCategory).where(*mine))
    }
    for category in categories:
        row = kept.pop(category.category_id, None)
        if row is None:
            row = XeroTrackingCategory(
                fin_co_id=fin_co_id, tenant_id=tenant_id, category_id=category.category_id
            )
            db.session.add(row)
        row.name = category.name
        row.status = category.status
        row.options = [
            {"name": option.name, "status": option.status} for option in category.options
        ]
    for gone in kept.values():
        db.session.delete(gone)
    db.session.execute(
        sa.update(XeroConnection)
        .where(XeroConnection.fin_co_id == fin_co_id, XeroConnection.tenant_id == tenant_id)
        .values(tracking_read_at=now)
    )
