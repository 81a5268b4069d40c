"""What the identity server answers, read into tokens."""

import base64
from collections.abc import Mapping
from datetime import datetime, timedelta

from webapp.xero._values import text
from webapp.xero.encoding import decode
from webapp.xero.errors import BadResponse, Call, ReconnectNeeded
from webapp.xero.tokens import Tokens

ACCESS_TOKEN_LIFE = 1800
"""Seconds an access token lives where Xero does not say (xero-api a.3)."""


def parse_tokens(
    answer: Mapping[str, object], now: datetime, call: Call, previous: Tokens | None = None
) -> Tokens:
    """Read a token answer.

    Raises:
        ReconnectNeeded: there is no refresh token in it.
        BadResponse: there is no access token in it.
    """
    access_token = text(answer.get("access_token"))
    refresh_token = text(answer.get("refresh_token"))
    if not access_token:
        raise BadResponse("the token answer holds no access token", call=call)
    if not refresh_token:
        raise ReconnectNeeded("Xero gave no refresh token", reason="no_refresh_token", call=call)
    claims = _claims(access_token)
    lives = text(answer.get("expires_in"))
    seconds = int(lives) if lives.isdigit() else ACCESS_TOKEN_LIFE
    return Tokens(
        access_token=access_token,
        refresh_token=refresh_token,
        expires_at=now + timedelta(seconds=seconds),
        refreshed_at=now,
        scope=_scope(answer.get("scope") or claims.get("scope"))
        or (previous.scope if previous else ()),
        xero_user_id=text(claims.get("xero_userid")) or (previous.xero_user_id if previous else ""),
        auth_event_id=text(claims.get("authentication_event_id"))
        or (previous.auth_event_id if previous else ""),
    )


def _scope(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return tuple(value.split())
    return tuple(text(name) for name in value) if isinstance(value, list) else ()


def _claims(access_token: str) -> dict[str, object]:
    """Read the claims of the JWT. Its signature is not checked: it came from Xero over TLS."""
    pieces = access_token.split(".")
    if len(pieces) != 3:  # noqa: PLR2004 - a JWT is header, claims, signature
        return {}
    try:
        claims = decode(base64.urlsafe_b64decode(pieces[1] + "=" * (-len(pieces[1]) % 4)))
    except ValueError:
        return {}
    return claims if isinstance(claims, dict) else {}
