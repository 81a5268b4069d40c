from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webapp.db import Base, Guid, PrimaryKey, Rate


class GstType(Base):
    """A tax code of Workbench; its Export Code is the Xero TaxType it becomes."""

    __tablename__ = "gst_types"

    id: Mapped[PrimaryKey]
    code: Mapped[str] = mapped_column(String(10), unique=True)
    description: Mapped[str] = mapped_column(String(80))
    export_code: Mapped[str | None] = mapped_column(String(50))
    reciprocal_code: Mapped[str | None] = mapped_column(String(10))
    percent: Mapped[Rate]
    """In percent: 15 for 15 %."""
    use_for_ap: Mapped[bool] = mapped_column(default=True)
    use_for_ar: Mapped[bool] = mapped_column(default=True)


class XeroTaxRate(Base):
    """A tax rate of the connected organisation: what the Export Code picker offers."""

    __tablename__ = "xero_tax_rates"
    __table_args__ = (UniqueConstraint("fin_co_id", "tenant_id", "tax_type"),)

    id: Mapped[PrimaryKey]
    fin_co_id: Mapped[int] = mapped_column(ForeignKey("fin_cos.id"))
    tenant_id: Mapped[Guid]
    tax_type: Mapped[str] = mapped_column(String(50))
    name: Mapped[str] = mapped_column(String(255))
    status: Mapped[str] = mapped_column(String(20))
    effective_rate: Mapped[Rate]
    """In percent."""
    can_apply_to_assets: Mapped[bool]
    can_apply_to_equity: Mapped[bool]
    can_apply_to_expenses: Mapped[bool]
    can_apply_to_liabilities: Mapped[bool]
    can_apply_to_revenue: Mapped[bool]
