"""Takes what needs no attention any more off the list of what does."""

import datetime as dt
from collections.abc import Collection

import sqlalchemy as sa

from webapp.db import db, transaction
from webapp.domain.runs import UNFINISHED
from webapp.models import ExportItem, ExportRun


def clear_problems(
    item_ids: Collection[int], *, fin_co_ids: Collection[int], user_id: int | None, now: dt.datetime
) -> dict[int, int]:
    """Clear the problems of these documents; what an export did stays in its log (R113).

    Nothing else changes: a document that is not in Xero can still be exported.

    Args:
        item_ids: the documents' entries in the log; one that is undecided or cleared is passed by.
        fin_co_ids: the FinCos this person may act for; entries of others are passed by.
        user_id: who clears them.
        now: the present instant, UTC.

    Returns:
        How many were cleared, by FinCo.
    """
    with transaction():
        found = db.session.execute(
            sa.select(ExportItem.id, ExportRun.fin_co_id)
            .join(ExportRun, ExportRun.id == ExportItem.run_id)
            .where(
                ExportItem.id.in_(item_ids),
                ExportItem.cleared_at.is_(None),
                ExportItem.state.not_in(UNFINISHED),
                ExportRun.fin_co_id.in_(fin_co_ids),
            )
        ).all()
        db.session.execute(
            sa.update(ExportItem)
            .where(ExportItem.id.in_([row.id for row in found]), ExportItem.cleared_at.is_(None))
            .values(cleared_at=now, cleared_by_id=user_id)
        )
    cleared: dict[int, int] = {}
    for row in found:
        cleared[row.fin_co_id] = cleared.get(row.fin_co_id, 0) + 1
    return cleared
