from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.db import Base, Guid, Instant, PrimaryKey, word
from webapp.domain.follow_ups import FollowUpKind, FollowUpState
from webapp.models.documents import Attachment, Document
from webapp.models.exports import ExportRun


class FollowUpQueue(Base):
    """What waits to follow the documents of one FinCo to one organisation, and who sends it.

    Apart from the runs: documents never wait for files, and another organisation's queue is
    another row.
    """

    __tablename__ = "follow_up_queues"
    __table_args__ = (UniqueConstraint("fin_co_id", "tenant_id"),)

    id: Mapped[PrimaryKey]
    fin_co_id: Mapped[int] = mapped_column(ForeignKey("fin_cos.id"))
    tenant_id: Mapped[Guid]
    lease_owner: Mapped[str | None] = mapped_column(String(80))
    lease_until: Mapped[Instant | None]
    resume_at: Mapped[Instant | None]
    """Not before this instant: a limit of Xero's, or a pause after a failure."""
    pause_reason: Mapped[str | None] = mapped_column(Text)
    waits_for_person: Mapped[bool] = mapped_column(default=False)
    failures: Mapped[int] = mapped_column(default=0)
    """How often in a row Xero could not be reached; each makes the next pause longer."""
    finished_at: Mapped[Instant | None]
    """When the last of it was settled; None while something waits."""


class FollowUp(Base):
    """A file or a note for one record in Xero, and its fate. It never changes the document's."""

    __tablename__ = "follow_ups"
    __table_args__ = (
        # What is sent once: to one record, under one name (a note has none).
        UniqueConstraint("tenant_id", "xero_id", "kind", "file_name"),
        Index("ix_follow_ups_fate", "queue_id", "state"),
    )

    id: Mapped[PrimaryKey]
    queue_id: Mapped[int] = mapped_column(ForeignKey("follow_up_queues.id"))
    run_id: Mapped[int] = mapped_column(
        ForeignKey("export_runs.id", ondelete="CASCADE"), index=True
    )
    """The run that brought the document to Xero."""
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"), index=True)
    tenant_id: Mapped[Guid]
    collection: Mapped[str] = mapped_column(String(20))
    """Invoices, CreditNotes or ManualJournals: where the record is."""
    xero_id: Mapped[Guid]
    kind: Mapped[FollowUpKind] = word(FollowUpKind)
    file_name: Mapped[str] = mapped_column(String(255), default="")
    """What the file is called in Xero; empty for a note."""
    place: Mapped[int] = mapped_column(default=0)
    """The file's place among those of its document, from 1; 0 for a note."""
    attachment_id: Mapped[int | None] = mapped_column(
        ForeignKey("attachments.id", ondelete="SET NULL")
    )
    size: Mapped[int] = mapped_column(default=0)
    sha256: Mapped[str] = mapped_column(String(64), default="")
    """Of the bytes that were attached when the document went: those are sent, and no others."""
    text: Mapped[str | None] = mapped_column(Text)
    """A note's words, which never change once they may have left; None for a file."""
    state: Mapped[FollowUpState] = word(FollowUpState, default=FollowUpState.PENDING)
    attempts: Mapped[int] = mapped_column(default=0)
    idempotency_key: Mapped[str] = mapped_column(String(128), unique=True)
    first_sent_at: Mapped[Instant | None]
    """When the key's life at Xero may have begun."""
    sent_at: Mapped[Instant | None]
    planned_at: Mapped[Instant]
    settled_at: Mapped[Instant | None]
    xero_attachment_id: Mapped[Guid | None]
    problems: Mapped[list[dict[str, Any]]] = mapped_column(default=list)

    queue: Mapped[FollowUpQueue] = relationship()
    run: Mapped[ExportRun] = relationship()
    document: Mapped[Document] = relationship()
    attachment: Mapped[Attachment | None] = relationship()
