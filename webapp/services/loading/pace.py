"""Keeps a long row of writes from shutting everybody else out."""

import time

from webapp.db import db

WORKED = 1.0
"""After so many seconds of writing others get a turn."""
PAUSE = 0.12
"""SQLite queues nobody. Who waits to write looks again every tenth of a second, and would hardly
ever meet the instant between two transactions that follow each other at once."""


class Pace:
    """Counts how long one transaction followed the other."""

    def __init__(self) -> None:
        self._since = time.monotonic()

    def give_way(self) -> None:
        """Between two transactions: wait a moment where it is time to."""
        if db.engine.dialect.name == "sqlite" and time.monotonic() - self._since > WORKED:
            time.sleep(PAUSE)
            self._since = time.monotonic()
