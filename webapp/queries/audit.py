"""What was done, newest first."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from webapp.db import db
from webapp.models import AuditEvent, FinCo
from webapp.queries.paging import PAGE_SIZE, Page
from webapp.queries.viewers import Viewer


@dataclass(frozen=True)
class EventRow:
    """One event. ``fin_co`` is a FinCo's code, None where no FinCo alone was concerned."""

    id: int
    at: dt.datetime
    user_name: str
    fin_co: str | None
    action: str
    source: str
    detail: dict[str, Any]


@dataclass(frozen=True)
class AuditLog:
    """A page of events."""

    events: tuple[EventRow, ...]
    page: Page


def audit_log(viewer: Viewer, *, fin_co_id: int | None = None, page: int = 1) -> AuditLog:
    """The events this person may see: those of their FinCos.

    Events of no FinCo are for those alone who see every FinCo.

    Args:
        viewer: who asks.
        fin_co_id: only the events of this FinCo.
        page: which page, from 1.
    """
    mine = [viewer.scope(AuditEvent.fin_co_id)]
    if fin_co_id is not None:
        mine.append(AuditEvent.fin_co_id == fin_co_id)
    total = db.session.scalar(sa.select(sa.func.count()).select_from(AuditEvent).where(*mine))
    shown = Page(page, total or 0)
    rows = db.session.execute(
        sa.select(
            AuditEvent.id,
            AuditEvent.at,
            AuditEvent.user_name,
            FinCo.code,
            AuditEvent.action,
            AuditEvent.source,
            AuditEvent.detail,
        )
        .outerjoin(FinCo, FinCo.id == AuditEvent.fin_co_id)
        .where(*mine)
        .order_by(AuditEvent.id.desc())
        .limit(PAGE_SIZE)
        .offset(shown.offset)
    )
    return AuditLog(tuple(EventRow(*row) for row in rows), shown)
