"""Changes and deletes documents as long as their batch is open."""

import sqlalchemy as sa

from webapp.db import db, transaction
from webapp.domain.documents import DocumentStatus
from webapp.domain.entry.given import DocumentGiven
from webapp.models import Document, DocumentLine
from webapp.services import audit
from webapp.services.documents.entering import checked
from webapp.services.documents.open_batches import hold_document, hold_fin_co, note_on
from webapp.services.documents.storing import document_values, store_lines
from webapp.services.documents.unchanged import refuse_changed
from webapp.services.errors import NotAllowedNow


def edit_document(
    uid: str,
    given: DocumentGiven,
    *,
    seen: str | None = None,
    trail: audit.Trail | None = None,
) -> None:
    """Put what is given in the place of a document; it keeps its mark and its batch.

    Args:
        uid: which document.
        given: what it shall be.
        seen: the fingerprint of the document as the person saw it; None where nobody saw it.
        trail: who does it, for the audit log.

    Raises:
        Refused: it cannot be stored so; nothing was changed.
        NotFound: there is no such document.
        NotAllowedNow: its batch is not open, or it is approved.
        ChangedMeanwhile: it is no longer as it was seen.
    """
    with transaction():
        document = hold_document(uid)
        refuse_changed(document, seen)
        hold_fin_co(document.batch.fin_co_id)
        _refuse_approved(document, "changed")
        if not given.number:
            given = given._replace(number=document.number)
        [(at, ready)], applied = checked(document.batch, [((), given)], but=document.id)
        document.kind = given.kind
        for name, value in document_values(ready, applied.get(at)).items():
            setattr(document, name, value)
        db.session.execute(sa.delete(DocumentLine).where(DocumentLine.document_id == document.id))
        store_lines([document.id], [ready])
        note_on(document, trail, "change document")


def delete_document(uid: str, *, seen: str | None = None, trail: audit.Trail | None = None) -> None:
    """Delete a document that is not approved, with its lines and files.

    Raises:
        ChangedMeanwhile: it is no longer as the person saw it, by its fingerprint ``seen``.
        NotFound: there is no such document.
        NotAllowedNow: its batch is not open, it is approved, or a credit is for it.
    """
    with transaction():
        document = hold_document(uid)
        refuse_changed(document, seen)
        _refuse_approved(document, "deleted")
        credit = db.session.scalars(
            sa.select(Document).where(Document.applies_to_id == document.id).limit(1)
        ).first()
        if credit is not None:
            raise NotAllowedNow(
                f"{credit.kind.value} {credit.number} in batch {credit.batch.number} is for "
                f"{document.number}, so it cannot be deleted.",
                "Delete the credit first, or apply it to another invoice.",
            )
        note_on(document, trail, "delete document")
        db.session.execute(sa.delete(Document).where(Document.id == document.id))


def _refuse_approved(document: Document, done: str) -> None:
    if document.status is DocumentStatus.APPROVED:
        raise NotAllowedNow(
            f"{document.kind.value} {document.number} is approved, so it cannot be {done}.",
            "Take the approval back first.",
        )
