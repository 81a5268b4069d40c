"""What calls to an organisation were made, and what Xero said is left."""

import threading
from collections.abc import Mapping


class Meter:
    """Counts the calls of one client, those that had to be repeated too. Safe for threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._calls = 0
        self._left_today: int | None = None

    @property
    def calls(self) -> int:
        """How many calls were made, whatever came of them."""
        return self._calls

    @property
    def left_today(self) -> int | None:
        """How many calls Xero said are left of the day at its last answer; None while unsaid."""
        return self._left_today

    def sent(self) -> None:
        """Count one call."""
        with self._lock:
            self._calls += 1

    def answered(self, headers: Mapping[str, str]) -> None:
        """Learn from an answer."""
        said = headers.get("X-DayLimit-Remaining", "").strip()
        if said.isdecimal():
            self._left_today = int(said)
