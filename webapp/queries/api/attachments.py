"""The files of a document."""

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from webapp.db import db
from webapp.models import Attachment, AttachmentContent


@dataclass(frozen=True)
class AttachmentRow:
    """One file; ``size`` is in bytes."""

    file_name: str
    media_type: str
    size: int
    sha256: str
    added_at: dt.datetime


def attachments(document_id: int) -> tuple[AttachmentRow, ...]:
    """The files of a document by name. The caller checked the scope."""
    rows = db.session.execute(
        sa.select(
            Attachment.file_name,
            Attachment.media_type,
            Attachment.size,
            Attachment.sha256,
            Attachment.added_at,
        )
        .where(Attachment.document_id == document_id)
        .order_by(Attachment.file_name)
    )
    return tuple(AttachmentRow(*row) for row in rows)


def content(document_id: int, file_name: str) -> bytes | None:
    """The bytes of a file. The caller checked the scope."""
    return db.session.scalar(
        sa.select(AttachmentContent.content)
        .join(Attachment, Attachment.id == AttachmentContent.attachment_id)
        .where(Attachment.document_id == document_id, Attachment.file_name == file_name)
    )
