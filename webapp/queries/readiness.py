"""Whether the database answers, and which schema it holds."""

import sqlalchemy as sa

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
