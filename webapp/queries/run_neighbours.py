"""Which runs had the same documents before and after a run."""

from dataclasses import dataclass

import sqlalchemy as sa

from webapp.db import db
from webapp.models import ExportItem


@dataclass(frozen=True)
class Neighbours:
    """The ids of the nearest runs that carried a document of this one."""

    earlier: int | None
    later: int | None


def neighbours(run_id: int) -> Neighbours:
    """The runs that this one retries, and that retry this one. The caller checked the scope."""
    mine = sa.select(ExportItem.document_id).where(ExportItem.run_id == run_id)
    same = ExportItem.document_id.in_(mine)
    earlier = sa.select(sa.func.max(ExportItem.run_id)).where(same, ExportItem.run_id < run_id)
    later = sa.select(sa.func.min(ExportItem.run_id)).where(same, ExportItem.run_id > run_id)
    found = db.session.execute(sa.select(earlier.scalar_subquery(), later.scalar_subquery())).one()
    return Neighbours(*found)
