from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.db import Base, Guid, Instant, PrimaryKey
from webapp.models.fin_cos import FinCo


class Company(Base):
    """A directory record: client, supplier or subcontractor."""

    __tablename__ = "companies"
    __table_args__ = (
        UniqueConstraint("fin_co_id", "ap_account"),
        UniqueConstraint("fin_co_id", "ar_account"),
    )

    id: Mapped[PrimaryKey]
    fin_co_id: Mapped[int] = mapped_column(ForeignKey("fin_cos.id"), index=True)
    name: Mapped[str] = mapped_column(String(255), index=True)
    alpha_code: Mapped[str | None] = mapped_column(String(20))
    ap_account: Mapped[str | None] = mapped_column(String(50))
    """Links a supplier to the ledger: the Xero contact's AccountNumber, without outer spaces."""
    ar_account: Mapped[str | None] = mapped_column(String(50))
    """The same for a client."""
    is_client: Mapped[bool] = mapped_column(default=False)
    is_supplier: Mapped[bool] = mapped_column(default=False)
    is_subcontractor: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
    company_type: Mapped[str | None] = mapped_column(String(20))
    price_code: Mapped[str | None] = mapped_column(String(20))
    location_id: Mapped[int | None] = mapped_column(ForeignKey("locations.id"))
    branch: Mapped[str | None] = mapped_column(String(20))
    other: Mapped[str | None] = mapped_column(String(40))
    credit_status: Mapped[str | None] = mapped_column(String(20))
    currency_code: Mapped[str | None] = mapped_column(String(3))
    payment_terms_days: Mapped[int | None]
    payment_terms_type: Mapped[str | None] = mapped_column(String(30))
    """One of Xero's four payment-term words (domain.terms)."""
    use_gst: Mapped[bool] = mapped_column(default=True)
    tax_number: Mapped[str | None] = mapped_column(String(50))
    email: Mapped[str | None] = mapped_column(String(255))
    phone: Mapped[str | None] = mapped_column(String(60))
    address: Mapped[str | None] = mapped_column(String(1000))

    fin_co: Mapped[FinCo] = relationship(foreign_keys=[fin_co_id])
    xero_contacts: Mapped[list["XeroContact"]] = relationship(back_populates="company")


class XeroContact(Base):
    """Which contact of an organisation a company is: one id per FinCo, tenant and company.

    Ids learnt from one organisation are never sent to another (Q5).
    """

    __tablename__ = "xero_contacts"
    __table_args__ = (
        UniqueConstraint("fin_co_id", "tenant_id", "company_id"),
        UniqueConstraint("fin_co_id", "tenant_id", "contact_id"),
    )

    id: Mapped[PrimaryKey]
    fin_co_id: Mapped[int] = mapped_column(ForeignKey("fin_cos.id"))
    tenant_id: Mapped[Guid]
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id", ondelete="CASCADE"))
    contact_id: Mapped[Guid]
    name: Mapped[str] = mapped_column(String(500))
    status: Mapped[str] = mapped_column(String(20))
    seen_at: Mapped[Instant]

    company: Mapped[Company] = relationship(back_populates="xero_contacts")
