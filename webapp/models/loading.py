from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.db import Base, Instant, PrimaryKey, word
from webapp.domain.ingest.states import LoadMode, LoadState
from webapp.models.fin_cos import FinCo
from webapp.models.users import User


class LoadSource(Base):
    """How the files of one sender read: a mapping that is remembered under a name."""

    __tablename__ = "load_sources"
    __table_args__ = (
        UniqueConstraint("name", "target", "fin_co_id"),
        # NULLs are never equal: what all FinCos share needs an index of its own.
        Index(
            "uq_load_sources_shared",
            "name",
            "target",
            unique=True,
            sqlite_where=text("fin_co_id IS NULL"),
            postgresql_where=text("fin_co_id IS NULL"),
        ),
    )

    id: Mapped[PrimaryKey]
    name: Mapped[str] = mapped_column(String(80))
    target: Mapped[str] = mapped_column(String(40))
    fin_co_id: Mapped[int | None] = mapped_column(ForeignKey("fin_cos.id"))
    settings: Mapped[dict[str, Any]]
    """A domain.ingest.settings.LoadMapping."""
    saved_at: Mapped[Instant]


class LoadRun(Base):
    """A file that was brought in, from its upload to the end of its load."""

    __tablename__ = "load_runs"

    id: Mapped[PrimaryKey]
    target: Mapped[str] = mapped_column(String(40))
    fin_co_id: Mapped[int | None] = mapped_column(ForeignKey("fin_cos.id"), index=True)
    """None for records that all FinCos share."""
    source_id: Mapped[int | None] = mapped_column(ForeignKey("load_sources.id"))
    file_name: Mapped[str] = mapped_column(String(255))
    """As the sender called it; never used as a path."""
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column(BigInteger)
    stored_path: Mapped[str] = mapped_column(String(1000))
    state: Mapped[LoadState] = word(LoadState, default=LoadState.UPLOADED)
    mode: Mapped[LoadMode | None] = word(LoadMode)
    settings: Mapped[dict[str, Any] | None]
    """The mapping this run uses: what its source holds may change later."""
    rows: Mapped[int] = mapped_column(default=0)
    """Rows of the file; the counts below are of records: documents, or rows of a list."""
    records: Mapped[int] = mapped_column(default=0)
    """How many records the rows make."""
    position: Mapped[int] = mapped_column(default=0)
    """How many records are done with: a run that is taken over goes on from here."""
    created: Mapped[int] = mapped_column(default=0)
    updated: Mapped[int] = mapped_column(default=0)
    unchanged: Mapped[int] = mapped_column(default=0)
    bad: Mapped[int] = mapped_column(default=0)
    bad_rows: Mapped[int] = mapped_column(default=0)
    """Rows that are no part of what was stored, for a reason of their own or of their record."""
    result: Mapped[dict[str, Any] | None]
    """What came of it beside the counts: the numbers of batches made, records made on the way."""
    lease_owner: Mapped[str | None] = mapped_column(String(80))
    lease_until: Mapped[Instant | None]
    started_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    uploaded_at: Mapped[Instant]
    started_at: Mapped[Instant | None]
    finished_at: Mapped[Instant | None]
    error: Mapped[str | None] = mapped_column(Text)
    """Why nothing was stored, in plain words, with what to do."""

    fin_co: Mapped[FinCo | None] = relationship()
    source: Mapped[LoadSource | None] = relationship()
    started_by: Mapped[User | None] = relationship()


class LoadProblem(Base):
    """Why a row did not go in. The first thousand of a run; the file of bad rows holds all."""

    __tablename__ = "load_problems"
    __table_args__ = (Index("ix_load_problems_run_row", "run_id", "row_number"),)

    id: Mapped[PrimaryKey]
    run_id: Mapped[int] = mapped_column(ForeignKey("load_runs.id", ondelete="CASCADE"))
    row_number: Mapped[int]
    """As a spreadsheet counts: the first line of the file is 1."""
    column: Mapped[str | None] = mapped_column("column_name", String(200))
    """The heading of the column to blame; None where it is the row or its record."""
    value: Mapped[str | None] = mapped_column(String(200))
    reason: Mapped[str] = mapped_column(String(500))
