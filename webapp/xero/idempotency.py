"""Keys that make a repeated write harmless, as long as Xero remembers them (xero-api c.1)."""

import secrets
from datetime import datetime, timedelta

KEY_LIFE = timedelta(minutes=5)
"""How long a key may be used again. Xero keeps it for 6 minutes from the first call; the minute
between is for clocks and slow networks."""

MAX_KEY_LENGTH = 128


def new_key(tenant_id: str) -> str:
    """Make a key for one request. Keys are unique per app, not per tenant, so both are inside."""
    random = secrets.token_urlsafe(24)
    return f"{tenant_id[: MAX_KEY_LENGTH - len(random) - 1]}:{random}"


def alive(first_sent_at: datetime, now: datetime) -> bool:
    """Whether the same bytes may still be sent again under a key first used at that instant."""
    return now - first_sent_at < KEY_LIFE
