from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.db import Base, Money, PrimaryKey
from webapp.models.tax import GstType


class WorkCentre(Base):
    """A stage or phase that groups activities and sales codes."""

    __tablename__ = "work_centres"

    id: Mapped[PrimaryKey]
    code: Mapped[str] = mapped_column(String(10), unique=True)
    description: Mapped[str] = mapped_column(String(50))


class SalesCode(Base):
    """What a sales line is for; names its revenue account and GST Type."""

    __tablename__ = "sales_codes"

    id: Mapped[PrimaryKey]
    code: Mapped[str] = mapped_column(String(10), unique=True)
    description: Mapped[str] = mapped_column(String(80))
    sales_type: Mapped[str] = mapped_column(String(20), default="Revenue")
    """Revenue, Retention, Prepayment, Time or Purchase."""
    cr_gl_account: Mapped[str | None] = mapped_column(String(20))
    gst_type_id: Mapped[int | None] = mapped_column(ForeignKey("gst_types.id"))
    work_centre_id: Mapped[int | None] = mapped_column(ForeignKey("work_centres.id"))
    active: Mapped[bool] = mapped_column(default=True)

    gst_type: Mapped[GstType | None] = relationship()
    work_centre: Mapped[WorkCentre | None] = relationship()


class Activity(Base):
    """The cost code of every cost transaction; the GL mapping is configured here."""

    __tablename__ = "activities"

    id: Mapped[PrimaryKey]
    code: Mapped[str] = mapped_column(String(10), unique=True)
    description: Mapped[str] = mapped_column(String(100))
    code_type: Mapped[str] = mapped_column(String(12), default="Purchase")
    """Time, Disbursement, Purchase, Stock, Plant, Internal, Subcontract, Retention or Revenue."""
    sub_type: Mapped[str | None] = mapped_column(String(10))
    cost_category: Mapped[str | None] = mapped_column(String(20))
    dr_gl_account: Mapped[str | None] = mapped_column(String(20))
    cr_gl_account: Mapped[str | None] = mapped_column(String(20))
    gst_type_id: Mapped[int | None] = mapped_column(ForeignKey("gst_types.id"))
    work_centre_id: Mapped[int | None] = mapped_column(ForeignKey("work_centres.id"))
    sales_code_id: Mapped[int | None] = mapped_column(ForeignKey("sales_codes.id"))
    payroll_code: Mapped[str | None] = mapped_column(String(100))
    include_in_payroll: Mapped[bool] = mapped_column(default=False)
    cost_rate: Mapped[Money | None]
    """Per unit, ex GST, in the base currency."""
    unit: Mapped[str | None] = mapped_column(String(10))
    active: Mapped[bool] = mapped_column(default=True)

    gst_type: Mapped[GstType | None] = relationship()
    work_centre: Mapped[WorkCentre | None] = relationship()
    sales_code: Mapped[SalesCode | None] = relationship()
