"""How an export run stands, batch by batch."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from webapp.db import db
from webapp.domain.batches import BatchStatus, BatchType
from webapp.domain.documents import DocumentStatus
from webapp.domain.pace import time_left
from webapp.domain.runs import UNFINISHED, ItemState, RequestState, RunState, export_state
from webapp.models import (
    Batch,
    Document,
    ExportItem,
    ExportRequest,
    ExportRun,
    ExportRunBatch,
    FinCo,
    User,
)
from webapp.queries.postable import has_something_to_post
from webapp.queries.run_causes import NO_CAUSES, NOT_SENT, REFUSED, Causes, causes
from webapp.queries.run_fates import run_fates
from webapp.queries.viewers import Viewer

LATELY = 20
"""How many of the last answers tell the pace."""

UNANSWERED = frozenset({RequestState.PENDING, RequestState.SENDING, RequestState.UNCERTAIN})


@dataclass(frozen=True)
class BatchProgress:
    """One batch of the run: where it stands, and the fate of its documents."""

    number: str
    batch_type: BatchType
    status: BatchStatus
    counts: Mapping[ItemState, int]

    @property
    def total(self) -> int:
        """How many of its documents the run carries."""
        return sum(self.counts.values())

    @property
    def settled(self) -> int:
        """How many of them are decided, whichever way."""
        return settled(self.counts)


@dataclass(frozen=True)
class Calls:
    """The calls to Xero for the documents of a run; files and notes follow apart."""

    used: int
    """How many were made: repeats, and looks into whether something arrived, too."""
    left: int
    """How many requests have no answer yet."""
    answered: tuple[dt.datetime, ...]
    """When the last few were answered."""

    def time_left(self, now: dt.datetime) -> dt.timedelta | None:
        """How long the rest takes at the pace of the last few; None while nobody can tell."""
        return time_left(self.left, self.answered, now)


@dataclass(frozen=True)
class ExportProgress:
    """An export run as its rows tell it."""

    id: int
    fin_co_id: int
    fin_co_code: str
    tenant_id: str
    started_at: dt.datetime
    started_by: str | None
    finished_at: dt.datetime | None
    resume_at: dt.datetime | None
    pause_reason: str | None
    waits_for_person: bool
    """The pause ends only when somebody does what its reason says."""
    paused_at: dt.datetime | None
    paused_by: str | None
    cancelled_at: dt.datetime | None
    cancelled_by: str | None
    state: RunState
    counts: Mapping[ItemState, int]
    in_part: int
    """How many documents are in Xero with some of their parts and not with all (R115)."""
    batches: tuple[BatchProgress, ...]
    left_behind: int
    """How many documents it did not bring to Xero that are not there by now either."""
    causes: Causes
    calls: Calls

    @property
    def finished(self) -> bool:
        """Whether nothing more will change."""
        return self.finished_at is not None

    @property
    def total(self) -> int:
        """How many documents the run carries."""
        return sum(self.counts.values())

    @property
    def settled(self) -> int:
        """How many of them are decided, whichever way."""
        return settled(self.counts)


def settled(counts: Mapping[ItemState, int]) -> int:
    """How many documents are decided, whichever way."""
    return sum(count for state, count in counts.items() if state not in UNFINISHED)


def export_progress(viewer: Viewer, run_id: int) -> ExportProgress | None:
    """The run, if there is one of that id that this person may see."""
    paused_by, cancelled_by = aliased(User), aliased(User)
    run = db.session.execute(
        sa.select(
            ExportRun.id,
            ExportRun.fin_co_id,
            FinCo.code.label("fin_co_code"),
            ExportRun.tenant_id,
            ExportRun.started_at,
            User.name.label("started_by"),
            ExportRun.finished_at,
            ExportRun.resume_at,
            ExportRun.pause_reason,
            ExportRun.waits_for_person,
            ExportRun.paused_at,
            paused_by.name.label("paused_by"),
            ExportRun.cancelled_at,
            ExportRun.calls,
            cancelled_by.name.label("cancelled_by"),
        )
        .join(FinCo, FinCo.id == ExportRun.fin_co_id)
        .outerjoin(User, User.id == ExportRun.started_by_id)
        .outerjoin(paused_by, paused_by.id == ExportRun.paused_by_id)
        .outerjoin(cancelled_by, cancelled_by.id == ExportRun.cancelled_by_id)
        .where(ExportRun.id == run_id, viewer.scope(ExportRun.fin_co_id))
    ).first()
    if run is None:
        return None
    fates = run_fates(run_id)
    counts = fates.counts
    batches = tuple(
        BatchProgress(number, kind, status, fates.of_batch.get(batch_id, {}))
        for batch_id, number, kind, status in db.session.execute(
            sa.select(Batch.id, Batch.number, Batch.batch_type, Batch.status)
            .join(ExportRunBatch, ExportRunBatch.batch_id == Batch.id)
            .where(ExportRunBatch.run_id == run_id)
            .order_by(ExportRunBatch.id)
        )
    )
    told = run._asdict()
    calls = _calls(run_id, told.pop("calls"))
    return ExportProgress(
        **told,
        state=export_state(counts, run),
        counts=counts,
        in_part=fates.in_part,
        batches=batches,
        left_behind=_left_behind(run_id) if any(map(counts.get, NOT_SENT)) else 0,
        causes=causes(run_id) if any(map(counts.get, REFUSED)) else NO_CAUSES,
        calls=calls,
    )


def _left_behind(run_id: int) -> int:
    found = db.session.scalar(
        sa.select(sa.func.count(ExportItem.document_id.distinct()))
        .join(Document)
        .where(
            ExportItem.run_id == run_id,
            ExportItem.state.in_(NOT_SENT),
            Document.status != DocumentStatus.UPDATED,
            has_something_to_post(),
        )
    )
    return found or 0


def _calls(run_id: int, used: int) -> Calls:
    left = db.session.scalar(
        sa.select(sa.func.count()).where(
            ExportRequest.run_id == run_id, ExportRequest.state.in_(UNANSWERED)
        )
    )
    answered = db.session.scalars(
        sa.select(ExportRequest.answered_at)
        .where(ExportRequest.run_id == run_id, ExportRequest.answered_at.is_not(None))
        .order_by(ExportRequest.answered_at.desc())
        .limit(LATELY)
    )
    return Calls(used, left or 0, tuple(moment for moment in answered if moment is not None))
