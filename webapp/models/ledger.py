from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webapp.db import Base, Guid, PrimaryKey, Rate


class GlAccount(Base):
    """An account of a FinCo's chart: typed in by hand, or imported from its organisation."""

    __tablename__ = "gl_accounts"
    __table_args__ = (UniqueConstraint("fin_co_id", "code"),)

    id: Mapped[PrimaryKey]
    fin_co_id: Mapped[int] = mapped_column(ForeignKey("fin_cos.id"))
    sequence_no: Mapped[int | None]
    code: Mapped[str] = mapped_column(String(20))
    description: Mapped[str] = mapped_column(String(150))
    section: Mapped[str] = mapped_column(String(40))
    subsection: Mapped[str | None] = mapped_column(String(40))
    category: Mapped[str | None] = mapped_column(String(20))
    """Revenue, Job Cost or Other Cost; None for balance-sheet accounts (Q25)."""
    active: Mapped[bool] = mapped_column(default=True)
    tenant_id: Mapped[Guid | None]
    """The organisation the Xero members below were read from."""
    xero_account_id: Mapped[Guid | None]
    xero_type: Mapped[str | None] = mapped_column(String(20))
    xero_class: Mapped[str | None] = mapped_column(String(20))
    xero_status: Mapped[str | None] = mapped_column(String(20))
    xero_system_account: Mapped[str | None] = mapped_column(String(40))
    xero_tax_type: Mapped[str | None] = mapped_column(String(50))


class Currency(Base):
    """A currency. Its rate is set by people and never touched by an import (R71)."""

    __tablename__ = "currencies"

    code: Mapped[str] = mapped_column(String(3), primary_key=True)
    symbol: Mapped[str | None] = mapped_column(String(5))
    description: Mapped[str] = mapped_column(String(100))
    conversion_rate: Mapped[Rate | None]
    """Foreign units per one unit of the local currency."""
    active: Mapped[bool] = mapped_column(default=True)
