"""Exports again what a run did not bring to Xero: all of it, or what one cause kept back."""

import datetime as dt
from collections.abc import Callable

import sqlalchemy as sa

from webapp.db import db
from webapp.domain.documents import DocumentStatus
from webapp.models import Document, ExportItem
from webapp.queries.postable import has_something_to_post
from webapp.queries.run_causes import NOT_SENT, Cause, kept_back_by
from webapp.services.errors import NotAllowedNow
from webapp.services.exports.plan import ExportPlan, plan_export


def retry_export(
    run_id: int,
    cause: Cause | None,
    *,
    user_id: int | None,
    now: dt.datetime,
    public_url: str,
    after_commit: Callable[[int], object],
) -> ExportPlan:
    """Plan a new run of the documents that this one did not bring to Xero, and of no others.

    Each is mapped anew, so what was mended meanwhile counts. What is in Xero by now is left out,
    and a batch that another run holds is refused, as by any other press of Export (R111, C5.2).

    Args:
        run_id: the run whose documents did not go.
        cause: what kept them back; None for all that did not go, for whatever reason.
        user_id: who pressed the button.
        now: the present instant, UTC.
        public_url: address of this installation, for the back links.
        after_commit: called with the new run's id once the plan is durable.

    Raises:
        NotAllowedNow: nothing of it is left to be sent.
    """
    meant = (
        ExportItem.state.in_(NOT_SENT) if cause is None else kept_back_by(cause),
        ExportItem.run_id == run_id,
        Document.status != DocumentStatus.UPDATED,
        has_something_to_post(),
    )
    rows = db.session.execute(
        sa.select(ExportItem.document_id, ExportItem.batch_id).join(Document).where(*meant)
    ).all()
    if not rows:
        raise NotAllowedNow(
            "Nothing of it is left to be sent, so no export was begun.",
            "Its documents went with a later run; their links to Xero are beside them.",
        )
    return plan_export(
        batch_ids=sorted({row.batch_id for row in rows}),
        user_id=user_id,
        now=now,
        public_url=public_url,
        after_commit=after_commit,
        only=frozenset(row.document_id for row in rows),
    )
