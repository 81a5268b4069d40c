"""Counts the rows that are written in a database, by triggers on every table."""

from collections import Counter

import sqlalchemy as sa
from flask import Flask

from webapp.db import Base, db

OF_THE_RUN = {"import_runs", "import_run_kinds", "audit_events", "xero_connections", "xero_tokens"}
"""Where an import writes about itself: who started it, how it went, that the connection works."""


def count_from_now(app: Flask) -> None:
    """Begin to count."""
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE written_rows (name VARCHAR(63))"))
        postgres = db.engine.dialect.name == "postgresql"
        if postgres:
            connection.execute(
                sa.text(
                    "CREATE FUNCTION note_row() RETURNS trigger LANGUAGE plpgsql AS"
                    " 'BEGIN INSERT INTO written_rows VALUES (TG_TABLE_NAME); RETURN NULL; END'"
                )
            )
        for table in Base.metadata.tables:
            for written in ("INSERT", "UPDATE", "DELETE"):
                body = (
                    "EXECUTE FUNCTION note_row()"
                    if postgres
                    else f"BEGIN INSERT INTO written_rows VALUES ('{table}'); END"
                )
                connection.execute(
                    sa.text(
                        f"CREATE TRIGGER note_{table}_{written} AFTER {written} ON {table}"
                        f" FOR EACH ROW {body}"
                    )
                )


def counted(app: Flask) -> Counter[str]:
    """Give how often a row of each table was written since, the run's own left out."""
    with app.app_context(), db.engine.connect() as connection:
        names = connection.execute(sa.text("SELECT name FROM written_rows")).scalars()
        return Counter(name for name in names if name not in OF_THE_RUN)
