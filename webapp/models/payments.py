import datetime as dt

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from webapp.db import Base, Guid, Instant, Money, PrimaryKey, Rate
from webapp.models.batches import Batch
from webapp.models.documents import Document


class PaidInXero:
    """What a payment of an organisation says, whichever way the money went.

    Amounts are in the document's currency. Xero's payments are never edited, only deleted; a
    deleted one that was brought in stays and is marked (R61).
    """

    id: Mapped[PrimaryKey]
    fin_co_id: Mapped[int] = mapped_column(ForeignKey("fin_cos.id"))
    tenant_id: Mapped[Guid]
    payment_id: Mapped[Guid]
    batch_payment_id: Mapped[Guid | None]
    """The bank batch that paid several documents at once (R62)."""
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"), index=True)
    payment_date: Mapped[dt.date]
    reference: Mapped[str | None] = mapped_column(String(255))
    amount: Mapped[Money]
    """Including GST."""
    currency_code: Mapped[str] = mapped_column(String(3))
    currency_rate: Mapped[Rate | None]
    """Foreign units per one unit of the base currency on that day; None in the base currency."""
    bank_amount: Mapped[Money | None]
    """In the currency of the bank account."""
    account_code: Mapped[str | None] = mapped_column(String(20))
    """The bank or cash account it went through: From Account on a subcontract claim (R59)."""
    reversed_at: Mapped[Instant | None]
    """When an import found it deleted in Xero; it counts no more."""

    @declared_attr
    def document(self) -> Mapped[Document]:
        """What it pays."""
        return relationship(Document)


class JobReceipt(PaidInXero, Base):
    """Money received on a job sales invoice or contract claim (R51 to R57)."""

    __tablename__ = "job_receipts"
    __table_args__ = (
        UniqueConstraint("fin_co_id", "tenant_id", "payment_id"),
        UniqueConstraint("fin_co_id", "number"),
        Index("ix_job_receipts_batch", "batch_id"),
    )

    number: Mapped[int]
    """Receipt No: counted per FinCo."""
    batch_id: Mapped[int] = mapped_column(ForeignKey("batches.id"))
    """A system batch of the receipt's date, never exported (R57)."""
    gst: Mapped[Money]
    """The GST in the amount (R56)."""

    batch: Mapped[Batch] = relationship()


class Payment(PaidInXero, Base):
    """Money paid on an AP invoice or subcontract claim (R58 to R63)."""

    __tablename__ = "payments"
    __table_args__ = (UniqueConstraint("fin_co_id", "tenant_id", "payment_id"),)
