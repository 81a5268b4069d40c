"""Somebody closes a batch while somebody else is at its documents."""

import datetime as dt
import threading

import pytest
import sqlalchemy as sa

from webapp.db import db
from webapp.domain.batches import BatchStatus
from webapp.domain.documents import DocumentStatus
from webapp.models import Batch, Document
from webapp.services.batches import close_batch
from webapp.services.errors import NotAllowedNow

NOW = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"


@pytest.mark.postgres
@pytest.mark.parametrize("database", ["postgres"])
def test_R78_closing_waits_for_who_changes_a_document_and_sees_what_they_did(
    app, clerk, wait_until
):
    entered = clerk.batch(clerk.document("A-1", approved=True))
    batch_id = clerk.found(entered.batch_number).id
    db.session.commit()
    outcomes = []

    def close():
        with app.app_context():
            try:
                outcomes.append(close_batch(batch_id, user_id=None, now=NOW).status)
            except NotAllowedNow as refused:
                outcomes.append(refused.message)

    closing = threading.Thread(target=close)
    with db.engine.connect() as other, db.engine.connect() as watcher:
        # Within a transaction PostgreSQL would tell the same of everybody for ever.
        watcher.execution_options(isolation_level="AUTOCOMMIT")
        other.execute(sa.select(Batch.id).where(Batch.id == batch_id).with_for_update())
        other.execute(sa.update(Document).values(status=DocumentStatus.ENTERED))
        closing.start()
        wait_until(lambda: watcher.execute(sa.text(WAITING)).scalar_one())
        other.commit()
    closing.join()

    assert "is approved; 1 to go" in outcomes[0]
    assert clerk.found(entered.batch_number).status is BatchStatus.OPEN
