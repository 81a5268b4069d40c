import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.db import Base, Instant, PrimaryKey, word
from webapp.domain.batches import BatchStatus, BatchType
from webapp.models.fin_cos import FinCo, Location
from webapp.models.periods import Period
from webapp.models.users import User


class BatchSequence(Base):
    """The last number given out in one number range; numbers are never given twice (R82)."""

    __tablename__ = "batch_sequences"
    __table_args__ = (UniqueConstraint("location_id", "year", "digit"),)

    id: Mapped[PrimaryKey]
    location_id: Mapped[int] = mapped_column(ForeignKey("locations.id"))
    year: Mapped[int]
    digit: Mapped[int]
    last: Mapped[int]


class Batch(Base):
    """A container for documents of one type; the unit of closing and exporting."""

    __tablename__ = "batches"
    __table_args__ = (
        CheckConstraint("NOT (not_for_export AND status IN ('exporting', 'exported'))", "export"),
        Index("ix_batches_listing", "period_id", "status", "batch_type"),
        # A batch is reversed once, whoever asks how often.
        Index(
            "uq_batches_reversal",
            "source_batch_id",
            unique=True,
            sqlite_where=text("batch_type = 'Adjustment'"),
            postgresql_where=text("batch_type = 'Adjustment'"),
        ),
    )

    id: Mapped[PrimaryKey]
    number: Mapped[str] = mapped_column(String(20), unique=True)
    batch_type: Mapped[BatchType] = word(BatchType)
    fin_co_id: Mapped[int] = mapped_column(ForeignKey("fin_cos.id"), index=True)
    location_id: Mapped[int] = mapped_column(ForeignKey("locations.id"))
    period_id: Mapped[int] = mapped_column(ForeignKey("periods.id"))
    """The period of the documents too: theirs is the batch's, not that of their own date."""
    batch_date: Mapped[dt.date]
    reference: Mapped[str | None] = mapped_column(String(60))
    notes: Mapped[str | None] = mapped_column(String(1000))
    status: Mapped[BatchStatus] = word(BatchStatus, default=BatchStatus.OPEN)
    not_for_export: Mapped[bool] = mapped_column(default=False)
    is_system: Mapped[bool] = mapped_column(default=False)
    reversing: Mapped[bool] = mapped_column(default=False)
    source_batch_id: Mapped[int | None] = mapped_column(ForeignKey("batches.id"))
    """The batch this one reverses, or whose inter-company side it is."""
    created_at: Mapped[Instant]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    closed_at: Mapped[Instant | None]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    exported_at: Mapped[Instant | None]
    exported_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    fin_co: Mapped[FinCo] = relationship()
    location: Mapped[Location] = relationship()
    period: Mapped[Period] = relationship()
    created_by: Mapped[User | None] = relationship(foreign_keys=[created_by_id])
    closed_by: Mapped[User | None] = relationship(foreign_keys=[closed_by_id])
    exported_by: Mapped[User | None] = relationship(foreign_keys=[exported_by_id])
