"""Batches with their counts and totals, for the command line."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import sqlalchemy as sa

from webapp.db import db
from webapp.domain.batches import BatchStatus, BatchType
from webapp.models import Batch, Document, FinCo


@dataclass(frozen=True)
class BatchRow:
    """One batch. ``total`` is ex GST, the sum over its documents in their own currencies."""

    id: int
    number: str
    batch_type: BatchType
    fin_co: str
    status: BatchStatus
    not_for_export: bool
    documents: int
    total: Decimal


def batches(*, fin_co: str | None = None, numbers: Sequence[str] | None = None) -> list[BatchRow]:
    """All batches, or a FinCo's, or those of these numbers, in the order of their numbers."""
    query = (
        sa.select(
            Batch.id,
            Batch.number,
            Batch.batch_type,
            FinCo.code,
            Batch.status,
            Batch.not_for_export,
            sa.func.count(Document.id),
            sa.func.coalesce(sa.func.sum(Document.value_ex_gst), 0),
        )
        .join(FinCo, FinCo.id == Batch.fin_co_id)
        .outerjoin(Document, Document.batch_id == Batch.id)
        .group_by(Batch.id, FinCo.code)
        .order_by(Batch.number)
    )
    if fin_co is not None:
        query = query.where(FinCo.code == fin_co)
    if numbers is not None:
        query = query.where(Batch.number.in_(numbers))
    return [BatchRow(*row) for row in db.session.execute(query)]
