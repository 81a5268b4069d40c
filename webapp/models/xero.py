import datetime as dt
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.db import Base, Guid, Instant, PrimaryKey, word
from webapp.models.fin_cos import FinCo


class ConnectionState(StrEnum):
    """Whether a FinCo's connection works, as far as the last call could tell."""

    CONNECTED = "connected"
    RECONNECT_NEEDED = "reconnect needed"
    DISCONNECTED = "disconnected"


class TrackingSource(StrEnum):
    """Which job attribute fills tracking category 2 (Q4)."""

    EXPORT_GROUP = "Export group"
    JOB_CODE = "Job Code"
    JOB_TYPE = "Job Type"


class XeroToken(Base):
    """The tokens of one Xero user. One row a user: two would rotate each other away (a.3).

    Both tokens are encrypted; the key is kept in the configuration, apart from the data (C14.1).
    """

    __tablename__ = "xero_tokens"

    id: Mapped[PrimaryKey]
    xero_user_id: Mapped[Guid] = mapped_column(unique=True)
    access_token: Mapped[str] = mapped_column(Text)
    refresh_token: Mapped[str] = mapped_column(Text)
    expires_at: Mapped[Instant]
    refreshed_at: Mapped[Instant]
    """The refresh token dies 60 days after this if nobody uses it."""
    scope: Mapped[str] = mapped_column(Text)
    refused_at: Mapped[Instant | None]
    """When Xero said the refresh token is dead; None while it lives."""


class XeroConnection(Base):
    """A FinCo's link to one Xero organisation, with what that organisation last said of itself.

    Rows of organisations a FinCo was connected to before stay, so that what was learnt there
    comes back with them; at most one of a FinCo's rows is not disconnected.
    """

    __tablename__ = "xero_connections"
    __table_args__ = (UniqueConstraint("fin_co_id", "tenant_id"),)

    id: Mapped[PrimaryKey]
    fin_co_id: Mapped[int] = mapped_column(ForeignKey("fin_cos.id"))
    tenant_id: Mapped[Guid]
    connection_id: Mapped[Guid]
    """The id DELETE /connections takes; not the tenant's (xero-api a.5)."""
    token_id: Mapped[int | None] = mapped_column(ForeignKey("xero_tokens.id"))
    state: Mapped[ConnectionState] = word(ConnectionState)
    state_reason: Mapped[str | None] = mapped_column(String(500))
    organisation_name: Mapped[str] = mapped_column(String(255))
    short_code: Mapped[str | None] = mapped_column(String(20))
    country_code: Mapped[str | None] = mapped_column(String(2))
    base_currency_code: Mapped[str | None] = mapped_column(String(3))
    is_demo_company: Mapped[bool] = mapped_column(default=False)
    period_lock_date: Mapped[dt.date | None]
    end_of_year_lock_date: Mapped[dt.date | None]
    organisation_read_at: Mapped[Instant | None]
    """When it last said so of itself, its lock dates among it; None while it never did."""
    currency_codes: Mapped[str | None] = mapped_column(Text)
    """The codes of its currencies, with spaces between; None while they were never read."""
    connected_at: Mapped[Instant]
    connected_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    checked_at: Mapped[Instant | None]
    last_import_at: Mapped[Instant | None]
    """When an import last completed: the screen's Last Update (R4)."""
    tracking_read_at: Mapped[Instant | None]
    """When the organisation's tracking categories were last read; None while never."""
    outage_since: Mapped[Instant | None]
    """Since when nothing scheduled got through; None while it does (C7.2)."""
    outage_reason: Mapped[str | None] = mapped_column(String(500))
    outage_mailed_at: Mapped[Instant | None]
    """When administrators were told of this outage: once, however long it lasts."""

    fin_co: Mapped[FinCo] = relationship()
    token: Mapped[XeroToken | None] = relationship()


class PendingConnection(Base):
    """A consent that was given in Xero and not yet confirmed here; at most one a FinCo.

    The connection there is stays as it is until a person has seen which organisation was chosen.
    """

    __tablename__ = "pending_connections"

    id: Mapped[PrimaryKey]
    fin_co_id: Mapped[int] = mapped_column(ForeignKey("fin_cos.id"), unique=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    """Who gave the consent; None where a command did."""
    tenant_id: Mapped[Guid]
    connection_id: Mapped[Guid]
    token_id: Mapped[int] = mapped_column(ForeignKey("xero_tokens.id"))
    organisation_name: Mapped[str] = mapped_column(String(255))
    created_at: Mapped[Instant]

    fin_co: Mapped[FinCo] = relationship()
    token: Mapped[XeroToken] = relationship()


class XeroSettings(Base):
    """What a FinCo sends and fetches. Kept through disconnects (R28)."""

    __tablename__ = "xero_settings"

    fin_co_id: Mapped[int] = mapped_column(ForeignKey("fin_cos.id"), primary_key=True)
    tracking_category_1: Mapped[str | None] = mapped_column(String(100))
    tracking_category_2: Mapped[str | None] = mapped_column(String(100))
    tracking_source_2: Mapped[TrackingSource] = word(
        TrackingSource, default=TrackingSource.JOB_CODE
    )
    sync_companies: Mapped[bool] = mapped_column(default=True)
    sync_job_receipts: Mapped[bool] = mapped_column(default=True)
    sync_payments: Mapped[bool] = mapped_column(default=True)
    sync_gl_accounts: Mapped[bool] = mapped_column(default=True)
    include_ap_attachments: Mapped[bool] = mapped_column(default=False)
    include_ar_attachments: Mapped[bool] = mapped_column(default=False)
    add_history_notes: Mapped[bool] = mapped_column(default=False)
    """Whether each document sent gets a History note in Xero that says which batch it is of."""
    track_journals: Mapped[bool] = mapped_column(default=False)
    """Whether the cost lines of journals carry tracking as those of documents do (Q13)."""
    accounts_validated_at: Mapped[Instant | None]
    """When the accounts were last compared with the organisation's (R22)."""
    accounts_with_problems: Mapped[int | None]
    """How many account codes did not fit then."""


class XeroDocument(Base):
    """Which record of an organisation a document, or one part of it, became there."""

    __tablename__ = "xero_documents"
    __table_args__ = (
        UniqueConstraint("fin_co_id", "tenant_id", "document_id", "part"),
        UniqueConstraint("tenant_id", "xero_id"),
    )

    id: Mapped[PrimaryKey]
    fin_co_id: Mapped[int] = mapped_column(ForeignKey("fin_cos.id"))
    tenant_id: Mapped[Guid]
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"), index=True)
    part: Mapped[int] = mapped_column(default=1)
    """Which part of the document, from 1: only large journals have more than one (R115)."""
    collection: Mapped[str] = mapped_column(String(20))
    """Invoices, CreditNotes or ManualJournals."""
    xero_type: Mapped[str] = mapped_column(String(20))
    xero_id: Mapped[Guid]
    status: Mapped[str | None] = mapped_column(String(20))
    linked_at: Mapped[Instant]
