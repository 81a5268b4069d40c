"""Makes the batch that reverses an exported adjustment in the next period (workbench 3.6, 8.7)."""

import datetime as dt
from uuid import uuid4

import sqlalchemy as sa
import structlog
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased, selectinload

from webapp.db import db, transaction
from webapp.domain.batches import BatchStatus, BatchType, number
from webapp.domain.documents import DocumentStatus
from webapp.models import Batch, Document, DocumentLine, Period
from webapp.services.batches import take_numbers

log = structlog.get_logger(__name__)


def reverse(batch_id: int, now: dt.datetime) -> None:
    """Make the reversal of a batch that was exported and is to be reversed, unless it has one.

    It has the same journals with the opposite signs on the accounts that were posted to, is dated
    the first day of the next period that takes adjustments, and comes closed: a person exports
    it. Where there is no such period yet, or its number is in use, ``reverse_missing`` makes it
    later: what is in Xero is in Xero, and no export stays open for it. Runs inside a transaction.
    """
    try:
        with db.session.begin_nested():
            _reverse(batch_id, now)
    except IntegrityError as error:
        log.warning("exports.not_reversed", batch=batch_id, error=repr(error.orig))


def _reverse(batch_id: int, now: dt.datetime) -> None:
    batch = db.session.get_one(Batch, batch_id, with_for_update={"key_share": True})
    if not batch.reversing or batch.batch_type is not BatchType.ADJUSTMENT or _reversed(batch_id):
        return
    period = _next_period(batch)
    if period is None:
        return
    (taken,) = take_numbers(batch.location, period.year, BatchType.ADJUSTMENT, 1)
    reversal = Batch(
        number=number(batch.location.batch_prefix, period.year, BatchType.ADJUSTMENT, taken),
        batch_type=BatchType.ADJUSTMENT,
        fin_co_id=batch.fin_co_id,
        location_id=batch.location_id,
        period=period,
        batch_date=period.start_date,
        reference=f"Reversal of {batch.number}",
        status=BatchStatus.CLOSED,
        source_batch_id=batch.id,
        created_at=now,
        closed_at=now,
    )
    db.session.add(reversal)
    documents = db.session.scalars(
        sa.select(Document)
        .where(Document.batch_id == batch.id)
        .order_by(Document.id)
        .options(selectinload(Document.lines))
    )
    db.session.add_all([_turned(document, reversal) for document in documents])


def reverse_missing(now: dt.datetime) -> None:
    """Make the reversals that could not be made when their batches were exported."""
    reversal = aliased(Batch)
    waiting = db.session.scalars(
        sa.select(Batch.id)
        .where(
            Batch.reversing,
            Batch.status == BatchStatus.EXPORTED,
            Batch.batch_type == BatchType.ADJUSTMENT,
            sa.not_(
                sa.exists().where(
                    reversal.source_batch_id == Batch.id,
                    reversal.batch_type == BatchType.ADJUSTMENT,
                )
            ),
        )
        .order_by(Batch.id)
    ).all()
    db.session.remove()
    for batch_id in waiting:
        with transaction():
            reverse(batch_id, now)
        db.session.remove()


def _reversed(batch_id: int) -> bool:
    there = sa.exists().where(
        Batch.source_batch_id == batch_id, Batch.batch_type == BatchType.ADJUSTMENT
    )
    return bool(db.session.scalar(sa.select(there)))


def _next_period(batch: Batch) -> Period | None:
    return db.session.scalars(
        sa.select(Period)
        .where(Period.start_date > batch.period.end_date, sa.not_(Period.adjustment_closed))
        .order_by(Period.start_date)
        .limit(1)
    ).first()


def _turned(document: Document, reversal: Batch) -> Document:
    return Document(
        uid=str(uuid4()),
        kind=document.kind,
        batch=reversal,
        number=document.number,
        reference=document.reference,
        document_date=reversal.batch_date,
        currency_code=document.currency_code,
        # It was approved with the journal that it reverses.
        status=DocumentStatus.APPROVED,
        approved_at=document.approved_at,
        approved_by_id=document.approved_by_id,
        value_ex_gst=-document.value_ex_gst,
        gst=-document.gst,
        lines=[_turned_line(line) for line in document.lines],
    )


def _turned_line(line: DocumentLine) -> DocumentLine:
    return DocumentLine(
        line_no=line.line_no,
        description=line.description,
        source_reference=line.source_reference,
        job_id=line.job_id,
        activity_id=line.activity_id,
        work_centre_id=line.work_centre_id,
        quantity=None if line.quantity is None else -line.quantity,
        value_ex_gst=-line.value_ex_gst,
        gst=-line.gst,
        gl_account=line.gl_account,
    )
