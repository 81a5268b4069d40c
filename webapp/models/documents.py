import datetime as dt

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.db import Base, Guid, Instant, Money, PrimaryKey, Rate, word
from webapp.domain.documents import DocumentKind, DocumentStatus
from webapp.models.batches import Batch
from webapp.models.companies import Company
from webapp.models.costing import Activity, SalesCode, WorkCentre
from webapp.models.jobs import Job
from webapp.models.tax import GstType


class Document(Base):
    """An invoice, credit, claim or journal of a batch.

    Amounts are in the document's own currency. Credits are kept negative, as Workbench keeps
    them; the sign is turned where they are mapped for Xero.
    """

    __tablename__ = "documents"
    __table_args__ = (
        UniqueConstraint("uid"),
        Index("ix_documents_number", "number"),
        Index(
            "uq_documents_supplier_number",
            "company_id",
            "number",
            unique=True,
            sqlite_where=text("kind IN ('AP Invoice', 'AP Credit', 'Subcontract Claim')"),
            postgresql_where=text("kind IN ('AP Invoice', 'AP Credit', 'Subcontract Claim')"),
        ),
    )

    id: Mapped[PrimaryKey]
    uid: Mapped[Guid]
    """Marks the document in Xero for good, through its Url; never shown as its number."""
    kind: Mapped[DocumentKind] = word(DocumentKind)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batches.id"), index=True)
    company_id: Mapped[int | None] = mapped_column(ForeignKey("companies.id"))
    """The supplier or client; journals have none."""
    job_id: Mapped[int | None] = mapped_column(ForeignKey("jobs.id"))
    """The job a sales document is raised on."""
    number: Mapped[str] = mapped_column(String(255))
    """The supplier's own number on AP documents, ours on sales documents."""
    reference: Mapped[str | None] = mapped_column(String(255))
    document_date: Mapped[dt.date]
    due_date: Mapped[dt.date | None]
    """When payment falls due; on an AP Credit its payment date (R97)."""
    currency_code: Mapped[str] = mapped_column(String(3))
    currency_rate: Mapped[Rate | None]
    """Foreign units per one unit of the base currency; None in the base currency."""
    status: Mapped[DocumentStatus] = word(DocumentStatus, default=DocumentStatus.ENTERED)
    claim_no: Mapped[int | None]
    applies_to_id: Mapped[int | None] = mapped_column(ForeignKey("documents.id"))
    """The invoice a credit is for."""
    value_ex_gst: Mapped[Money]
    gst: Mapped[Money]
    approved_at: Mapped[Instant | None]
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    batch: Mapped[Batch] = relationship()
    company: Mapped[Company | None] = relationship()
    job: Mapped[Job | None] = relationship()
    lines: Mapped[list["DocumentLine"]] = relationship(
        back_populates="document", order_by="DocumentLine.line_no", cascade="all, delete-orphan"
    )


class DocumentLine(Base):
    """One line: what it cost or earned, on which job, under which code."""

    __tablename__ = "document_lines"
    __table_args__ = (UniqueConstraint("document_id", "line_no"),)

    id: Mapped[PrimaryKey]
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"))
    line_no: Mapped[int]
    description: Mapped[str | None] = mapped_column(String(4000))
    source_reference: Mapped[str | None] = mapped_column(String(100))
    """The line's own reference in the system it was loaded from."""
    job_id: Mapped[int | None] = mapped_column(ForeignKey("jobs.id"), index=True)
    activity_id: Mapped[int | None] = mapped_column(ForeignKey("activities.id"))
    sales_code_id: Mapped[int | None] = mapped_column(ForeignKey("sales_codes.id"))
    work_centre_id: Mapped[int | None] = mapped_column(ForeignKey("work_centres.id"))
    gst_type_id: Mapped[int | None] = mapped_column(ForeignKey("gst_types.id"))
    quantity: Mapped[Money | None]
    value_ex_gst: Mapped[Money]
    gst: Mapped[Money]
    gst_overridden: Mapped[bool] = mapped_column(default=False)
    """The GST was given, not computed: it is sent as it stands (xero-api d.7.4)."""
    is_retention: Mapped[bool] = mapped_column(default=False)
    gl_account: Mapped[str | None] = mapped_column(String(20))
    """Derived when the batch is exported, and kept (R93). The debit side of a journal line."""
    cr_gl_account: Mapped[str | None] = mapped_column(String(20))
    """The credit side of a journal line."""

    document: Mapped[Document] = relationship(back_populates="lines")
    job: Mapped[Job | None] = relationship()
    activity: Mapped[Activity | None] = relationship()
    sales_code: Mapped[SalesCode | None] = relationship()
    work_centre: Mapped[WorkCentre | None] = relationship()
    gst_type: Mapped[GstType | None] = relationship()


class Attachment(Base):
    """A file that belongs to a document; its bytes are its AttachmentContent."""

    __tablename__ = "attachments"
    __table_args__ = (UniqueConstraint("document_id", "file_name"),)

    id: Mapped[PrimaryKey]
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"))
    file_name: Mapped[str] = mapped_column(String(255))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    added_at: Mapped[Instant]
