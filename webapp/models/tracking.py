from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webapp.db import Base, Guid, PrimaryKey


class XeroTrackingCategory(Base):
    """A tracking category of the connected organisation, with its options."""

    __tablename__ = "xero_tracking_categories"
    __table_args__ = (UniqueConstraint("fin_co_id", "tenant_id", "category_id"),)

    id: Mapped[PrimaryKey]
    fin_co_id: Mapped[int] = mapped_column(ForeignKey("fin_cos.id"))
    tenant_id: Mapped[Guid]
    category_id: Mapped[Guid]
    name: Mapped[str] = mapped_column(String(100))
    """Compared case-sensitively: Xero drops, without a word, what it does not know (R103)."""
    status: Mapped[str] = mapped_column(String(20))
    options: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    """Each with its name and status."""
