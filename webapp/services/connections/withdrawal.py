"""Giving a connection up: at Xero first, then here."""

import datetime as dt
from dataclasses import dataclass
from typing import NamedTuple, Self

import sqlalchemy as sa
import structlog

from webapp.db import db, transaction
from webapp.models import PendingConnection, XeroConnection, XeroToken
from webapp.models.xero import ConnectionState
from webapp.services.access import XeroAccess, end_reading
from webapp.services.connections.state import connected
from webapp.services.connections.storing import token_lock
from webapp.services.errors import NotAllowedNow
from webapp.services.failures import explain
from webapp.services.tokens import DbTokenStore
from webapp.xero import authorize, connect
from webapp.xero.errors import ReconnectNeeded, Unavailable, XeroError
from webapp.xero.tokens import Tokens

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Former:
    """What giving a connection up needs to know of it, for the row will not be at hand then.

    ``row_id`` and ``pending_id`` name the row that still stands for it, if one does: that one is
    no reason to keep it.
    """

    tenant_id: str
    connection_id: str
    token_id: int | None
    organisation_name: str
    row_id: int | None = None
    pending_id: int | None = None

    @classmethod
    def of(cls, row: XeroConnection) -> Self:
        """Take it from a connection."""
        return cls(
            row.tenant_id, row.connection_id, row.token_id, row.organisation_name, row_id=row.id
        )

    @classmethod
    def of_pending(cls, row: PendingConnection) -> Self:
        """Take it from a consent that nobody confirmed."""
        return cls(
            row.tenant_id, row.connection_id, row.token_id, row.organisation_name, pending_id=row.id
        )


def disconnect(xero: XeroAccess, *, fin_co_id: int, now: dt.datetime) -> None:
    """Give the connection up at Xero, then here. Settings and learnt ids stay (R28, C1.4).

    An organisation that another FinCo uses through the same sign-in stays connected at Xero; the
    sign-in itself is revoked with the last connection that uses it.

    Raises:
        NotConnected: there is nothing to give up.
        NotAllowedNow: Xero did not answer, so the connection still stands.
    """
    former = Former.of(connected(fin_co_id))
    give_up(xero, former)
    with transaction():
        set_disconnected(fin_co_id, now)
        forget_unused(former.token_id)


def give_up(xero: XeroAccess, former: Former) -> None:
    """Drop a connection at Xero, and the sign-in with the last one that uses it.

    Raises:
        NotAllowedNow: Xero did not answer, so the connection still stands.
    """
    end_reading()
    try:
        _give_up(xero, former)
    except XeroError as error:
        reason = explain(error, former.organisation_name)
        raise NotAllowedNow(
            f"The connection still stands. {reason.message}", reason.way_out
        ) from error


def give_up_quietly(xero: XeroAccess, former: Former) -> None:
    """Give up what a new connection replaced; that stands whether or not this succeeds."""
    end_reading()
    try:
        _give_up(xero, former)
    except XeroError as error:
        log.warning("xero.former_connection_stays", tenant_id=former.tenant_id, error=repr(error))
        return
    with transaction():
        forget_unused(former.token_id)


def turn_away(xero: XeroAccess, tokens: Tokens, connection_id: str) -> None:
    """Give up at Xero what a consent made that cannot be kept; nothing of it was stored."""
    try:
        with token_lock(xero, tokens.xero_user_id):
            known = db.session.scalar(
                sa.select(XeroToken.id).where(XeroToken.xero_user_id == tokens.xero_user_id)
            )
            used = known is not None and connection_id in _uses(None).connection_ids
            end_reading()
            if not used:
                authorize.delete_connection(xero.endpoints, tokens.access_token, connection_id)
            if known is None:
                authorize.revoke(xero.endpoints, xero.credentials, tokens.refresh_token)
    except XeroError as error:
        log.warning("xero.refused_consent_stays", error=repr(error))


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


def forget_unused(token_id: int | None) -> None:
    """Delete tokens that no connection and no pending consent uses."""
    db.session.execute(
        sa.delete(XeroToken).where(
            XeroToken.id == token_id,
            ~sa.exists().where(XeroConnection.token_id == token_id),
            ~sa.exists().where(PendingConnection.token_id == token_id),
        )
    )


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
        uses = _uses(former)
        end_reading()
        shared = (former.tenant_id, former.token_id) in uses.tenants
        if former.connection_id not in uses.connection_ids and not shared:
            authorize.delete_connection(xero.endpoints, tokens.access_token, former.connection_id)
        if former.token_id not in uses.token_ids:
            _revoke(xero, store)


def _revoke(xero: XeroAccess, store: DbTokenStore) -> None:
    try:
        # Read again: somebody may have refreshed them before the lock was ours.
        tokens = store.load()
        authorize.revoke(xero.endpoints, xero.credentials, tokens.refresh_token)
    except (ReconnectNeeded, Unavailable) as error:
        # It reaches nothing any more, and nobody keeps it after this.
        log.warning("xero.revocation_unconfirmed", error=repr(error))


class _Uses(NamedTuple):
    """What is in use: connection ids, organisations by the sign-in they use, and sign-ins."""

    connection_ids: frozenset[str]
    tenants: frozenset[tuple[str, int | None]]
    token_ids: frozenset[int | None]


def _uses(former: Former | None) -> _Uses:
    """What every other FinCo uses, and this one anew: a row connected again since counts."""
    standing = sa.select(
        XeroConnection.connection_id, XeroConnection.tenant_id, XeroConnection.token_id
    ).where(XeroConnection.state != ConnectionState.DISCONNECTED)
    waiting = sa.select(
        PendingConnection.connection_id, PendingConnection.tenant_id, PendingConnection.token_id
    )
    if former and former.row_id is not None:
        standing = standing.where(
            sa.or_(XeroConnection.id != former.row_id, XeroConnection.token_id != former.token_id)
        )
    if former and former.pending_id is not None:
        waiting = waiting.where(PendingConnection.id != former.pending_id)
    rows = [*db.session.execute(standing), *db.session.execute(waiting)]
    return _Uses(
        frozenset(row.connection_id for row in rows),
        frozenset((row.tenant_id, row.token_id) for row in rows),
        frozenset(row.token_id for row in rows),
    )
