from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.db import Base, Guid, Instant, PrimaryKey, word
from webapp.domain.runs import ImportKind, KindState, RunOrigin
from webapp.models.fin_cos import FinCo
from webapp.models.users import User


class ImportRun(Base):
    """One import from a FinCo's organisation. A FinCo has at most one unfinished (R32)."""

    __tablename__ = "import_runs"
    __table_args__ = (
        Index(
            "uq_import_runs_active",
            "fin_co_id",
            unique=True,
            sqlite_where=text("finished_at IS NULL"),
            postgresql_where=text("finished_at IS NULL"),
        ),
    )

    id: Mapped[PrimaryKey]
    fin_co_id: Mapped[int] = mapped_column(ForeignKey("fin_cos.id"))
    tenant_id: Mapped[Guid]
    started_at: Mapped[Instant]
    origin: Mapped[RunOrigin] = word(RunOrigin)
    started_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    """None unless a person started it."""
    full: Mapped[bool] = mapped_column(default=False)
    """Everything is read anew, not only what changed since the kinds' watermarks."""
    calls_left: Mapped[int | None]
    """How many calls to the organisation were left today after the run's last one."""
    lease_owner: Mapped[str | None] = mapped_column(String(80))
    lease_until: Mapped[Instant | None]
    finished_at: Mapped[Instant | None]

    fin_co: Mapped[FinCo] = relationship()
    started_by: Mapped[User | None] = relationship()
    kinds: Mapped[list["ImportRunKind"]] = relationship(
        order_by="ImportRunKind.id", cascade="all, delete-orphan"
    )


class ImportRunKind(Base):
    """How one kind of an import run went, record by record counted."""

    __tablename__ = "import_run_kinds"
    __table_args__ = (UniqueConstraint("run_id", "kind"),)

    id: Mapped[PrimaryKey]
    run_id: Mapped[int] = mapped_column(ForeignKey("import_runs.id", ondelete="CASCADE"))
    kind: Mapped[ImportKind] = word(ImportKind)
    state: Mapped[KindState] = word(KindState, default=KindState.PENDING)
    fetched: Mapped[int] = mapped_column(default=0)
    created: Mapped[int] = mapped_column(default=0)
    updated: Mapped[int] = mapped_column(default=0)
    unchanged: Mapped[int] = mapped_column(default=0)
    skipped: Mapped[int] = mapped_column(default=0)
    failed: Mapped[int] = mapped_column(default=0)
    calls: Mapped[int] = mapped_column(default=0)
    """How many calls to Xero it took, repeated ones included."""
    modified_since: Mapped[Instant | None]
    """Since when changes were asked for; None where everything was read, or nothing yet."""
    started_at: Mapped[Instant | None]
    finished_at: Mapped[Instant | None]
    error: Mapped[str | None] = mapped_column(Text)
    """Why the kind as a whole failed, in plain words."""


class ImportProblem(Base):
    """A record of an organisation that is not in Workbench, and why: what stands, not a history.

    The row goes once the record was brought in; a run that meets the record again makes it its
    own.
    """

    __tablename__ = "import_problems"
    __table_args__ = (
        UniqueConstraint("fin_co_id", "tenant_id", "kind", "record_key"),
        Index("ix_import_problems_run_kind", "run_kind_id"),
    )

    id: Mapped[PrimaryKey]
    fin_co_id: Mapped[int] = mapped_column(ForeignKey("fin_cos.id"))
    tenant_id: Mapped[Guid]
    kind: Mapped[ImportKind] = word(ImportKind)
    record_key: Mapped[str] = mapped_column(String(100))
    """The record's id at Xero; a digest of what it said where it has none."""
    run_kind_id: Mapped[int] = mapped_column(ForeignKey("import_run_kinds.id", ondelete="CASCADE"))
    """The kind of the run that met it last."""
    outcome: Mapped[str] = mapped_column(String(10))
    """skipped or failed."""
    name: Mapped[str] = mapped_column(String(500))
    xero_id: Mapped[Guid | None]
    reason: Mapped[str] = mapped_column(String(500))
    since: Mapped[Instant]
    """When a run first met it."""


class ImportWatermark(Base):
    """How far a kind of an organisation was read: what did not change since need not be read."""

    __tablename__ = "import_watermarks"
    __table_args__ = (UniqueConstraint("fin_co_id", "tenant_id", "kind"),)

    id: Mapped[PrimaryKey]
    fin_co_id: Mapped[int] = mapped_column(ForeignKey("fin_cos.id"))
    tenant_id: Mapped[Guid]
    kind: Mapped[ImportKind] = word(ImportKind)
    modified_since: Mapped[Instant]
    """What the next run asks for: the newest change seen, less an overlap, never the clock's."""
    full_at: Mapped[Instant]
    """When everything was last read, whatever its watermark."""
