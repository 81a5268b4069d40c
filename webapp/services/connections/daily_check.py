"""Noticing what became of connections inside Xero, without anybody using them (C1.5, C1.8)."""

import datetime as dt
from typing import NamedTuple

import sqlalchemy as sa
import structlog

from webapp.db import db, transaction
from webapp.models import PendingConnection, XeroConnection, XeroToken
from webapp.models.xero import ConnectionState
from webapp.services.access import XeroAccess, end_reading
from webapp.services.connections.consent import cancel_pending
from webapp.services.connections.state import needs_person, note_organisation
from webapp.services.connections.upkeep import sign_ins_in_use
from webapp.services.errors import ServiceError
from webapp.services.failures import ENDED, explain
from webapp.xero import authorize, connect
from webapp.xero.errors import ReconnectNeeded, XeroError
from webapp.xero.records import Connection

log = structlog.get_logger(__name__)

PENDING_LIFE = dt.timedelta(days=1)
"""After this nobody comes back to confirm a consent."""


class _Known(NamedTuple):
    """A connection as it was before Xero was asked."""

    id: int
    tenant_id: str
    organisation_name: str
    connected_at: dt.datetime


def check_connections(xero: XeroAccess, now: dt.datetime) -> tuple[int, ...]:
    """Notice what was disconnected inside Xero, reset, or ended, without traffic of ours.

    Each sign-in is asked what it reaches, which counts against no organisation's limit, and each
    organisation it reaches who it is, which is one call of its day: one whose trial or plan ended
    is still listed and lets nobody in. What Xero does not answer about stays as it was. Consents
    that nobody confirmed for a day are given up.

    Returns:
        The ids of the connections that worked before and need a person now.
    """
    _cancel_forgotten(xero, now)
    before = _working()
    for token_id in sign_ins_in_use(XeroToken.refused_at.is_(None)):
        rows = _connections_of(token_id)
        try:
            _compare(rows, _listed(xero, token_id), now)
        except XeroError as error:
            log.warning("xero.connections_not_checked", token_id=token_id, error=repr(error))
            continue
        for row in _connections_of(token_id):
            _ask(xero, row, token_id, now)
    return tuple(sorted(before - _working()))


def _working() -> set[int]:
    ids = db.session.scalars(
        sa.select(XeroConnection.id).where(XeroConnection.state == ConnectionState.CONNECTED)
    )
    return set(ids)


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
            db.session.execute(sa.update(XeroConnection).where(*_as_it_was(row)).values(values))


def _ask(xero: XeroAccess, row: _Known, token_id: int, now: dt.datetime) -> None:
    """Ask an organisation who it is; keep that, or that it lets nobody in."""
    store = xero.token_store_by_id(token_id)
    try:
        organisation = xero.client_for(row.tenant_id, store).organisation()
    except XeroError as error:
        log.warning("xero.organisation_not_checked", tenant_id=row.tenant_id, error=repr(error))
        if needs_person(error):
            _note_refusal(row, error, now)
        return
    with transaction():
        connection = db.session.scalar(
            sa.select(XeroConnection).where(*_as_it_was(row)).with_for_update()
        )
        if connection is not None:
            note_organisation(connection, organisation, now)


def _note_refusal(row: _Known, error: XeroError, now: dt.datetime) -> None:
    reason = explain(error, row.organisation_name).message
    if isinstance(error, ReconnectNeeded) and error.reason == "tenant_not_connected":
        # Xero named it a moment ago, so it was neither disconnected nor reset.
        reason = f"{row.organisation_name} is connected and lets nobody in. {ENDED}"
    with transaction():
        db.session.execute(
            sa.update(XeroConnection)
            .where(*_as_it_was(row))
            .values(
                state=ConnectionState.RECONNECT_NEEDED, state_reason=reason[:500], checked_at=now
            )
        )


def _as_it_was(row: _Known) -> tuple[sa.ColumnElement[bool], ...]:
    """Picks the connection, unless it was connected anew or given up since Xero was asked."""
    return (
        XeroConnection.id == row.id,
        XeroConnection.state == ConnectionState.CONNECTED,
        XeroConnection.connected_at == row.connected_at,
    )


def _gone(organisation: str) -> str:
    return (
        f"Xero does not name {organisation} among what is connected any more: it was "
        "disconnected inside Xero, or reset."
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
