"""Letting go of what scheduled runs left out: each says it all again, every half hour."""

import datetime as dt

import sqlalchemy as sa

from webapp.db import db, transaction
from webapp.domain.runs import RunOrigin
from webapp.models import ImportProblem, ImportRun, ImportRunKind

LOOKED_BACK = dt.timedelta(days=2)
"""Earlier ones were dealt with when the runs after them started."""


def forget_superseded(fin_co_id: int, now: dt.datetime) -> None:
    """Drop the reasons, not the counts, of a FinCo's scheduled runs but for the last finished one.

    A thousand contacts outside the Workbench groups would else be 48,000 rows a day.
    """
    finished = (ImportRun.fin_co_id == fin_co_id, ImportRun.finished_at.is_not(None))
    last = sa.select(sa.func.max(ImportRun.id)).where(*finished).scalar_subquery()
    old_kinds = (
        sa.select(ImportRunKind.id)
        .join(ImportRun, ImportRun.id == ImportRunKind.run_id)
        .where(
            *finished,
            ImportRun.origin == RunOrigin.SCHEDULE,
            ImportRun.started_at > now - LOOKED_BACK,
            ImportRun.id < last,
        )
    )
    with transaction():
        db.session.execute(
            sa.delete(ImportProblem).where(ImportProblem.run_kind_id.in_(old_kinds)),
            execution_options={"synchronize_session": False},
        )
