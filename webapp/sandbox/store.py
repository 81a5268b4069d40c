"""The state file: SQLite in WAL mode, one writer at a time, readers never waiting for it.

A commit reaches the operating system before the answer leaves, so the state survives SIGKILL.
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS organisations (
  org INTEGER PRIMARY KEY, tenant_id TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
  zone TEXT NOT NULL, expired INTEGER NOT NULL DEFAULT 0, approval_limit INTEGER,
  data TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS records (
  org INTEGER NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL,
  number TEXT, alt TEXT, name TEXT, email TEXT, type TEXT, status TEXT, contact TEXT,
  document TEXT, date TEXT, due TEXT, reference TEXT,
  sub_total INTEGER, total INTEGER, amount_due INTEGER, amount_paid INTEGER,
  updated INTEGER NOT NULL, made_by TEXT, data TEXT NOT NULL,
  PRIMARY KEY (org, kind, id));
DROP INDEX IF EXISTS records_updated;
CREATE INDEX IF NOT EXISTS records_listed ON records (org, kind, updated, id, status);
CREATE INDEX IF NOT EXISTS records_number ON records (org, kind, number);
CREATE INDEX IF NOT EXISTS records_alt ON records (org, kind, alt);
CREATE INDEX IF NOT EXISTS records_name ON records (org, kind, name);
CREATE INDEX IF NOT EXISTS records_contact ON records (org, kind, contact);
CREATE INDEX IF NOT EXISTS records_document ON records (org, kind, document);
CREATE INDEX IF NOT EXISTS records_status ON records (org, kind, type, status);
CREATE TABLE IF NOT EXISTS group_members (
  org INTEGER NOT NULL, group_id TEXT NOT NULL, contact_id TEXT NOT NULL,
  PRIMARY KEY (org, group_id, contact_id));
CREATE INDEX IF NOT EXISTS group_members_contact ON group_members (org, contact_id);
CREATE TABLE IF NOT EXISTS attachments (
  org INTEGER NOT NULL, parent TEXT NOT NULL, id TEXT NOT NULL, file_name TEXT NOT NULL,
  mime TEXT NOT NULL, length INTEGER NOT NULL, online INTEGER NOT NULL, content BLOB NOT NULL,
  PRIMARY KEY (org, id), UNIQUE (org, parent, file_name));
CREATE TABLE IF NOT EXISTS history (
  n INTEGER PRIMARY KEY AUTOINCREMENT, org INTEGER NOT NULL, parent TEXT NOT NULL,
  at INTEGER NOT NULL, changes TEXT NOT NULL, details TEXT NOT NULL, user TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS history_parent ON history (org, parent, n);
CREATE TABLE IF NOT EXISTS connections (
  id TEXT PRIMARY KEY, app TEXT NOT NULL, user TEXT NOT NULL, org INTEGER NOT NULL,
  auth_event TEXT NOT NULL, created INTEGER NOT NULL, updated INTEGER NOT NULL,
  UNIQUE (app, user, org));
CREATE TABLE IF NOT EXISTS grants (
  kind TEXT NOT NULL, digest TEXT PRIMARY KEY, app TEXT NOT NULL, user TEXT NOT NULL,
  auth_event TEXT NOT NULL, family TEXT NOT NULL, scope TEXT NOT NULL, redirect_uri TEXT,
  nonce TEXT, made INTEGER NOT NULL, used INTEGER, dead INTEGER NOT NULL DEFAULT 0);
CREATE INDEX IF NOT EXISTS grants_family ON grants (family);
CREATE TABLE IF NOT EXISTS idempotency (
  app TEXT NOT NULL, key TEXT NOT NULL, request TEXT NOT NULL, made INTEGER NOT NULL,
  status INTEGER NOT NULL, content_type TEXT NOT NULL, body BLOB NOT NULL,
  PRIMARY KEY (app, key));
CREATE TABLE IF NOT EXISTS day_counts (
  app TEXT NOT NULL, tenant_id TEXT NOT NULL, window INTEGER NOT NULL, calls INTEGER NOT NULL,
  PRIMARY KEY (app, tenant_id));
CREATE TABLE IF NOT EXISTS requests (
  n INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, method TEXT NOT NULL,
  path TEXT NOT NULL, query TEXT NOT NULL, tenant_id TEXT, status INTEGER,
  documents INTEGER NOT NULL,
  idempotency_key TEXT, replayed INTEGER NOT NULL);
"""


class Store:
    """The state file and its connections, one a thread."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._local = threading.local()
        self._writer = threading.Lock()
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = self.connection()
        connection.execute("PRAGMA journal_mode=WAL")
        connection.executescript(_SCHEMA)

    def connection(self) -> sqlite3.Connection:
        """Give this thread's connection, which is in no transaction of its own."""
        found: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if found is None:
            found = sqlite3.connect(self._path, isolation_level=None, timeout=60)
            found.row_factory = sqlite3.Row
            found.execute("PRAGMA synchronous=NORMAL")
            found.execute("PRAGMA cache_size=-16000")
            self._local.connection = found
        return found

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Hold the one writer's place: commits at the end, rolls back on any error."""
        with self._writer:
            connection = self.connection()
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """See one moment of the state for the whole of a call."""
        connection = self.connection()
        connection.execute("BEGIN")
        try:
            yield connection
        finally:
            connection.execute("ROLLBACK")

    def meta(self, key: str) -> str | None:
        """Read a setting kept in the state."""
        row = self.connection().execute("SELECT value FROM meta WHERE key=?", (key,)).fetchone()
        return None if row is None else str(row["value"])

    def set_meta(self, key: str, value: str) -> None:
        """Keep a setting in the state."""
        with self.writing() as connection:
            connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))


@contextmanager
def undoable(connection: sqlite3.Connection) -> Iterator[None]:
    """Undo what one element of a call wrote when an error leaves this block."""
    connection.execute("SAVEPOINT element")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK TO element")
        connection.execute("RELEASE element")
        raise
    connection.execute("RELEASE element")


@contextmanager
def forgotten(connection: sqlite3.Connection) -> Iterator[None]:
    """Undo whatever was written in this block."""
    connection.execute("SAVEPOINT forgotten")
    try:
        yield
    finally:
        connection.execute("ROLLBACK TO forgotten")
        connection.execute("RELEASE forgotten")
