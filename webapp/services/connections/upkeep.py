"""Looking after connections that nobody looks at: are they there, and do they stay alive."""

import datetime as dt
from typing import NamedTuple

import sqlalchemy as sa
import structlog

from webapp.db import db, transaction
from webapp.models import PendingConnection, XeroConnection, XeroToken
from webapp.models.xero import ConnectionState
from webapp.queries.integration import REFRESH_TOKEN_LIFE
from webapp.services.access import XeroAccess, end_reading
from webapp.services.connections.consent import cancel_pending
from webapp.services.errors import ServiceError
from webapp.services.failures import CONNECT_AGAIN
from webapp.xero import authorize, connect
from webapp.xero.errors import XeroError
from webapp.xero.records import Connection

log = structlog.get_logger(__name__)

REFRESH_AFTER = dt.timedelta(days=30)
"""Half the life of a refresh token: there is a month left for trouble to end (xero-api a.3)."""

WARN_BEFORE = dt.timedelta(days=10)
PENDING_LIFE = dt.timedelta(days=1)
"""After this nobody comes back to confirm a consent."""


class _Known(NamedTuple):
    """A connection as it was before Xero was asked."""

    id: int
    tenant_id: str
    organisation_name: str
    connected_at: dt.datetime


def check_connections(xero: XeroAccess, now: dt.datetime) -> tuple[int, ...]:
    """Notice what was disconnected inside Xero or reset, without traffic of ours (C1.5).

    One call for each sign-in, which counts against no organisation's limit. What Xero does not
    answer about stays as it was. Consents that nobody confirmed for a day are given up.

    Returns:
        The ids of the connections that worked before and need a person now.
    """
    _cancel_forgotten(xero, now)
    before = _working()
    for token_id in _sign_ins(XeroToken.refused_at.is_(None)):
        rows = _connections_of(token_id)
        try:
            _compare(rows, _listed(xero, token_id), now)
        except XeroError as error:
            log.warning("xero.connections_not_checked", token_id=token_id, error=repr(error))
    return tuple(sorted(before - _working()))


def keep_tokens_alive(xero: XeroAccess, now: dt.datetime) -> int:
    """Refresh the sign-ins that nobody used for thirty days, so that none lapses at sixty.

    One that fails is tried again the next time; one that Xero refuses marks its connections.

    Returns:
        How many were refreshed.
    """
    refreshed = 0
    unused = XeroToken.refreshed_at <= now - REFRESH_AFTER
    for token_id in _sign_ins(unused, XeroToken.refused_at.is_(None)):
        try:
            connect.renewed_tokens(
                xero.endpoints, xero.credentials, xero.token_store_by_id(token_id)
            )
        except XeroError as error:
            log.warning("xero.token_not_kept_alive", token_id=token_id, error=repr(error))
        else:
            refreshed += 1
    return refreshed


def lapses_on(token: XeroToken) -> dt.datetime:
    """When a sign-in ends if nobody uses it until then; Xero sends no date for it."""
    return token.refreshed_at + REFRESH_TOKEN_LIFE


def lapse_warning(connection: XeroConnection, now: dt.datetime) -> str | None:
    """What to say where the connection would end within ten days, None where it would not.

    It stands only where the upkeep does not run or does not reach Xero.
    """
    token = connection.token
    if token is None or token.refused_at is not None:
        return None
    ends = lapses_on(token)
    if now < ends - WARN_BEFORE:
        return None
    return (
        f"The connection to {connection.organisation_name} was last used on "
        f"{token.refreshed_at:%d %b %Y} and ends on {ends:%d %b %Y} if it is not used before. "
        "Press Test to keep it, and ask whoever runs Workbench whether its scheduler runs."
    )


def _working() -> set[int]:
    ids = db.session.scalars(
        sa.select(XeroConnection.id).where(XeroConnection.state == ConnectionState.CONNECTED)
    )
    return set(ids)


def _sign_ins(*which: sa.ColumnElement[bool]) -> list[int]:
    """The sign-ins that a connection uses."""
    found = db.session.scalars(
        sa.select(XeroToken.id)
        .where(sa.exists().where(XeroConnection.token_id == XeroToken.id), *which)
        .order_by(XeroToken.id)
    ).all()
    end_reading()
    return list(found)


def _listed(xero: XeroAccess, token_id: int) -> dict[str, Connection]:
    tokens = connect.valid_tokens(
        xero.endpoints, xero.credentials, xero.token_store_by_id(token_id)
    )
    listed = authorize.list_connections(xero.endpoints, tokens.access_token)
    return {connection.tenant_id: connection for connection in listed}


def _connections_of(token_id: int) -> list[_Known]:
    rows = db.session.execute(
        sa.select(
            XeroConnection.id,
            XeroConnection.tenant_id,
            XeroConnection.organisation_name,
            XeroConnection.connected_at,
        ).where(
            XeroConnection.token_id == token_id,
            XeroConnection.state == ConnectionState.CONNECTED,
        )
    )
    known = [_Known(*row) for row in rows]
    end_reading()
    return known


def _compare(rows: list[_Known], listed: dict[str, Connection], now: dt.datetime) -> None:
    with transaction():
        for row in rows:
            found = listed.get(row.tenant_id)
            values: dict[str, object] = {"checked_at": now}
            if found is None:
                values["state"] = ConnectionState.RECONNECT_NEEDED
                values["state_reason"] = _gone(row.organisation_name)
            else:
                values["connection_id"] = found.connection_id
            db.session.execute(
                sa.update(XeroConnection)
                .where(
                    XeroConnection.id == row.id,
                    XeroConnection.state == ConnectionState.CONNECTED,
                    # What was connected anew since Xero was asked is another matter.
                    XeroConnection.connected_at == row.connected_at,
                )
                .values(values)
            )


def _gone(organisation: str) -> str:
    return (
        f"Xero does not name {organisation} among what is connected any more: it was "
        f"disconnected inside Xero, or reset. {CONNECT_AGAIN}"
    )


def _cancel_forgotten(xero: XeroAccess, now: dt.datetime) -> None:
    forgotten = db.session.scalars(
        sa.select(PendingConnection.fin_co_id).where(
            PendingConnection.created_at < now - PENDING_LIFE
        )
    ).all()
    for fin_co_id in forgotten:
        try:
            cancel_pending(xero, fin_co_id=fin_co_id, now=now)
        except ServiceError as error:
            log.warning("xero.pending_not_cancelled", fin_co_id=fin_co_id, error=error.message)
