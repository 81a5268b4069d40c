"""A consent given in Xero: taken, and kept beside the connection there is until it is confirmed."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import sqlalchemy as sa
import structlog

from webapp.db import db, transaction
from webapp.models import FinCo, PendingConnection, XeroToken
from webapp.services.access import XeroAccess, end_reading
from webapp.services.connections.storing import revive, store_tokens, token_lock
from webapp.services.connections.withdrawal import (
    Former,
    forget_unused,
    give_up,
    give_up_quietly,
    turn_away,
)
from webapp.services.errors import NotFound, ServiceError
from webapp.services.failures import explain
from webapp.services.permissions import ESSENTIAL, missing
from webapp.xero import authorize
from webapp.xero.errors import XeroError
from webapp.xero.records import Connection
from webapp.xero.tokens import Tokens

log = structlog.get_logger(__name__)

ORGANISATION = "ORGANISATION"
"""The one kind of tenant with books; practices are tenants too (xero-api a.4)."""


class ConnectFailed(ServiceError):
    """The connection was not made; the one there was before is as it was (R19)."""


def authorization_address(xero: XeroAccess, state: str, *, with_payroll: bool = False) -> str:
    """Where to send the person to consent. ``state`` is random and works once (R16)."""
    scopes = authorize.BASE_SCOPES + (authorize.PAYROLL_SCOPES if with_payroll else ())
    return authorize.authorization_url(
        xero.endpoints, xero.credentials, xero.redirect_uri, scopes, state
    )


def receive_consent(
    xero: XeroAccess, *, fin_co_id: int, user_id: int | None, code: str, now: dt.datetime
) -> PendingConnection:
    """Take the consent a person just gave; it changes nothing until it is confirmed (C1.7).

    The tokens go into the row of their Xero user. A consent that waited for this FinCo is given up.

    Raises:
        ConnectFailed: Xero refused, did not answer, or gave too little; what there was before is
            untouched.
    """
    take_consent(xero, fin_co_id=fin_co_id, user_id=user_id, code=code, now=now)
    pending = pending_for(fin_co_id)
    if pending is None:
        raise nothing_waits()
    return pending


def take_consent(
    xero: XeroAccess, *, fin_co_id: int, user_id: int | None, code: str, now: dt.datetime
) -> Connection:
    """Keep a consent, and say which connection Xero made of it.

    Raises:
        ConnectFailed: as `receive_consent`.
    """
    if db.session.get(FinCo, fin_co_id) is None:
        raise NotFound("There is no such FinCo.", "Choose one from the list.")
    end_reading()
    with failing_in_plain_words(fin_co_id):
        tokens = authorize.exchange_code(xero.endpoints, xero.credentials, xero.redirect_uri, code)
        chosen = _chosen(xero, tokens)
        _require_the_essential(xero, tokens, chosen)
        reached = _reached_again(xero, tokens)
        with token_lock(xero, tokens.xero_user_id), transaction():
            lock_fin_co(fin_co_id)
            replaced = _take_away(fin_co_id)
            token_id = store_tokens(xero, tokens)
            revive(token_id, reached, now)
            db.session.add(
                PendingConnection(
                    fin_co_id=fin_co_id,
                    user_id=user_id,
                    tenant_id=chosen.tenant_id,
                    connection_id=chosen.connection_id,
                    token_id=token_id,
                    organisation_name=chosen.tenant_name[:255],
                    created_at=now,
                )
            )
    if replaced:
        give_up_quietly(xero, replaced)
    return chosen


def pending_for(fin_co_id: int) -> PendingConnection | None:
    """The consent that waits for somebody to confirm it, if there is one."""
    return db.session.scalar(
        sa.select(PendingConnection).where(PendingConnection.fin_co_id == fin_co_id)
    )


def cancel_pending(xero: XeroAccess, *, fin_co_id: int, now: dt.datetime) -> None:
    """Give up a consent that is not wanted, at Xero and here; the connection there is stays.

    What another FinCo, or this one's own connection, uses stays connected at Xero. Nothing to
    cancel is no error: it was cancelled or confirmed meanwhile.

    Raises:
        NotAllowedNow: Xero did not answer, so the consent still waits.
    """
    pending = pending_for(fin_co_id)
    if pending is None:
        return
    former = Former.of_pending(pending)
    waited = now - pending.created_at
    give_up(xero, former)
    with transaction():
        db.session.execute(
            sa.delete(PendingConnection).where(
                PendingConnection.id == former.pending_id,
                PendingConnection.connection_id == former.connection_id,
            )
        )
        forget_unused(former.token_id)
    log.info("xero.consent_cancelled", fin_co_id=fin_co_id, waited=str(waited))


def nothing_waits() -> ConnectFailed:
    """Give the refusal of what needs a consent that waits, where none does."""
    return ConnectFailed(
        "There is no consent to confirm: it was confirmed, cancelled or replaced meanwhile.",
        "Look at the screen again; if the FinCo is not connected, press Connect to Xero.",
    )


def lock_fin_co(fin_co_id: int) -> None:
    """Hold off everybody else who connects this FinCo. Needs an open transaction."""
    db.session.execute(sa.select(FinCo).where(FinCo.id == fin_co_id).with_for_update())


@contextmanager
def failing_in_plain_words(fin_co_id: int) -> Iterator[None]:
    """Tell a failure of Xero as one of connecting.

    Raises:
        ConnectFailed: Xero refused or did not answer.
    """
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
        if connection.tenant_type == ORGANISATION
    ]
    if len(found) != 1:
        names = ", ".join(connection.tenant_name for connection in found) or "none"
        raise ConnectFailed(
            f"A FinCo is connected to exactly one organisation; Xero names {names}.",
            "Press Connect to Xero again and choose one organisation.",
        )
    return found[0]


def _require_the_essential(xero: XeroAccess, tokens: Tokens, chosen: Connection) -> None:
    lacking = missing(ESSENTIAL, tokens.scope)
    if not lacking:
        return
    turn_away(xero, tokens, chosen.connection_id)
    features = "; ".join(one.purpose for one in lacking)
    raise ConnectFailed(
        f"The connection to {chosen.tenant_name} was not made: the consent lacks a permission "
        f"that is needed for {features}.",
        "Press Connect to Xero again and allow everything that the consent page asks for.",
    )


def _reached_again(xero: XeroAccess, tokens: Tokens) -> frozenset[str]:
    """The organisations that these tokens reach, where the same person's former ones were dead."""
    refused = db.session.scalar(
        sa.select(XeroToken.refused_at).where(XeroToken.xero_user_id == tokens.xero_user_id)
    )
    end_reading()
    if refused is None:
        return frozenset()
    listed = authorize.list_connections(xero.endpoints, tokens.access_token)
    return frozenset(connection.tenant_id for connection in listed)


def _take_away(fin_co_id: int) -> Former | None:
    """Drop the row of a consent that waited, so that the new one can take its place."""
    waiting = pending_for(fin_co_id)
    if waiting is None:
        return None
    former = Former.of_pending(waiting)
    db.session.delete(waiting)
    db.session.flush()
    # The row is gone, and the next may get its number: whatever waits from now on counts.
    return replace(former, pending_id=None)
