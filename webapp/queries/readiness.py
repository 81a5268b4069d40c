"""Whether the database answers, and which schema it holds."""

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from webapp.db import db


def schema_revisions() -> frozenset[str]:
    """The migration revisions the database says it is at; empty where it was never migrated.

    Raises:
        sqlalchemy.exc.OperationalError: when the database does not answer.
    """
    with db.engine.connect() as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return frozenset()
        rows = connection.execute(sa.text("SELECT version_num FROM alembic_version"))
        return frozenset(row.version_num for row in rows)


def is_busy(error: Exception) -> bool:
    """Whether nothing could be written because somebody else wrote for longer than one waits.

    SQLite lets one write at a time (sqlite.org, SQLITE_BUSY); PostgreSQL waits as long as it takes.
    """
    return isinstance(error, OperationalError) and "database is locked" in str(error.orig)
