"""The state of a consent: who asked for it, for which FinCo, and that it works once."""

import hashlib
import json
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from flask import session

if TYPE_CHECKING:
    from redis import Redis

LIFE_SECONDS = 30 * 60
"""Long enough to find the Xero password and a second factor."""
BROWSER = "consent_browser"


@dataclass(frozen=True)
class Consent:
    """What a state stands for."""

    user_id: int
    fin_co_code: str


def begin(redis: "Redis", consent: Consent) -> str:
    """Make a state for one consent, good once and only in this browser's session.

    The record lies in Redis, not in the session: a cookie could be played back, a record that was
    taken away is gone.
    """
    state = secrets.token_urlsafe(32)
    browser = session.setdefault(BROWSER, secrets.token_urlsafe(16))
    record = {
        "user_id": consent.user_id,
        "fin_co_code": consent.fin_co_code,
        "browser": _digest(browser),
    }
    redis.set(_key(state), json.dumps(record), ex=LIFE_SECONDS)
    return state


def finish(redis: "Redis", state: str, user_id: int) -> Consent | None:
    """Use a state up. None where it is unknown, used, too old, or somebody else's."""
    if not state:
        return None
    found = cast("bytes | None", redis.getdel(_key(state)))
    if found is None:
        return None
    record = json.loads(found)
    if record["user_id"] != user_id or record["browser"] != _digest(session.get(BROWSER, "")):
        return None
    return Consent(record["user_id"], record["fin_co_code"])


def _key(state: str) -> str:
    return f"workbench:consent:{_digest(state)}"


def _digest(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()
