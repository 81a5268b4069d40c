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
    started_at: Mapped[Instant | None]
    finished_at: Mapped[Instant | None]
    error: Mapped[str | None] = mapped_column(Text)
    """Why the kind as a whole failed, in plain words."""

    problems: Mapped[list["ImportProblem"]] = relationship(
        order_by="ImportProblem.id", cascade="all, delete-orphan"
    )


class ImportProblem(Base):
    """A record that was skipped or failed, and why."""

    __tablename__ = "import_problems"

    id: Mapped[PrimaryKey]
    run_kind_id: Mapped[int] = mapped_column(
        ForeignKey("import_run_kinds.id", ondelete="CASCADE"), index=True
    )
    outcome: Mapped[str] = mapped_column(String(10))
    """skipped or failed."""
    name: Mapped[str] = mapped_column(String(500))
    xero_id: Mapped[Guid | None]
    reason: Mapped[str] = mapped_column(String(500))
