"""Batches with their counts and totals, for the command line."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import sqlalchemy as sa

from webapp.db import db
from webapp.domain.batches import BatchStatus, BatchType
from webapp.domain.money import ZERO
from webapp.models import Batch, FinCo
from webapp.queries.batch_totals import CurrencyTotal, batch_totals


@dataclass(frozen=True)
class BatchRow:
    """One batch, with what it comes to in each currency."""

    id: int
    number: str
    batch_type: BatchType
    fin_co: str
    status: BatchStatus
    not_for_export: bool
    totals: tuple[CurrencyTotal, ...]

    @property
    def documents(self) -> int:
        """How many it holds."""
        return sum(total.documents for total in self.totals)

    @property
    def value_ex_gst(self) -> Decimal | None:
        """Its value in its one currency; None where there are several, which add up to nothing."""
        if not self.totals:
            return ZERO
        return self.totals[0].value_ex_gst if len(self.totals) == 1 else None


def batches(*, fin_co: str | None = None, numbers: Sequence[str] | None = None) -> list[BatchRow]:
    """All batches, or a FinCo's, or those of these numbers, in the order of their numbers."""
    wanted = sa.select(Batch.id)
    if fin_co is not None:
        wanted = wanted.join(FinCo, FinCo.id == Batch.fin_co_id).where(FinCo.code == fin_co)
    if numbers is not None:
        wanted = wanted.where(Batch.number.in_(numbers))
    rows = db.session.execute(
        sa.select(
            Batch.id,
            Batch.number,
            Batch.batch_type,
            FinCo.code,
            Batch.status,
            Batch.not_for_export,
        )
        .join(FinCo, FinCo.id == Batch.fin_co_id)
        .where(Batch.id.in_(wanted))
        .order_by(Batch.number)
    ).all()
    totals = batch_totals(wanted)
    return [BatchRow(*row, totals=totals.get(row.id, ())) for row in rows]
