"""The key that tokens are stored under: changing it, and seeing what can be read (C14.1)."""

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from cryptography.fernet import InvalidToken

from webapp.db import db
from webapp.models import FinCo, XeroConnection, XeroToken
from webapp.services.access import XeroAccess, end_reading
from webapp.services.connections.upkeep import lapses_on


@dataclass(frozen=True)
class SignIn:
    """One stored sign-in, without anything secret. Instants are UTC."""

    xero_user_id: str
    used_for: tuple[str, ...]
    """``FinCo code: organisation`` for each connection that uses it."""
    refreshed_at: dt.datetime
    lapses_on: dt.datetime
    readable: bool
    """Whether TOKEN_ENCRYPTION_KEYS holds the key it is stored under."""
    refused: bool
    """Whether Xero said that it is dead."""


def reencrypt_tokens(xero: XeroAccess) -> int:
    """Store every sign-in under the first of TOKEN_ENCRYPTION_KEYS; how many could be read.

    After that the older keys can be taken out of the configuration.

    Raises:
        Unavailable: somebody holds a sign-in's lock for too long; what was done stays done.
    """
    ids = db.session.scalars(sa.select(XeroToken.id).order_by(XeroToken.id)).all()
    end_reading()
    return sum(xero.token_store_by_id(token_id).reencrypt() for token_id in ids)


def sign_ins(xero: XeroAccess) -> tuple[SignIn, ...]:
    """Every stored sign-in, in the order in which they were first given."""
    tokens = db.session.scalars(sa.select(XeroToken).order_by(XeroToken.id)).all()
    return tuple(
        SignIn(
            xero_user_id=token.xero_user_id,
            used_for=_used_for(token.id),
            refreshed_at=token.refreshed_at,
            lapses_on=lapses_on(token),
            readable=_readable(xero, token),
            refused=token.refused_at is not None,
        )
        for token in tokens
    )


def _used_for(token_id: int) -> tuple[str, ...]:
    rows = db.session.execute(
        sa.select(FinCo.code, XeroConnection.organisation_name)
        .join(FinCo, FinCo.id == XeroConnection.fin_co_id)
        .where(XeroConnection.token_id == token_id)
        .order_by(FinCo.code)
    )
    return tuple(f"{code}: {name}" for code, name in rows)


def _readable(xero: XeroAccess, token: XeroToken) -> bool:
    try:
        xero.cipher.decrypt(token.refresh_token)
    except InvalidToken:
        return False
    return True
