"""Giving a connection up: at Xero first, then here."""

import datetime as dt
from dataclasses import dataclass
from typing import Self

import sqlalchemy as sa
import structlog

from webapp.db import db, transaction
from webapp.models import XeroConnection, XeroToken
from webapp.models.xero import ConnectionState
from webapp.services.access import XeroAccess, end_reading
from webapp.services.connections.state import connected
from webapp.services.errors import NotAllowedNow
from webapp.services.failures import explain
from webapp.xero import authorize, connect
from webapp.xero.errors import ReconnectNeeded, Unavailable, XeroError

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Former:
    """What giving a connection up needs to know of it."""

    id: int
    tenant_id: str
    connection_id: str
    token_id: int | None
    organisation_name: str

    @classmethod
    def of(cls, row: XeroConnection) -> Self:
        """Take it from the row, which will not be at hand during the calls."""
        return cls(row.id, row.tenant_id, row.connection_id, row.token_id, row.organisation_name)


def disconnect(xero: XeroAccess, *, fin_co_id: int, now: dt.datetime) -> None:
    """Give the connection up at Xero, then here. Settings and learnt ids stay (R28).

    An organisation that another FinCo uses through the same sign-in stays connected at Xero; the
    sign-in itself is revoked with the last connection that uses it.

    Raises:
        NotConnected: there is nothing to give up.
        NotAllowedNow: Xero did not answer, so the connection still stands.
    """
    former = Former.of(connected(fin_co_id))
    end_reading()
    try:
        _give_up(xero, former)
    except XeroError as error:
        reason = explain(error, former.organisation_name)
        raise NotAllowedNow(
            f"The connection still stands. {reason.message}", reason.way_out
        ) from error
    with transaction():
        set_disconnected(fin_co_id, now)
        _forget_unused(former.token_id)


def set_disconnected(fin_co_id: int, now: dt.datetime) -> list[Former]:
    """Let go, here, of the FinCo's connection, and say what it was."""
    rows = db.session.scalars(
        sa.select(XeroConnection).where(
            XeroConnection.fin_co_id == fin_co_id,
            XeroConnection.state != ConnectionState.DISCONNECTED,
        )
    ).all()
    former = [Former.of(row) for row in rows]
    for row in rows:
        row.state = ConnectionState.DISCONNECTED
        row.state_reason = None
        row.token_id = None
        row.checked_at = now
    db.session.flush()
    return former


def give_up_quietly(xero: XeroAccess, former: Former) -> None:
    """Give up what a new connection replaced; that stands whether or not this succeeds."""
    end_reading()
    try:
        _give_up(xero, former)
    except XeroError as error:
        log.warning("xero.former_connection_stays", tenant_id=former.tenant_id, error=repr(error))
        return
    with transaction():
        _forget_unused(former.token_id)


def _give_up(xero: XeroAccess, former: Former) -> None:
    """Drop the connection at Xero, and the sign-in with the last one (xero-api a.5)."""
    if former.token_id is None:
        return
    store = xero.token_store_by_id(former.token_id)
    try:
        tokens = connect.valid_tokens(xero.endpoints, xero.credentials, store)
    except ReconnectNeeded:
        return  # Xero honours nothing of it any more: it is gone already.
    with store.lock():
        others = db.session.scalars(_others(former)).all()
        connection_ids = {other.connection_id for other in others}
        token_ids = {other.token_id for other in others}
        end_reading()
        if former.connection_id not in connection_ids:
            authorize.delete_connection(xero.endpoints, tokens.access_token, former.connection_id)
        if former.token_id not in token_ids:
            try:
                authorize.revoke(xero.endpoints, xero.credentials, tokens.refresh_token)
            except Unavailable:
                # It reaches nothing any more, and nobody keeps it after this.
                log.warning("xero.revocation_unconfirmed", token_id=former.token_id)


def _others(former: Former) -> sa.Select[XeroConnection]:
    """Every other connection that stands; the row itself where it was connected anew since."""
    return sa.select(XeroConnection).where(
        XeroConnection.state != ConnectionState.DISCONNECTED,
        sa.or_(XeroConnection.id != former.id, XeroConnection.token_id != former.token_id),
    )


def _forget_unused(token_id: int | None) -> None:
    used = sa.exists().where(XeroConnection.token_id == token_id)
    db.session.execute(sa.delete(XeroToken).where(XeroToken.id == token_id, ~used))
