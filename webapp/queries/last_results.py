"""What the newest export run of a batch made of its documents."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from webapp.db import db
from webapp.domain.runs import ItemState
from webapp.models import ExportItem, ExportRunBatch
from webapp.queries.run_fates import state_of_parts


@dataclass(frozen=True)
class LastResult:
    """What the newest export run of a batch came to, so far."""

    run_id: int
    counts: Mapping[ItemState, int]

    def count(self, *states: ItemState) -> int:
        """How many documents are in one of these states."""
        return sum(self.counts.get(state, 0) for state in states)


def last_results(batch_ids: Sequence[int]) -> dict[int, LastResult]:
    """The newest export run of each of these batches, with the fate of the batch's documents."""
    newest = (
        sa.select(ExportRunBatch.batch_id, sa.func.max(ExportRunBatch.run_id).label("run_id"))
        .where(ExportRunBatch.batch_id.in_(batch_ids))
        .group_by(ExportRunBatch.batch_id)
        .subquery()
    )
    told = (
        sa.select(newest.c.batch_id, newest.c.run_id, state_of_parts().label("state"))
        .outerjoin(
            ExportItem,
            sa.and_(ExportItem.batch_id == newest.c.batch_id, ExportItem.run_id == newest.c.run_id),
        )
        .group_by(newest.c.batch_id, newest.c.run_id, ExportItem.document_id)
        .subquery()
    )
    rows: Any = db.session.execute(
        sa.select(told.c.batch_id, told.c.run_id, told.c.state, sa.func.count()).group_by(
            told.c.batch_id, told.c.run_id, told.c.state
        )
    )
    counts: dict[tuple[int, int], dict[ItemState, int]] = {}
    for batch_id, run_id, state, count in rows:
        of_one = counts.setdefault((batch_id, run_id), {})
        if state is not None:
            of_one[state] = count
    return {batch_id: LastResult(run_id, of_one) for (batch_id, run_id), of_one in counts.items()}
