"""A valid access token, whoever asks: refreshed by one, used by all (xero-api a.3).

Authlib's own refresh is not used: several sessions would each spend the same refresh token, and
Xero rotates it.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import requests
import structlog
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session

from webapp.xero._identity import parse_tokens
from webapp.xero.authorize import IDENTITY_TIMEOUT
from webapp.xero.endpoints import Credentials, Endpoints
from webapp.xero.errors import AuthorizationFailed, Call, ReconnectNeeded, Unavailable
from webapp.xero.tokens import Tokens, TokenStore

log = structlog.get_logger(__name__)

REFRESH_BEFORE = timedelta(minutes=5)
"""A token with less left is refreshed before use, so that none dies during a call."""

_ATTEMPTS = 3
_PAUSE = timedelta(seconds=1)
_CALL = Call("POST", "/connect/token")


def utc_now() -> datetime:
    """Give the current instant."""
    return datetime.now(UTC)


class TokenSession:
    """Gives valid tokens of one Xero user to any number of threads and processes."""

    def __init__(
        self,
        endpoints: Endpoints,
        credentials: Credentials,
        store: TokenStore,
        *,
        clock: Callable[[], datetime] = utc_now,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._endpoints = endpoints
        self._credentials = credentials
        self._store = store
        self._clock = clock
        self._sleep = sleep

    def tokens(self) -> Tokens:
        """Give tokens that are good for minutes, refreshed where they are not.

        Raises:
            ReconnectNeeded: Xero no longer honours the refresh token.
            AuthorizationFailed: Xero refuses the app itself (its id or secret).
            Unavailable: the identity server does not answer; the tokens stay as they are.
        """
        tokens = self._store.load()
        return tokens if self._is_good(tokens) else self.renew(tokens)

    def renew(self, stale: Tokens) -> Tokens:
        """Give tokens newer than `stale`: another's refresh if there was one, else our own.

        Raises:
            ReconnectNeeded, AuthorizationFailed, Unavailable: as `tokens`.
        """
        with self._store.lock():
            current = self._store.load()
            if current.access_token != stale.access_token and self._is_good(current):
                return current
            fresh = self._refresh(current)
            self._store.save(fresh)
        log.info("xero.tokens_refreshed", xero_user_id=fresh.xero_user_id)
        return fresh

    def _is_good(self, tokens: Tokens) -> bool:
        return tokens.expires_at - self._clock() >= REFRESH_BEFORE

    def _refresh(self, current: Tokens) -> Tokens:
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                return self._swap(current)
            except AuthlibBaseError as refused:
                if refused.error == "invalid_grant":
                    self._store.refresh_refused(current)
                    raise ReconnectNeeded(
                        "Xero no longer honours the refresh token",
                        reason="refresh_refused",
                        call=_CALL,
                    ) from None
                raise AuthorizationFailed(
                    code=str(refused.error), description=str(refused.description or ""), call=_CALL
                ) from None
            except (requests.RequestException, ValueError):
                # The answer may be lost after Xero rotated: it honours the previous token for
                # another 30 minutes for exactly this, so the same one is sent again.
                log.warning("xero.refresh_unanswered", attempt=attempt)
                if attempt < _ATTEMPTS:
                    self._sleep((_PAUSE * attempt).total_seconds())
        raise Unavailable("the identity server does not answer", call=_CALL)

    def _swap(self, current: Tokens) -> Tokens:
        with OAuth2Session(
            self._credentials.client_id,
            self._credentials.client_secret,
            token_endpoint_auth_method="client_secret_basic",  # noqa: S106 - a method's name
        ) as session:
            answer = session.refresh_token(
                self._endpoints.token_url,
                refresh_token=current.refresh_token,
                timeout=IDENTITY_TIMEOUT,
                allow_redirects=False,
            )
        return parse_tokens(answer, self._clock(), _CALL, current)
