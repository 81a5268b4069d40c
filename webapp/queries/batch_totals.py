"""What batches come to, currency by currency: different currencies are never added up."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import sqlalchemy as sa

from webapp.db import db
from webapp.domain.documents import DocumentStatus
from webapp.models import Document


@dataclass(frozen=True)
class CurrencyTotal:
    """The sums over a batch's documents in one currency."""

    currency: str
    documents: int
    in_xero: int
    """How many of them are there already, and are never sent again."""
    value_ex_gst: Decimal
    gst: Decimal

    @property
    def total(self) -> Decimal:
        """Including GST."""
        return self.value_ex_gst + self.gst


def batch_totals(
    batch_ids: Sequence[int] | sa.Select[int],
) -> dict[int, tuple[CurrencyTotal, ...]]:
    """The sums of each of these batches, by currency; a batch without documents has none."""
    found: dict[int, tuple[CurrencyTotal, ...]] = {}
    arrived = sa.case((Document.status == DocumentStatus.UPDATED, 1), else_=0)
    rows = db.session.execute(
        sa.select(
            Document.batch_id,
            Document.currency_code,
            sa.func.count(),
            sa.func.sum(arrived),
            sa.func.sum(Document.value_ex_gst),
            sa.func.sum(Document.gst),
        )
        .where(Document.batch_id.in_(batch_ids))
        .group_by(Document.batch_id, Document.currency_code)
        .order_by(Document.batch_id, Document.currency_code)
    )
    for batch_id, *sums in rows:
        found[batch_id] = (*found.get(batch_id, ()), CurrencyTotal(*sums))
    return found
