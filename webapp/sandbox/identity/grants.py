"""Codes and refresh tokens: made, used once, rotated (xero-api a.2, a.3). Only digests are kept."""

import hashlib
import secrets
import sqlite3
import uuid
from dataclasses import dataclass

CODE_LIFE_MS = 5 * 60 * 1000
GRACE_MS = 30 * 60 * 1000
REFRESH_LIFE_MS = 60 * 24 * 3600 * 1000


class DeadGrantError(Exception):
    """The code or refresh token cannot be used: ``invalid_grant``."""


@dataclass(frozen=True)
class Grant:
    """What a code or a refresh token stands for."""

    app: str
    user: str
    auth_event: str
    family: str
    scope: str
    redirect_uri: str | None = None
    nonce: str | None = None


def issue(connection: sqlite3.Connection, kind: str, grant: Grant, now_ms: int) -> str:
    """Make a code or refresh token and keep its digest."""
    token = secrets.token_urlsafe(32)
    record_issue(connection, kind, token, grant, now_ms)
    return token


def record_issue(
    connection: sqlite3.Connection, kind: str, token: str, grant: Grant, now_ms: int
) -> None:
    """Keep the digest of a token made elsewhere."""
    connection.execute(
        "INSERT INTO grants VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, 0)",
        (
            kind, _digest(token), grant.app, grant.user, grant.auth_event, grant.family,
            grant.scope, grant.redirect_uri, grant.nonce, now_ms,
        ),
    )  # fmt: skip


def issued_at(connection: sqlite3.Connection, token: str) -> int:
    """Give when a token was made (milliseconds), 0 if that is not known."""
    row = connection.execute("SELECT made FROM grants WHERE digest=?", (_digest(token),)).fetchone()
    return int(row["made"]) if row else 0


def redeem_code(
    connection: sqlite3.Connection, code: str, app: str, redirect_uri: str, now_ms: int
) -> Grant:
    """Use a code; it works once, for five minutes, with the redirect URI it was made for.

    Raises:
        DeadGrantError: it does not.
    """
    row = _find(connection, "code", code, app)
    if row["used"] is not None or now_ms - row["made"] > CODE_LIFE_MS:
        raise DeadGrantError
    if row["redirect_uri"] != redirect_uri:
        raise DeadGrantError
    _mark_used(connection, row, now_ms)
    return _grant(row)


def redeem_refresh(connection: sqlite3.Connection, token: str, app: str, now_ms: int) -> Grant:
    """Use a refresh token.

    The previous one works again for thirty minutes, for answers that were lost; it takes the
    unseen successor's place. Once a successor has been used, its predecessors are dead.

    Raises:
        DeadGrantError: it is unknown, replaced, revoked or older than sixty days.
    """
    row = _find(connection, "refresh", token, app)
    if now_ms - row["made"] > REFRESH_LIFE_MS:
        raise DeadGrantError
    if row["used"] is None:
        connection.execute(
            "UPDATE grants SET dead=1 WHERE family=? AND kind='refresh' AND digest<>?",
            (row["family"], row["digest"]),
        )
        _mark_used(connection, row, now_ms)
    elif now_ms - row["used"] > GRACE_MS:
        raise DeadGrantError
    else:
        connection.execute(
            "UPDATE grants SET dead=1 WHERE family=? AND kind='refresh' AND digest<>?",
            (row["family"], row["digest"]),
        )
    return _grant(row)


def revoke(connection: sqlite3.Connection, token: str, app: str) -> Grant | None:
    """Kill a refresh token and all of its user's; None when it was not known."""
    try:
        row = _find(connection, "refresh", token, app)
    except DeadGrantError:
        return None
    connection.execute("UPDATE grants SET dead=1 WHERE app=? AND user=?", (app, row["user"]))
    return _grant(row)


def new_family() -> str:
    """Name the line of refresh tokens that one consent starts."""
    return str(uuid.uuid4())


def _find(connection: sqlite3.Connection, kind: str, token: str, app: str) -> sqlite3.Row:
    row: sqlite3.Row | None = connection.execute(
        "SELECT * FROM grants WHERE kind=? AND digest=?", (kind, _digest(token))
    ).fetchone()
    if row is None or row["dead"] or row["app"] != app:
        raise DeadGrantError
    return row


def _mark_used(connection: sqlite3.Connection, row: sqlite3.Row, now_ms: int) -> None:
    connection.execute("UPDATE grants SET used=? WHERE digest=?", (now_ms, row["digest"]))


def _grant(row: sqlite3.Row) -> Grant:
    return Grant(
        app=row["app"],
        user=row["user"],
        auth_event=row["auth_event"],
        family=row["family"],
        scope=row["scope"],
        redirect_uri=row["redirect_uri"],
        nonce=row["nonce"],
    )


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
