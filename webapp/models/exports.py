from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.db import Base, Guid, Instant, Money, PrimaryKey, word
from webapp.domain.runs import ItemState, RequestState
from webapp.models.batches import Batch
from webapp.models.documents import Document
from webapp.models.fin_cos import FinCo
from webapp.models.users import User


class ExportRun(Base):
    """One press of Export for one FinCo. Its state is computed from its items."""

    __tablename__ = "export_runs"

    id: Mapped[PrimaryKey]
    fin_co_id: Mapped[int] = mapped_column(ForeignKey("fin_cos.id"), index=True)
    tenant_id: Mapped[Guid]
    started_at: Mapped[Instant]
    started_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    lease_owner: Mapped[str | None] = mapped_column(String(80))
    """Which process works on it; a lease that was not renewed in time may be taken over."""
    lease_until: Mapped[Instant | None]
    resume_at: Mapped[Instant | None]
    """Not before this instant: a limit of Xero's, or a pause after a failure."""
    pause_reason: Mapped[str | None] = mapped_column(Text)
    waits_for_person: Mapped[bool] = mapped_column(default=False)
    """The pause ends only when somebody does what its reason says."""
    failures: Mapped[int] = mapped_column(default=0)
    """How often in a row Xero could not be reached or asked; each makes the next pause longer."""
    calls: Mapped[int] = mapped_column(default=0)
    """How many calls to Xero it made: repeats and look-ups too, whatever came of them."""
    paused_at: Mapped[Instant | None]
    """When a person stopped it for a while; None while nobody has."""
    paused_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    cancelled_at: Mapped[Instant | None]
    """When a person ended it: nothing that had not left goes out any more."""
    cancelled_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    preview_hash: Mapped[str | None] = mapped_column(String(64))
    """What the person confirmed; None where the run was started without a preview."""
    finished_at: Mapped[Instant | None]

    fin_co: Mapped[FinCo] = relationship()
    started_by: Mapped[User | None] = relationship(foreign_keys=[started_by_id])
    paused_by: Mapped[User | None] = relationship(foreign_keys=[paused_by_id])
    cancelled_by: Mapped[User | None] = relationship(foreign_keys=[cancelled_by_id])
    batches: Mapped[list["ExportRunBatch"]] = relationship(cascade="all, delete-orphan")


class ExportRunBatch(Base):
    """A batch in a run. The partial index is what lets only one run have a batch at a time."""

    __tablename__ = "export_run_batches"
    __table_args__ = (
        UniqueConstraint("run_id", "batch_id"),
        Index(
            "uq_export_run_batches_active",
            "batch_id",
            unique=True,
            sqlite_where=text("active"),
            postgresql_where=text("active"),
        ),
    )

    id: Mapped[PrimaryKey]
    run_id: Mapped[int] = mapped_column(ForeignKey("export_runs.id", ondelete="CASCADE"))
    batch_id: Mapped[int] = mapped_column(ForeignKey("batches.id"), index=True)
    active: Mapped[bool] = mapped_column(default=True)

    batch: Mapped[Batch] = relationship()


class ExportRequest(Base):
    """One HTTP call: its bytes are frozen when the run is planned and never change."""

    __tablename__ = "export_requests"

    id: Mapped[PrimaryKey]
    run_id: Mapped[int] = mapped_column(
        ForeignKey("export_runs.id", ondelete="CASCADE"), index=True
    )
    method: Mapped[str] = mapped_column(String(6))
    collection: Mapped[str] = mapped_column(String(20))
    """Invoices, CreditNotes or ManualJournals: the path, and the wrapper of body and answer."""
    body: Mapped[bytes] = mapped_column(LargeBinary)
    body_sha256: Mapped[str] = mapped_column(String(64))
    idempotency_key: Mapped[str] = mapped_column(String(128), unique=True)
    state: Mapped[RequestState] = word(RequestState, default=RequestState.PENDING)
    first_sent_at: Mapped[Instant | None]
    """When the key's life at Xero may have begun."""
    sent_at: Mapped[Instant | None]
    answered_at: Mapped[Instant | None]
    attempts: Mapped[int] = mapped_column(default=0)
    earlier_attempts: Mapped[int] = mapped_column(default=0)
    """How often its documents were sent before, in requests that this one replaced."""
    request_id: Mapped[str | None] = mapped_column(String(100))
    """Xero's correlation id of the last answer."""

    items: Mapped[list["ExportItem"]] = relationship(
        back_populates="request", order_by="ExportItem.position"
    )


class ExportItem(Base):
    """One document in a run, and its fate."""

    __tablename__ = "export_items"
    __table_args__ = (
        UniqueConstraint("run_id", "document_id", "part"),
        Index("ix_export_items_fate", "run_id", "state"),
    )

    id: Mapped[PrimaryKey]
    run_id: Mapped[int] = mapped_column(ForeignKey("export_runs.id", ondelete="CASCADE"))
    batch_id: Mapped[int] = mapped_column(ForeignKey("batches.id"), index=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"), index=True)
    request_id: Mapped[int | None] = mapped_column(ForeignKey("export_requests.id"), index=True)
    """None where the document was blocked before anything was sent."""
    part: Mapped[int] = mapped_column(default=1)
    """Which part of its document it is, from 1: a large journal goes as several records (R115)."""
    position: Mapped[int | None]
    """Its place in the request's list, from 0."""
    total: Mapped[Money]
    """Including GST, as the document counts here: what Xero's total is compared with."""
    state: Mapped[ItemState] = word(ItemState, default=ItemState.PENDING)
    xero_id: Mapped[Guid | None]
    xero_status: Mapped[str | None] = mapped_column(String(20))
    xero_total: Mapped[Money | None]
    """Including GST, in the document's currency, as Xero computed it."""
    problems: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    settled_at: Mapped[Instant | None]
    cleared_at: Mapped[Instant | None]
    """When a person said that its problems need no attention any more (R113)."""
    cleared_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    document: Mapped[Document] = relationship()
    request: Mapped[ExportRequest | None] = relationship(back_populates="items")
