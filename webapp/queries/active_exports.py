"""Which export run holds a batch at this moment."""

import sqlalchemy as sa

from webapp.db import db
from webapp.models import Batch, ExportRunBatch


def holding_runs(batch_ids: list[int]) -> dict[str, int]:
    """The id of the run that holds each of these batches, by batch number; free ones are absent.

    The caller checked that the batches are this person's to see.
    """
    rows = db.session.execute(
        sa.select(Batch.number, ExportRunBatch.run_id)
        .join(ExportRunBatch, ExportRunBatch.batch_id == Batch.id)
        .where(Batch.id.in_(batch_ids), ExportRunBatch.active)
    )
    return {row.number: row.run_id for row in rows}
