"""Batches with their totals."""

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from webapp.db import db
from webapp.domain.batches import BatchStatus, BatchType
from webapp.models import Batch, FinCo
from webapp.queries.api.listing import Listed, listed
from webapp.queries.batch_totals import CurrencyTotal, batch_totals
from webapp.queries.viewers import Viewer


@dataclass(frozen=True)
class BatchRow:
    """One batch."""

    id: int
    fin_co_id: int
    number: str
    batch_type: BatchType
    fin_co: str
    year: int
    period: int
    batch_date: dt.date
    reference: str | None
    status: BatchStatus
    not_for_export: bool
    created_at: dt.datetime
    closed_at: dt.datetime | None
    exported_at: dt.datetime | None
    totals: tuple[CurrencyTotal, ...]


def batches(
    viewer: Viewer,
    *,
    fin_co: str | None,
    batch_type: BatchType | None,
    status: BatchStatus | None,
    limit: int,
    offset: int,
) -> Listed[BatchRow]:
    """A page of the batches, the newest number last."""
    statement = _visible(viewer)
    if fin_co is not None:
        statement = statement.where(Batch.fin_co.has(FinCo.code == fin_co))
    if batch_type is not None:
        statement = statement.where(Batch.batch_type == batch_type)
    if status is not None:
        statement = statement.where(Batch.status == status)
    found, count = listed(statement, [Batch.id], _identity, limit=limit, offset=offset)
    totals = batch_totals([batch.id for batch in found])
    return tuple(_row(batch, totals.get(batch.id, ())) for batch in found), count


def batch(viewer: Viewer, number: str) -> BatchRow | None:
    """The batch of that number, if it may be seen."""
    found = db.session.scalar(
        _visible(viewer).where(Batch.number == number).execution_options(populate_existing=True)
    )
    return _row(found, batch_totals([found.id]).get(found.id, ())) if found else None


def _visible(viewer: Viewer) -> sa.Select[Batch]:
    return (
        sa.select(Batch)
        .where(viewer.scope(Batch.fin_co_id))
        .options(joinedload(Batch.fin_co), joinedload(Batch.period))
    )


def _identity(found: Batch) -> Batch:
    return found


def _row(found: Batch, totals: tuple[CurrencyTotal, ...]) -> BatchRow:
    return BatchRow(
        id=found.id,
        fin_co_id=found.fin_co_id,
        number=found.number,
        batch_type=found.batch_type,
        fin_co=found.fin_co.code,
        year=found.period.year,
        period=found.period.number,
        batch_date=found.batch_date,
        reference=found.reference,
        status=found.status,
        not_for_export=found.not_for_export,
        created_at=found.created_at,
        closed_at=found.closed_at,
        exported_at=found.exported_at,
        totals=totals,
    )
