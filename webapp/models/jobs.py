from sqlalchemy import Column, ForeignKey, String, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.db import Base, PrimaryKey
from webapp.models.companies import Company
from webapp.models.fin_cos import ProfitCentre

job_group_members = Table(
    "job_group_members",
    Base.metadata,
    Column("job_id", ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True),
    Column("job_group_id", ForeignKey("job_groups.id", ondelete="CASCADE"), primary_key=True),
)


class JobType(Base):
    """A classification of jobs; may fill tracking category 2."""

    __tablename__ = "job_types"

    id: Mapped[PrimaryKey]
    code: Mapped[str] = mapped_column(String(20), unique=True)
    description: Mapped[str] = mapped_column(String(100))


class JobGroup(Base):
    """A group of jobs in a category; the category "Export" may fill tracking category 2."""

    __tablename__ = "job_groups"
    __table_args__ = (UniqueConstraint("category", "description"),)

    id: Mapped[PrimaryKey]
    category: Mapped[str] = mapped_column(String(40))
    description: Mapped[str] = mapped_column(String(100))
    value: Mapped[str | None] = mapped_column(String(100))
    """Sent instead of the description where filled (R102)."""


class Job(Base):
    """A Workbench job: a project that is costed and billed."""

    __tablename__ = "jobs"
    __table_args__ = (UniqueConstraint("profit_centre_id", "code"),)

    id: Mapped[PrimaryKey]
    code: Mapped[str] = mapped_column(String(20), index=True)
    description: Mapped[str] = mapped_column(String(120))
    profit_centre_id: Mapped[int] = mapped_column(ForeignKey("profit_centres.id"), index=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("jobs.id"))
    job_type_id: Mapped[int | None] = mapped_column(ForeignKey("job_types.id"))
    client_id: Mapped[int | None] = mapped_column(ForeignKey("companies.id"))
    dr_gl_account: Mapped[str | None] = mapped_column(String(20))
    """Where filled, the whole account for all cost of the job."""
    cr_gl_account: Mapped[str | None] = mapped_column(String(20))
    """Where filled, the whole account for all revenue of the job."""
    active: Mapped[bool] = mapped_column(default=True)

    profit_centre: Mapped[ProfitCentre] = relationship()
    job_type: Mapped[JobType | None] = relationship()
    client: Mapped[Company | None] = relationship()
    groups: Mapped[list[JobGroup]] = relationship(secondary=job_group_members, order_by=JobGroup.id)
