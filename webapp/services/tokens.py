"""The tokens of Xero users in the database: encrypted, one row a user, refreshed by one at a time.

Everything here works without an application context, because the threads that send documents
have none, and in short transactions of its own: rotated tokens must be durable whatever becomes
of the work that needed them.
"""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import sqlalchemy as sa
import structlog
from cryptography.fernet import InvalidToken, MultiFernet
from redis.exceptions import LockError, RedisError
from sqlalchemy.orm import Session

from webapp.models.xero import ConnectionState, XeroConnection, XeroToken
from webapp.xero.errors import ReconnectNeeded, Unavailable
from webapp.xero.tokens import Tokens

if TYPE_CHECKING:
    from redis import Redis
    from sqlalchemy.engine import Engine

log = structlog.get_logger(__name__)

LOCK_LIFE = dt.timedelta(seconds=150)
"""How long a dead holder keeps others waiting: longer than any refresh with its repeats takes."""

LOCK_POLL_SECONDS = 0.02
"""Most who wait need the lock for a moment only, to see that another has refreshed already."""

REFUSED = "Xero no longer accepts the stored sign-in. An administrator must connect again."
UNREADABLE = (
    "The stored sign-in cannot be read with TOKEN_ENCRYPTION_KEYS. "
    "Restore the key it was stored with, or connect again."
)


class DbTokenStore:
    """Keeps the tokens of one Xero user for all threads and processes."""

    def __init__(
        self, *, engine: "Engine", redis: "Redis", cipher: MultiFernet, token_id: int
    ) -> None:
        self._engine = engine
        self._redis = redis
        self._cipher = cipher
        self._token_id = token_id

    def load(self) -> Tokens:
        """Give the tokens as stored now.

        Raises:
            ReconnectNeeded: they were given up, refused by Xero, or cannot be decrypted.
        """
        with Session(self._engine) as session:
            row = session.get(XeroToken, self._token_id)
            if row is None:
                raise ReconnectNeeded("the tokens were given up", reason="refresh_refused")
            if row.refused_at is not None:
                raise ReconnectNeeded(REFUSED, reason="refresh_refused")
            return self._read(row)

    def save(self, tokens: Tokens) -> None:
        """Store rotated tokens; they are durable when this returns."""
        with self._writing() as session:
            session.execute(
                sa.update(XeroToken)
                .where(XeroToken.id == self._token_id)
                .values(token_values(tokens, self._cipher))
            )

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold off every other thread and process that would refresh these tokens.

        Raises:
            Unavailable: the shared store is down or somebody holds the lock for too long, so
                nothing may be refreshed.
        """
        life = LOCK_LIFE.total_seconds()
        held = self._redis.lock(
            f"workbench:xero-token:{self._token_id}",
            timeout=life,
            blocking_timeout=life,
            sleep=LOCK_POLL_SECONDS,
        )
        try:
            if not held.acquire():
                raise Unavailable("another process has been refreshing the tokens for too long")
        except RedisError as down:
            raise Unavailable("the shared store cannot be reached") from down
        try:
            yield
        finally:
            try:
                held.release()
            except (LockError, RedisError):
                # What was done under it is done and stored; the lock lapses by itself.
                log.warning("xero.token_lock_not_released", token_id=self._token_id)

    def refresh_refused(self, previous: Tokens) -> None:
        """Remember that Xero refused these tokens, and tell every connection that uses them."""
        now = dt.datetime.now(dt.UTC)
        with self._writing() as session:
            row = session.get(XeroToken, self._token_id)
            if row is None or self._read(row).refresh_token != previous.refresh_token:
                return
            row.refused_at = now
            session.execute(
                sa.update(XeroConnection)
                .where(
                    XeroConnection.token_id == self._token_id,
                    XeroConnection.state == ConnectionState.CONNECTED,
                )
                .values(
                    state=ConnectionState.RECONNECT_NEEDED, state_reason=REFUSED, checked_at=now
                )
            )

    def reencrypt(self) -> bool:
        """Store the tokens under the first key; False where no key reads them.

        Raises:
            Unavailable: as `lock`.
        """
        with self.lock(), self._writing() as session:
            row = session.get(XeroToken, self._token_id)
            if row is None:
                return False
            try:
                row.access_token = self._cipher.rotate(row.access_token).decode()
                row.refresh_token = self._cipher.rotate(row.refresh_token).decode()
            except InvalidToken:
                session.rollback()
                return False
        return True

    @contextmanager
    def _writing(self) -> Iterator[Session]:
        with Session(self._engine) as session:
            session.connection(execution_options={"sqlite_begin": "IMMEDIATE"})
            yield session
            session.commit()

    def _read(self, row: XeroToken) -> Tokens:
        try:
            access_token = self._cipher.decrypt(row.access_token).decode()
            refresh_token = self._cipher.decrypt(row.refresh_token).decode()
        except InvalidToken:
            raise ReconnectNeeded(UNREADABLE, reason="refresh_refused") from None
        return Tokens(
            access_token=access_token,
            refresh_token=refresh_token,
            expires_at=row.expires_at,
            refreshed_at=row.refreshed_at,
            scope=tuple(row.scope.split()),
            xero_user_id=row.xero_user_id,
            auth_event_id="",
        )


def token_values(tokens: Tokens, cipher: MultiFernet) -> dict[str, object]:
    """The columns of a token row that rotate, encrypted where they are secret."""
    return {
        "access_token": cipher.encrypt(tokens.access_token.encode()).decode(),
        "refresh_token": cipher.encrypt(tokens.refresh_token.encode()).decode(),
        "expires_at": tokens.expires_at,
        "refreshed_at": tokens.refreshed_at,
        "scope": " ".join(tokens.scope),
        "refused_at": None,
    }
