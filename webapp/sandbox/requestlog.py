"""The log of calls: what was asked and how it ended, never a token or a body.

It holds the calls of the accounting API, and beside them those of the identity server and of
``/connections``, which belong to no organisation and count against no limit.
"""

import sqlite3
import time
from dataclasses import dataclass, field

from webapp.sandbox.dates import from_ms
from webapp.sandbox.wire import JsonObject

API = "/api.xro/"


@dataclass
class Entry:
    """One call while it runs; ``status`` None means the connection was dropped."""

    at_ms: int
    method: str
    path: str
    query: str = ""
    tenant_id: str | None = None
    status: int | None = None
    documents: int = 0
    idempotency_key: str | None = None
    replayed: bool = False
    began: float = field(default_factory=time.monotonic)
    """When it came, by the clock that waits are measured with."""


def write(connection: sqlite3.Connection, entry: Entry) -> None:
    """Keep a call."""
    connection.execute(
        "INSERT INTO requests (at, method, path, query, tenant_id, status, documents,"
        " idempotency_key, replayed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            entry.at_ms, entry.method, entry.path, entry.query, entry.tenant_id, entry.status,
            entry.documents, entry.idempotency_key, int(entry.replayed),
        ),
    )  # fmt: skip


def since(
    connection: sqlite3.Connection, number: int, *, of_identity: bool = False
) -> list[JsonObject]:
    """Give the calls after a number, oldest first: of the API, or of the identity server."""
    rows = connection.execute(
        "SELECT * FROM requests WHERE n > ? AND (lower(path) LIKE ?) <> ? ORDER BY n",
        (number, f"{API}%", int(of_identity)),
    )
    return [
        {
            "n": row["n"],
            "at": from_ms(row["at"]).isoformat(timespec="milliseconds"),
            "method": row["method"],
            "path": row["path"],
            "query": row["query"],
            "tenant_id": row["tenant_id"],
            "status": row["status"],
            "documents": row["documents"],
            "idempotency_key": row["idempotency_key"],
            "replayed": bool(row["replayed"]),
        }
        for row in rows
    ]


def clear(connection: sqlite3.Connection) -> None:
    """Forget all calls."""
    connection.execute("DELETE FROM requests")
