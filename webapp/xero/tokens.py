"""The tokens of one Xero user, and what must keep them."""

from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class Tokens:
    """One user's tokens for this app: they reach every organisation that user connected.

    `expires_at` (of the access token, 30 minutes) and `refreshed_at` are aware UTC. A refresh token
    dies 60 days after `refreshed_at`; Xero sends no date for it (xero-api a.3).
    """

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_at: datetime
    refreshed_at: datetime
    scope: tuple[str, ...]
    xero_user_id: str
    auth_event_id: str


class TokenStore(Protocol):
    """Keeps the tokens of one Xero user, encrypted, for all processes."""

    def load(self) -> Tokens:
        """Give the tokens as stored now: never a copy remembered from before."""

    def save(self, tokens: Tokens) -> None:
        """Store rotated tokens durably before returning: the previous ones are dying."""

    def lock(self) -> AbstractContextManager[object]:
        """Hold off every other process that would refresh these tokens."""

    def refresh_refused(self, previous: Tokens) -> None:
        """Remember that Xero no longer honours these tokens: a person must connect again."""
