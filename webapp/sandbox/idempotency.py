"""Answers kept by Idempotency-Key for six minutes, for each app (xero-api c.1)."""

import hashlib
import sqlite3
from dataclasses import dataclass

from webapp.sandbox.errors import Refusal, exception

_KEPT_MS = 6 * 60 * 1000
_LONGEST_KEY = 128


@dataclass(frozen=True)
class Answer:
    """What goes back on the wire."""

    status: int
    body: bytes
    content_type: str


def request_hash(method: str, url: str, body: bytes) -> str:
    """Give the fingerprint that tells one request from another."""
    return hashlib.sha256(b"\0".join((method.encode(), url.encode(), body))).hexdigest()


def check_key(key: str) -> None:
    """Refuse a key that is too long.

    Raises:
        Refusal: 400.
    """
    if len(key) > _LONGEST_KEY:
        raise exception(
            10,
            "ValidationException",
            f"Idempotency Key: must not be longer than {_LONGEST_KEY} characters.",
        )


def stored_answer(
    connection: sqlite3.Connection, app: str, key: str, request: str, now_ms: int
) -> Answer | None:
    """Give the answer kept for this key, if its life has not ended.

    Raises:
        Refusal: 400, the key was used with a different request.
    """
    connection.execute("DELETE FROM idempotency WHERE made <= ?", (now_ms - _KEPT_MS,))
    row = connection.execute(
        "SELECT * FROM idempotency WHERE app=? AND key=?", (app, key)
    ).fetchone()
    if row is None:
        return None
    if row["request"] != request:
        raise _different(key)
    return Answer(row["status"], row["body"], row["content_type"])


def keep_answer(
    connection: sqlite3.Connection, app: str, key: str, request: str, now_ms: int, answer: Answer
) -> None:
    """Keep the true outcome of a call, also when it is an error."""
    connection.execute(
        "INSERT OR REPLACE INTO idempotency VALUES (?, ?, ?, ?, ?, ?, ?)",
        (app, key, request, now_ms, answer.status, answer.content_type, answer.body),
    )


def _different(key: str) -> Refusal:
    return exception(
        10,
        "ValidationException",
        f"Idempotency Key: {key} is used with a different request.",
    )
