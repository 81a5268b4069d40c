"""Lets what failed go once more, by itself alone."""

from collections.abc import Callable
from functools import partial

import sqlalchemy as sa

from webapp.db import db, transaction
from webapp.domain.follow_ups import FollowUpState
from webapp.models import FollowUp, FollowUpQueue
from webapp.services.errors import NotAllowedNow
from webapp.xero.idempotency import new_key


def send_again(
    *, run_id: int, follow_up_id: int | None, after_commit: Callable[[int], object]
) -> int:
    """Put one failed file or note of a run back into its queue, or all of them.

    It is looked up in Xero before it goes, so that nothing is there twice (R109). The document
    is left as it is.

    Args:
        run_id: the run that brought the document to Xero; the caller checked that the person may
            see it.
        follow_up_id: which file or note; None for all that failed.
        after_commit: called with the queue's id once it is durable.

    Returns:
        How many go again.

    Raises:
        NotAllowedNow: there is none that failed.
    """
    failed = [FollowUp.run_id == run_id, FollowUp.state == FollowUpState.FAILED]
    if follow_up_id is not None:
        failed.append(FollowUp.id == follow_up_id)
    with transaction() as unit:
        # The queue first, as everybody takes it: two that wait for each other would never end.
        queue = db.session.scalar(
            sa.select(FollowUpQueue)
            .where(sa.exists().where(FollowUp.queue_id == FollowUpQueue.id, *failed))
            .with_for_update()
        )
        rows = db.session.scalars(sa.select(FollowUp).where(*failed)).all() if queue else ()
        if queue is None or not rows:
            raise NotAllowedNow(
                "Nothing has to be sent again: it is on its way, or in Xero already.",
                "Look at the page again in a moment.",
            )
        for row in rows:
            row.state = FollowUpState.PENDING
            row.attempts = min(row.attempts, 1)
            row.idempotency_key = new_key(row.tenant_id)
            row.first_sent_at = None
            row.settled_at = None
            row.problems = []
        queue.finished_at = None
        if queue.waits_for_person:
            queue.resume_at = None
        unit.after_commit(partial(after_commit, queue.id))
        return len(rows)
