from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.db import Base, PrimaryKey

if TYPE_CHECKING:
    from webapp.models.companies import Company
    from webapp.models.jobs import Job


class Location(Base):
    """Sits above Profit Centres and gives batch numbers their prefix."""

    __tablename__ = "locations"

    id: Mapped[PrimaryKey]
    code: Mapped[str] = mapped_column(String(10), unique=True)
    description: Mapped[str] = mapped_column(String(100))
    batch_prefix: Mapped[str] = mapped_column(String(4), default="")


class FinCo(Base):
    """A financial company: a legal entity, each with its own Xero organisation."""

    __tablename__ = "fin_cos"

    id: Mapped[PrimaryKey]
    code: Mapped[str] = mapped_column(String(10), unique=True)
    description: Mapped[str] = mapped_column(String(100))
    base_currency_code: Mapped[str] = mapped_column(String(3))
    bank_account_no: Mapped[str | None] = mapped_column(String(40))
    default_location_id: Mapped[int | None] = mapped_column(ForeignKey("locations.id"))
    template_company_id: Mapped[int | None] = mapped_column(
        ForeignKey("companies.id", use_alter=True)
    )
    retention_job_id: Mapped[int | None] = mapped_column(ForeignKey("jobs.id", use_alter=True))
    inter_company_gl_account: Mapped[str | None] = mapped_column(String(20))
    stock_control_job_id: Mapped[int | None] = mapped_column(ForeignKey("jobs.id", use_alter=True))
    """The job whose DR GL Account is credited with what is issued from stock (workbench 3.1)."""

    default_location: Mapped[Location | None] = relationship()
    template_company: Mapped["Company | None"] = relationship(foreign_keys=[template_company_id])
    stock_control_job: Mapped["Job | None"] = relationship(foreign_keys=[stock_control_job_id])


class ProfitCentre(Base):
    """A job belongs to one; through it the job's FinCo is found."""

    __tablename__ = "profit_centres"

    id: Mapped[PrimaryKey]
    code: Mapped[str] = mapped_column(String(20), unique=True)
    description: Mapped[str] = mapped_column(String(120))
    manager: Mapped[str | None] = mapped_column(String(80))
    location_id: Mapped[int] = mapped_column(ForeignKey("locations.id"))
    fin_co_id: Mapped[int] = mapped_column(ForeignKey("fin_cos.id"), index=True)
    export_code: Mapped[str | None] = mapped_column(String(100))
    """The Xero tracking option of category 1; blank sends none (R100)."""
    job_suffix: Mapped[str | None] = mapped_column(String(10))
    gl_prefix: Mapped[str | None] = mapped_column(String(10))
    gl_suffix: Mapped[str | None] = mapped_column(String(10))

    location: Mapped[Location] = relationship()
    fin_co: Mapped[FinCo] = relationship()
