"""The sandbox's clock: real time, which a test may push forward."""

import time
from datetime import date, datetime
from zoneinfo import ZoneInfo

from webapp.sandbox.dates import from_ms
from webapp.sandbox.store import Store


class Clock:
    """Milliseconds since 1970 UTC, plus what the control endpoint advanced (kept in the state)."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._advance_ms = int(store.meta("clock_advance_ms") or "0")

    def now_ms(self) -> int:
        """Give the present in milliseconds."""
        return time.time_ns() // 1_000_000 + self._advance_ms

    def now(self) -> datetime:
        """Give the present as an aware UTC instant."""
        return from_ms(self.now_ms())

    def today(self, zone: str) -> date:
        """Give the calendar day it is in an organisation's zone."""
        return self.now().astimezone(ZoneInfo(zone)).date()

    def advance(self, seconds: int) -> None:
        """Push the clock forward, for tokens, windows and keys that must expire."""
        self._advance_ms += seconds * 1000
        self._store.set_meta("clock_advance_ms", str(self._advance_ms))

    def set_right(self) -> None:
        """Go back to real time."""
        self._advance_ms = 0
        self._store.set_meta("clock_advance_ms", "0")
