"""Keeping alive the sign-ins that nobody uses, and warning where one would lapse."""

import datetime as dt

import sqlalchemy as sa
import structlog

from webapp.db import db
from webapp.models import XeroConnection, XeroToken
from webapp.queries.integration import REFRESH_TOKEN_LIFE
from webapp.services.access import XeroAccess, end_reading
from webapp.xero import connect
from webapp.xero.errors import XeroError

log = structlog.get_logger(__name__)

REFRESH_AFTER = dt.timedelta(days=30)
"""Half the life of a refresh token: there is a month left for trouble to end (xero-api a.3)."""

WARN_BEFORE = dt.timedelta(days=10)


def keep_tokens_alive(xero: XeroAccess, now: dt.datetime) -> int:
    """Refresh the sign-ins that nobody used for thirty days, so that none lapses at sixty.

    One that fails is tried again the next time; one that Xero refuses marks its connections.

    Returns:
        How many were refreshed.
    """
    refreshed = 0
    unused = XeroToken.refreshed_at <= now - REFRESH_AFTER
    for token_id in sign_ins_in_use(unused, XeroToken.refused_at.is_(None)):
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


def sign_ins_in_use(*which: sa.ColumnElement[bool]) -> list[int]:
    """The ids of the sign-ins that a connection uses, of those that are ``which``."""
    found = db.session.scalars(
        sa.select(XeroToken.id)
        .where(sa.exists().where(XeroConnection.token_id == XeroToken.id), *which)
        .order_by(XeroToken.id)
    ).all()
    end_reading()
    return list(found)
