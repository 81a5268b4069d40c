"""Keeping the tokens of a consent: one row for each Xero user."""

import datetime as dt
from contextlib import AbstractContextManager, nullcontext

import sqlalchemy as sa

from webapp.db import db
from webapp.models import XeroConnection, XeroToken
from webapp.models.xero import ConnectionState
from webapp.services.access import XeroAccess, end_reading
from webapp.services.tokens import token_values
from webapp.xero.tokens import Tokens


def token_lock(xero: XeroAccess, xero_user_id: str) -> AbstractContextManager[object]:
    """Keep a refresh of the same person's tokens from overwriting those just given.

    Raises:
        Unavailable: entering it, where the lock cannot be had.
    """
    token_id = db.session.scalar(
        sa.select(XeroToken.id).where(XeroToken.xero_user_id == xero_user_id)
    )
    end_reading()
    return nullcontext() if token_id is None else xero.token_store_by_id(token_id).lock()


def store_tokens(xero: XeroAccess, tokens: Tokens) -> int:
    """Keep tokens in the row of their user; give its id. Needs an open transaction."""
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


def revive(token_id: int, tenant_ids: frozenset[str], now: dt.datetime) -> None:
    """Let the connections of a sign-in work again that Xero reaches with it once more.

    One person's consent mends every FinCo that uses their sign-in. Needs an open transaction.
    """
    db.session.execute(
        sa.update(XeroConnection)
        .where(
            XeroConnection.token_id == token_id,
            XeroConnection.tenant_id.in_(tenant_ids),
            XeroConnection.state == ConnectionState.RECONNECT_NEEDED,
        )
        .values(state=ConnectionState.CONNECTED, state_reason=None, checked_at=now)
    )
