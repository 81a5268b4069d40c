"""Approves documents, and takes approval back, as long as their batch is open (Q33)."""

import datetime as dt

from webapp.db import transaction
from webapp.services.documents.open_batches import hold_document
from webapp.services.documents.storing import approval


def approve(uid: str, *, user_id: int | None, now: dt.datetime) -> None:
    """Approve a document; one that is approved stays as it is.

    Raises:
        NotFound: there is no such document.
        NotAllowedNow: its batch is not open, or its period is closed.
    """
    _set(uid, approved=True, user_id=user_id, now=now)


def unapprove(uid: str, *, user_id: int | None, now: dt.datetime) -> None:
    """Take the approval of a document back; raises as ``approve`` does."""
    _set(uid, approved=False, user_id=user_id, now=now)


def _set(uid: str, *, approved: bool, user_id: int | None, now: dt.datetime) -> None:
    with transaction():
        document = hold_document(uid)
        wanted = approval(approved=approved, user_id=user_id, now=now)
        if document.status is not wanted["status"]:
            for name, value in wanted.items():
                setattr(document, name, value)
