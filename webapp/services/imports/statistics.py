"""What PostgreSQL knows of tables that an import fills."""

import sqlalchemy as sa

from webapp.db import Base, db, transaction

_FIRST = 1000
_TIMES = 4


class Statistics:
    """Has the database count some tables anew each time an import made them several times larger.

    By its counts PostgreSQL decides how to look rows up. A first import fills tables within
    seconds, long before they are counted again in the background; until then every page would be
    compared with all rows of its FinCo, because there were only few when they were counted.
    """

    def __init__(self, *models: type[Base]) -> None:
        self._tables = ", ".join(model.__tablename__ for model in models)
        self._next = _FIRST

    def made(self, total: int) -> None:
        """Note how many rows the pass has made so far; outside of a transaction."""
        if total < self._next:
            return
        self._next = total * _TIMES
        if db.session.get_bind().dialect.name == "postgresql":
            with transaction():
                db.session.execute(sa.text(f"ANALYZE {self._tables}"))
