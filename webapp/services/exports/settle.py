"""Computes where a run and its batches stand from what became of their documents."""

import datetime as dt

import sqlalchemy as sa

from webapp.db import claim, db
from webapp.domain.batches import BatchStatus
from webapp.domain.documents import DocumentStatus
from webapp.domain.runs import UNFINISHED, ItemState, RequestState
from webapp.models import Batch, Document, ExportItem, ExportRequest, ExportRun, ExportRunBatch
from webapp.queries.postable import has_something_to_post
from webapp.services.exports.reversing import reverse


def settle(run: ExportRun, now: dt.datetime) -> bool:
    """Let go of each batch whose documents are all decided; end the run with the last of them.

    A batch is exported when every document in it is in Xero, but for journals of zero lines, of
    which nothing goes; otherwise it is closed again, so that what failed can be mended and
    exported (R110, R111). Runs inside a transaction.

    Returns:
        Whether the run is finished.
    """
    undecided = set(
        db.session.scalars(
            sa.select(ExportItem.batch_id)
            .where(ExportItem.run_id == run.id, ExportItem.state.in_(UNFINISHED))
            .distinct()
        )
    )
    held = db.session.scalars(
        sa.select(ExportRunBatch).where(ExportRunBatch.run_id == run.id, ExportRunBatch.active)
    ).all()
    for membership in held:
        if membership.batch_id in undecided:
            continue
        membership.active = False
        _release(membership.batch_id, run, now)
    if undecided:
        return False
    run.finished_at = run.finished_at or now
    run.resume_at = None
    run.pause_reason = None
    run.waits_for_person = False
    return True


def withdraw(run: ExportRun, now: dt.datetime) -> None:
    """Take back what never left of a cancelled run. Runs inside a transaction."""
    db.session.execute(
        sa.update(ExportRequest)
        .where(ExportRequest.run_id == run.id, ExportRequest.state == RequestState.PENDING)
        .values(state=RequestState.CANCELLED)
    )
    db.session.execute(
        sa.update(ExportItem)
        .where(ExportItem.run_id == run.id, ExportItem.state == ItemState.PENDING)
        .values(state=ItemState.CANCELLED, settled_at=now)
    )


def _release(batch_id: int, run: ExportRun, now: dt.datetime) -> None:
    missing = db.session.scalar(
        sa.select(
            sa.exists().where(
                Document.batch_id == batch_id,
                Document.status != DocumentStatus.UPDATED,
                has_something_to_post(),
            )
        )
    )
    if missing:
        claim(Batch, batch_id, Batch.status, BatchStatus.EXPORTING, BatchStatus.CLOSED)
        return
    if claim(
        Batch,
        batch_id,
        Batch.status,
        BatchStatus.EXPORTING,
        BatchStatus.EXPORTED,
        exported_at=now,
        exported_by_id=run.started_by_id,
    ):
        reverse(batch_id, now)
