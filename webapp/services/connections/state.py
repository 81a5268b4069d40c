"""What is known of a FinCo's connection, and how that changes."""

import datetime as dt

import sqlalchemy as sa

from webapp.db import db, transaction
from webapp.models import FinCo, XeroConnection
from webapp.models.xero import ConnectionState
from webapp.services.errors import NotConnected, NotFound
from webapp.services.failures import ENDED, explain
from webapp.services.permissions import stops_everything
from webapp.xero.errors import PermissionMissing, ReconnectNeeded, XeroError
from webapp.xero.records import Organisation


def current_connection(fin_co_id: int) -> XeroConnection | None:
    """The FinCo's connection, working or in need of a person; None where it has none."""
    return db.session.scalar(
        sa.select(XeroConnection).where(
            XeroConnection.fin_co_id == fin_co_id,
            XeroConnection.state != ConnectionState.DISCONNECTED,
        )
    )


def connected(fin_co_id: int) -> XeroConnection:
    """The FinCo's connection.

    Raises:
        NotConnected: it has none (R29).
    """
    connection = current_connection(fin_co_id)
    if connection is None:
        fin_co = db.session.get(FinCo, fin_co_id)
        if fin_co is None:
            raise NotFound("There is no such FinCo.", "Choose one from the list.")
        raise NotConnected(
            f"FinCo {fin_co.code} is not connected to Xero.",
            "An administrator connects it on the Xero Integration screen.",
        )
    return connection


def mark_reconnect_needed(connection_id: int, reason: str, now: dt.datetime) -> None:
    """Note that a person must connect again; a connection given up meanwhile stays given up."""
    with transaction():
        db.session.execute(
            sa.update(XeroConnection)
            .where(
                XeroConnection.id == connection_id,
                XeroConnection.state != ConnectionState.DISCONNECTED,
            )
            .values(
                state=ConnectionState.RECONNECT_NEEDED, state_reason=reason[:500], checked_at=now
            )
        )


def note_failure(connection_id: int, error: XeroError, now: dt.datetime) -> None:
    """Mark the connection where the failure means that a person must connect again.

    A permission that one feature alone lacks is no such failure: the others go on (C4.2).
    """
    if needs_person(error):
        name = db.session.get_one(XeroConnection, connection_id).organisation_name
        reason = explain(error, name).message
        if isinstance(error, ReconnectNeeded) and error.reason == "tenant_not_connected":
            reason = f"{reason} {ENDED}"
        mark_reconnect_needed(connection_id, reason, now)


def needs_person(error: XeroError) -> bool:
    """Whether nothing goes over the connection until a person has connected again."""
    if isinstance(error, PermissionMissing):
        return stops_everything(error)
    return isinstance(error, ReconnectNeeded)


def note_organisation(
    connection: XeroConnection, organisation: Organisation, now: dt.datetime
) -> None:
    """Keep what the organisation said of itself; it answered, so the connection works."""
    connection.state = ConnectionState.CONNECTED
    connection.state_reason = None
    connection.checked_at = now
    connection.organisation_read_at = now
    connection.organisation_name = organisation.name[:255]
    connection.short_code = organisation.short_code or None
    connection.country_code = organisation.country_code or None
    connection.base_currency_code = organisation.base_currency or None
    connection.is_demo_company = organisation.is_demo_company
    connection.period_lock_date = organisation.period_lock_date
    connection.end_of_year_lock_date = organisation.end_of_year_lock_date
