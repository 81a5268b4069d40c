"""The export runs that a batch was in."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from webapp.db import db
from webapp.domain.runs import ItemState
from webapp.models import ExportItem, ExportRun, ExportRunBatch, User
from webapp.queries.run_fates import fates

MOST_RUNS = 50


@dataclass(frozen=True)
class BatchRun:
    """One export run, and what it made of this batch's documents."""

    run_id: int
    started_at: dt.datetime
    started_by: str | None
    finished_at: dt.datetime | None
    cancelled_at: dt.datetime | None
    counts: Mapping[ItemState, int]


def batch_runs(batch_id: int) -> tuple[BatchRun, ...]:
    """The newest runs that carried the batch, the latest first. The caller checked the scope."""
    runs = db.session.execute(
        sa.select(
            ExportRun.id,
            ExportRun.started_at,
            User.name,
            ExportRun.finished_at,
            ExportRun.cancelled_at,
        )
        .join(ExportRunBatch, ExportRunBatch.run_id == ExportRun.id)
        .outerjoin(User, User.id == ExportRun.started_by_id)
        .where(ExportRunBatch.batch_id == batch_id)
        .order_by(ExportRun.id.desc())
        .limit(MOST_RUNS)
    ).all()
    counts: dict[int, dict[ItemState, int]] = {}
    told = fates(ExportItem.batch_id == batch_id)
    for run_id, state, count in db.session.execute(
        sa.select(told.c.run_id, told.c.state, sa.func.count()).group_by(
            told.c.run_id, told.c.state
        )
    ):
        counts.setdefault(run_id, {})[state] = count
    return tuple(BatchRun(*run, counts=counts.get(run.id, {})) for run in runs)
