"""What the Xero Integration screen shows of one FinCo."""

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from webapp.db import db
from webapp.models import ImportRun, User, XeroConnection, XeroSettings, XeroToken
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
    is_demo_company: bool
    connection_tail: str
    """The last characters of the connection's id, which is no secret: enough to tell two apart."""
    connected_at: dt.datetime
    connected_by: str | None
    expires_at: dt.datetime | None
    lapses_at: dt.datetime | None
    """When it would end if nobody used it until then."""
    last_import_at: dt.datetime | None


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
        is_demo_company=found.is_demo_company,
        connection_tail=found.connection_id[-TAIL:],
        connected_at=found.connected_at,
        connected_by=connected_by,
        expires_at=expires_at,
        lapses_at=refreshed_at + REFRESH_TOKEN_LIFE if refreshed_at else None,
        last_import_at=found.last_import_at,
    )


def settings(fin_co_id: int) -> SettingsRow:
    """The FinCo's settings."""
    row = db.session.execute(
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
        ).where(XeroSettings.fin_co_id == fin_co_id)
    ).first()
    return SettingsRow(*row) if row else SettingsRow()


def last_import(fin_co_id: int) -> int | None:
    """The FinCo's newest import run."""
    return db.session.scalar(
        sa.select(sa.func.max(ImportRun.id)).where(ImportRun.fin_co_id == fin_co_id)
    )
