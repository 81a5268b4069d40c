"""Puts files on documents of open batches, and takes them off."""

import datetime as dt
import hashlib

import sqlalchemy as sa

from webapp.db import db, transaction
from webapp.domain.attachments import LARGEST, MOST, is_name, media_type
from webapp.domain.entry.findings import Finding
from webapp.domain.problems import Problem
from webapp.models import Attachment, AttachmentContent, Document
from webapp.services import audit
from webapp.services.documents.open_batches import hold_document, note_on
from webapp.services.documents.refused import Refused
from webapp.services.errors import NotAllowedNow, NotFound


def attach(
    uid: str,
    file_name: str,
    content: bytes,
    *,
    now: dt.datetime,
    trail: audit.Trail | None = None,
) -> bool:
    """Put a file on a document; one of the same name is replaced, as in Xero (xero-api d.11).

    Returns:
        Whether it is new.

    Raises:
        Refused: Xero would not take such a file.
        NotFound: there is no such document.
        NotAllowedNow: its batch is not open, or it has as many files as it may have.
    """
    kind = media_type(file_name)
    _refuse(file_name, content, kind)
    with transaction():
        document = hold_document(uid)
        there = _there(document, file_name)
        if there is None:
            count = sa.select(sa.func.count()).where(Attachment.document_id == document.id)
            if (db.session.scalar(count) or 0) >= MOST:
                raise NotAllowedNow(
                    f"{document.number} has {MOST} files already, as many as Xero takes.",
                    "Take one off, or put several into one file.",
                )
        else:
            db.session.delete(there)
            db.session.flush()
        attachment = Attachment(
            document_id=document.id,
            file_name=file_name,
            media_type=kind,
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            added_at=now,
        )
        db.session.add(attachment)
        db.session.flush()
        db.session.add(AttachmentContent(attachment_id=attachment.id, content=content))
        note_on(document, trail, "attach file", file=file_name)
    return there is None


def detach(uid: str, file_name: str, *, trail: audit.Trail | None = None) -> None:
    """Take a file off a document.

    Raises:
        NotFound: there is no such document, or no such file on it.
        NotAllowedNow: its batch is not open.
    """
    with transaction():
        document = hold_document(uid)
        attachment = _there(document, file_name)
        if attachment is None:
            raise NotFound(f"There is no file {file_name} on it.", "Look at the list of files.")
        db.session.delete(attachment)
        note_on(document, trail, "remove file", file=file_name)


def _there(document: Document, file_name: str) -> Attachment | None:
    return db.session.scalar(
        sa.select(Attachment).where(
            Attachment.document_id == document.id, Attachment.file_name == file_name
        )
    )


def _refuse(file_name: str, content: bytes, kind: str | None) -> None:
    found = []
    if not is_name(file_name):
        found.append(
            ("file-name", 'A name has up to 100 characters and none of < > : " / \\ | ? * +.')
        )
    if kind is None:
        found.append(("file-type", "Xero takes office documents, images, PDF, ZIP and mail."))
    if not content:
        found.append(("file-empty", "The file is empty."))
    if len(content) > LARGEST:
        found.append(("file-too-large", "The file is larger than 10 MB."))
    if found:
        raise Refused(
            [
                Finding(
                    ("file_name",) if code in {"file-name", "file-type"} else (),
                    Problem(
                        code=code,
                        record=file_name,
                        message=message,
                        way_out="Send another file, or this one under another name.",
                    ),
                )
                for code, message in found
            ]
        )
