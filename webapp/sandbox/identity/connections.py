"""Which organisations a user has connected to an app (xero-api a.4, a.5)."""

import sqlite3
import uuid

from webapp.sandbox.dates import from_ms
from webapp.sandbox.wire import JsonObject


def connect(
    connection: sqlite3.Connection, app: str, user: str, org: int, auth_event: str, now_ms: int
) -> None:
    """Connect an organisation, or renew its connection with this consent."""
    connection.execute(
        "INSERT INTO connections VALUES (?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (app, user, org) DO UPDATE SET auth_event=excluded.auth_event,"
        " updated=excluded.updated",
        (str(uuid.uuid4()), app, user, org, auth_event, now_ms, now_ms),
    )


def is_connected(connection: sqlite3.Connection, app: str, user: str, org: int) -> bool:
    """Say whether this user connected this organisation to this app."""
    row = connection.execute(
        "SELECT 1 FROM connections WHERE app=? AND user=? AND org=?", (app, user, org)
    ).fetchone()
    return row is not None


def listed(
    connection: sqlite3.Connection, app: str, user: str, auth_event: str | None
) -> list[JsonObject]:
    """Give a user's connections, or with client credentials (no user) all of the app's."""
    rows = connection.execute(
        "SELECT c.*, o.tenant_id, o.name FROM connections c JOIN organisations o USING (org)"
        " WHERE c.app=? AND (?='' OR c.user=?) AND (? IS NULL OR c.auth_event=?)"
        " ORDER BY c.created, c.id",
        (app, user, user, auth_event, auth_event),
    )
    return [
        {
            "id": row["id"],
            "authEventId": row["auth_event"],
            "tenantId": row["tenant_id"],
            "tenantType": "ORGANISATION",
            "tenantName": row["name"],
            "createdDateUtc": _seven_decimals(row["created"]),
            "updatedDateUtc": _seven_decimals(row["updated"]),
        }
        for row in rows
    ]


def disconnect(connection: sqlite3.Connection, app: str, user: str, connection_id: str) -> int:
    """Remove a connection; give the HTTP status: 204, 404, or 403 where a tenant id was given."""
    gone = connection.execute(
        "DELETE FROM connections WHERE id=? AND app=? AND (?='' OR user=?)",
        (connection_id.lower(), app, user, user),
    ).rowcount
    if gone:
        return 204
    tenant = connection.execute(
        "SELECT 1 FROM organisations WHERE tenant_id=?", (connection_id.lower(),)
    ).fetchone()
    return 403 if tenant else 404


def _seven_decimals(ms: int) -> str:
    return from_ms(ms).strftime("%Y-%m-%dT%H:%M:%S.%f") + "0"
