"""Approves documents, and takes approval back, as long as their batch is open (Q33)."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from webapp.db import db, transaction
from webapp.domain.documents import DocumentStatus
from webapp.models import Document
from webapp.services import audit
from webapp.services.documents.open_batches import hold_batch, hold_document, note_on
from webapp.services.documents.storing import approval
from webapp.services.documents.unchanged import refuse_changed

WAITING = (DocumentStatus.ENTERED, DocumentStatus.ASSIGNED)
"""Documents that somebody has yet to approve."""


def approve(
    uid: str,
    *,
    user_id: int | None,
    now: dt.datetime,
    seen: str | None = None,
    trail: audit.Trail | None = None,
) -> None:
    """Approve a document; one that is approved stays as it is.

    Raises:
        NotFound: there is no such document.
        NotAllowedNow: its batch is not open, or its period is closed.
        ChangedMeanwhile: it is no longer as the person saw it, by its fingerprint ``seen``.
    """
    with _deciding(uid, user_id, now, seen, approved=True) as document:
        note_on(document, trail, "approve document")


def unapprove(
    uid: str,
    *,
    user_id: int | None,
    now: dt.datetime,
    seen: str | None = None,
    trail: audit.Trail | None = None,
) -> None:
    """Take the approval of a document back; raises as ``approve`` does."""
    with _deciding(uid, user_id, now, seen, approved=False) as document:
        note_on(document, trail, "take back approval")


def approve_all(
    batch_id: int, *, user_id: int | None, now: dt.datetime, trail: audit.Trail | None = None
) -> int:
    """Approve every document of a batch that waits for it; give their number.

    Raises:
        NotFound: there is no such batch.
        NotAllowedNow: it is not open, or its period is closed.
    """
    with transaction():
        batch = hold_batch(batch_id)
        ids = db.session.scalars(
            sa.update(Document)
            .where(Document.batch_id == batch_id, Document.status.in_(WAITING))
            .values(**approval(approved=True, user_id=user_id, now=now))
            .returning(Document.id)
            .execution_options(synchronize_session=False)
        ).all()
        audit.note(trail, "approve batch", batch.fin_co_id, batch=batch.number, documents=len(ids))
    return len(ids)


@contextmanager
def _deciding(
    uid: str, user_id: int | None, now: dt.datetime, seen: str | None, *, approved: bool
) -> Iterator[Document]:
    with transaction():
        document = hold_document(uid)
        refuse_changed(document, seen)
        wanted = approval(approved=approved, user_id=user_id, now=now)
        if document.status is not wanted["status"]:
            for name, value in wanted.items():
                setattr(document, name, value)
        yield document
