"""What the Xero Integration screen shows of one FinCo."""

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from webapp.db import db
from webapp.models import (
    ImportRun,
    PendingConnection,
    User,
    XeroConnection,
    XeroSettings,
    XeroToken,
)
from webapp.models.xero import ConnectionState, TrackingSource

REFRESH_TOKEN_LIFE = dt.timedelta(days=60)
"""How long an unused connection lasts (xero-api a.3)."""
TAIL = 4


@dataclass(frozen=True)
class ConnectionRow:
    """The FinCo's link, without anything secret."""

    state: ConnectionState
    state_reason: str | None
    organisation_name: str
    country_code: str | None
    is_demo_company: bool
    connection_tail: str
    """The last characters of the connection's id, which is no secret: enough to tell two apart."""
    connected_at: dt.datetime
    connected_by: str | None
    expires_at: dt.datetime | None
    lapses_at: dt.datetime | None
    """When it would end if nobody used it until then."""
    last_import_at: dt.datetime | None
    outage_since: dt.datetime | None
    """Since when nothing scheduled came in; None while it does."""
    outage_reason: str | None

    @property
    def works(self) -> bool:
        """Whether nobody has to connect again."""
        return self.state is ConnectionState.CONNECTED


@dataclass(frozen=True)
class Replaced:
    """The organisation whose place another would take."""

    organisation_name: str
    connected: bool
    """Whether it is connected now; otherwise it was the last one before a disconnect."""


@dataclass(frozen=True)
class PendingRow:
    """A consent that waits for the person who gave it to confirm the organisation (C1.7)."""

    organisation_name: str
    tenant_id: str
    user_id: int | None
    user_name: str | None
    created_at: dt.datetime
    replaces: Replaced | None


@dataclass(frozen=True)
class SettingsRow:
    """The settings as they are kept, or as they would be for a FinCo that never saved any."""

    tracking_category_1: str | None = None
    tracking_category_2: str | None = None
    tracking_source_2: TrackingSource = TrackingSource.JOB_CODE
    sync_companies: bool = True
    sync_job_receipts: bool = True
    sync_payments: bool = True
    sync_gl_accounts: bool = True
    include_ap_attachments: bool = False
    include_ar_attachments: bool = False
    add_history_notes: bool = False
    track_journals: bool = False


def connection(fin_co_id: int) -> ConnectionRow | None:
    """The FinCo's connection, working or not; None where it has none."""
    row = db.session.execute(
        sa.select(XeroConnection, XeroToken.expires_at, XeroToken.refreshed_at, User.name)
        .outerjoin(XeroToken, XeroToken.id == XeroConnection.token_id)
        .outerjoin(User, User.id == XeroConnection.connected_by_id)
        .where(
            XeroConnection.fin_co_id == fin_co_id,
            XeroConnection.state != ConnectionState.DISCONNECTED,
        )
    ).first()
    if row is None:
        return None
    found, expires_at, refreshed_at, connected_by = row
    return ConnectionRow(
        state=found.state,
        state_reason=found.state_reason,
        organisation_name=found.organisation_name,
        country_code=found.country_code,
        is_demo_company=found.is_demo_company,
        connection_tail=found.connection_id[-TAIL:],
        connected_at=found.connected_at,
        connected_by=connected_by,
        expires_at=expires_at,
        lapses_at=refreshed_at + REFRESH_TOKEN_LIFE if refreshed_at else None,
        last_import_at=found.last_import_at,
        outage_since=found.outage_since,
        outage_reason=found.outage_reason,
    )


def pending(fin_co_id: int) -> PendingRow | None:
    """The consent that waits for this FinCo, with what it would replace."""
    row = db.session.execute(
        sa.select(PendingConnection, User.name)
        .outerjoin(User, User.id == PendingConnection.user_id)
        .where(PendingConnection.fin_co_id == fin_co_id)
    ).first()
    if row is None:
        return None
    found, user_name = row
    return PendingRow(
        organisation_name=found.organisation_name,
        tenant_id=found.tenant_id,
        user_id=found.user_id,
        user_name=user_name,
        created_at=found.created_at,
        replaces=replaced_by(fin_co_id, found.tenant_id),
    )


def replaced_by(fin_co_id: int, tenant_id: str) -> Replaced | None:
    """What an organisation would take the place of: the present one, or else the last (C1.6).

    None where that is the same organisation, or the FinCo never had any. A FinCo that comes back
    to an organisation it had before the last one replaces the last one.
    """
    row = db.session.execute(
        sa.select(XeroConnection.organisation_name, XeroConnection.tenant_id, XeroConnection.state)
        .where(XeroConnection.fin_co_id == fin_co_id)
        .order_by(
            XeroConnection.state == ConnectionState.DISCONNECTED,
            XeroConnection.connected_at.desc(),
            XeroConnection.id.desc(),
        )
        .limit(1)
    ).first()
    if row is None or row.tenant_id == tenant_id:
        return None
    return Replaced(row.organisation_name, row.state is not ConnectionState.DISCONNECTED)


def settings(fin_co_id: int) -> SettingsRow:
    """The FinCo's settings."""
    rows = db.session.execute(
        sa.select(
            XeroSettings.tracking_category_1,
            XeroSettings.tracking_category_2,
            XeroSettings.tracking_source_2,
            XeroSettings.sync_companies,
            XeroSettings.sync_job_receipts,
            XeroSettings.sync_payments,
            XeroSettings.sync_gl_accounts,
            XeroSettings.include_ap_attachments,
            XeroSettings.include_ar_attachments,
            XeroSettings.add_history_notes,
            XeroSettings.track_journals,
        ).where(XeroSettings.fin_co_id == fin_co_id)
    )
    found = rows.mappings().first()
    return SettingsRow(**found) if found else SettingsRow()


def last_import(fin_co_id: int) -> int | None:
    """The FinCo's newest import run."""
    return db.session.scalar(
        sa.select(sa.func.max(ImportRun.id)).where(ImportRun.fin_co_id == fin_co_id)
    )
