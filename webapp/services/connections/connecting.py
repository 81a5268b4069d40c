"""Connecting a FinCo to the organisation a person consented to."""

import datetime as dt
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

import sqlalchemy as sa
import structlog

from webapp.db import db, transaction
from webapp.domain.matching import AP_GROUP, AR_GROUP
from webapp.models import FinCo, XeroConnection, XeroSettings, XeroToken
from webapp.services.access import XeroAccess, end_reading
from webapp.services.connections.state import note_organisation
from webapp.services.connections.withdrawal import give_up_quietly, set_disconnected
from webapp.services.errors import NotFound, ServiceError
from webapp.services.failures import explain
from webapp.services.tokens import token_values
from webapp.xero import authorize
from webapp.xero.client import XeroClient
from webapp.xero.errors import XeroError
from webapp.xero.idempotency import new_key
from webapp.xero.records import Connection
from webapp.xero.tokens import Tokens

log = structlog.get_logger(__name__)


class ConnectFailed(ServiceError):
    """The connection was not made; the one there was before is as it was (R19)."""


class _FreshTokens:
    """Tokens just given, kept nowhere until all that must be read with them was read."""

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens

    def load(self) -> Tokens:
        return self._tokens

    def save(self, tokens: Tokens) -> None:
        self._tokens = tokens

    def lock(self) -> AbstractContextManager[object]:
        return nullcontext()

    def refresh_refused(self, previous: Tokens) -> None:
        """Nothing to remember: these tokens were never stored."""


def authorization_address(xero: XeroAccess, state: str) -> str:
    """Where to send the person to consent. ``state`` is random and works once (R16)."""
    return authorize.authorization_url(
        xero.endpoints, xero.credentials, xero.redirect_uri, authorize.BASE_SCOPES, state
    )


def complete_connect(
    xero: XeroAccess, *, fin_co_id: int, user_id: int | None, code: str, now: dt.datetime
) -> XeroConnection:
    """Make the connection that a person just consented to (R17, R18).

    Raises:
        ConnectFailed: Xero refused, or did not answer; what there was before is untouched.
    """
    if db.session.get(FinCo, fin_co_id) is None:
        raise NotFound("There is no such FinCo.", "Choose one from the list.")
    end_reading()
    with _failing_in_plain_words(fin_co_id):
        tokens = authorize.exchange_code(xero.endpoints, xero.credentials, xero.redirect_uri, code)
        chosen = _chosen(xero, tokens)
        store = _FreshTokens(tokens)
        client = xero.client_for(chosen.tenant_id, store)
        organisation = client.organisation()
        _ensure_contact_groups(client)
        with _token_lock(xero, tokens.xero_user_id), transaction():
            # Of two people who connect the same FinCo at once, the later one wins whole.
            db.session.execute(sa.select(FinCo).where(FinCo.id == fin_co_id).with_for_update())
            replaced = set_disconnected(fin_co_id, now)
            token_id = _store_tokens(xero, store.load())
            connection = _connection_row(fin_co_id, chosen.tenant_id)
            connection.connection_id = chosen.connection_id
            connection.token_id = token_id
            connection.connected_at = now
            connection.connected_by_id = user_id
            note_organisation(connection, organisation, now)
            if db.session.get(XeroSettings, fin_co_id) is None:
                db.session.add(XeroSettings(fin_co_id=fin_co_id))
    for former in replaced:
        if (former.tenant_id, former.token_id) != (connection.tenant_id, connection.token_id):
            give_up_quietly(xero, former)
    return connection


@contextmanager
def _failing_in_plain_words(fin_co_id: int) -> Iterator[None]:
    try:
        yield
    except XeroError as error:
        log.warning("xero.connect_failed", fin_co_id=fin_co_id, error=repr(error))
        reason = explain(error, "the organisation")
        raise ConnectFailed(
            f"The connection was not made. {reason.message}", reason.way_out
        ) from error


def _chosen(xero: XeroAccess, tokens: Tokens) -> Connection:
    """The one organisation of this consent: never a guess among several (xero-api a.4)."""
    if not (tokens.xero_user_id and tokens.auth_event_id):
        raise ConnectFailed(
            "Xero did not say whose consent this was, so it cannot be kept.",
            "Press Connect to Xero again.",
        )
    found = [
        connection
        for connection in authorize.list_connections(
            xero.endpoints, tokens.access_token, tokens.auth_event_id
        )
        if connection.tenant_type == "ORGANISATION"
    ]
    if len(found) != 1:
        names = ", ".join(connection.tenant_name for connection in found) or "none"
        raise ConnectFailed(
            f"A FinCo is connected to exactly one organisation; Xero names {names}.",
            "Press Connect to Xero again and choose one organisation.",
        )
    return found[0]


def _ensure_contact_groups(client: XeroClient) -> None:
    there = {group.name for group in client.contact_groups() if group.status == "ACTIVE"}
    for name in (AP_GROUP, AR_GROUP):
        if name not in there:
            client.create_contact_group(name, new_key(client.tenant_id))


def _token_lock(xero: XeroAccess, xero_user_id: str) -> AbstractContextManager[object]:
    """Keep a refresh of the same person's tokens from overwriting those just given."""
    token_id = db.session.scalar(
        sa.select(XeroToken.id).where(XeroToken.xero_user_id == xero_user_id)
    )
    end_reading()
    return nullcontext() if token_id is None else xero.token_store_by_id(token_id).lock()


def _store_tokens(xero: XeroAccess, tokens: Tokens) -> int:
    row = db.session.scalar(
        sa.select(XeroToken).where(XeroToken.xero_user_id == tokens.xero_user_id)
    )
    if row is None:
        row = XeroToken(xero_user_id=tokens.xero_user_id)
        db.session.add(row)
    for column, value in token_values(tokens, xero.cipher).items():
        setattr(row, column, value)
    db.session.flush()
    return row.id


def _connection_row(fin_co_id: int, tenant_id: str) -> XeroConnection:
    connection = db.session.scalar(
        sa.select(XeroConnection).where(
            XeroConnection.fin_co_id == fin_co_id, XeroConnection.tenant_id == tenant_id
        )
    )
    if connection is None:
        connection = XeroConnection(fin_co_id=fin_co_id, tenant_id=tenant_id)
        db.session.add(connection)
    return connection
