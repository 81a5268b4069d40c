"""Rate limits for each app and organisation (xero-api b.1).

Minute and day are fixed windows whose start differs from organisation to organisation; calls at
the same time are counted as they run. The day's count is kept in the state, so that a restart
does not hand out a second day.
"""

import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TypeVar

from webapp.sandbox.clock import Clock
from webapp.sandbox.errors import Refusal
from webapp.sandbox.store import Store

Key = TypeVar("Key")

_APP_MINUTE_LIMIT = 10_000
_DAY_SECONDS = 86_400


@dataclass(frozen=True)
class Allowance:
    """What one app may do with one organisation."""

    minute: int
    day: int
    concurrent: int
    window_seconds: int = 60


class _Window:
    def __init__(self, number: int, calls: int) -> None:
        self.number = number
        self.calls = calls


class Limits:
    """Counts the calls and refuses those over a limit."""

    def __init__(self, store: Store, clock: Clock, allowance: Allowance) -> None:
        self._store = store
        self._clock = clock
        self._lock = threading.Lock()
        self._running: dict[tuple[str, str], int] = {}
        self._minutes: dict[tuple[str, str], _Window] = {}
        self._app_minutes: dict[str, _Window] = {}
        self._days: dict[tuple[str, str], _Window] = {
            (row["app"], row["tenant_id"]): _Window(row["window"], row["calls"])
            for row in store.connection().execute("SELECT * FROM day_counts")
        }
        self.allowance = allowance

    def change(self, **values: int) -> None:
        """Set other limits while running.

        Raises:
            TypeError: there is no such limit.
        """
        with self._lock:
            self.allowance = replace(self.allowance, **values)

    def forget(self) -> None:
        """Begin all windows anew."""
        with self._lock:
            self._minutes.clear()
            self._app_minutes.clear()
            self._days.clear()
        with self._store.writing() as connection:
            connection.execute("DELETE FROM day_counts")

    @contextmanager
    def call(self, app: str, tenant_id: str) -> Iterator[None]:
        """Count one call for as long as it runs.

        Raises:
            Refusal: 429, naming the limit that is used up.
        """
        key = (app, tenant_id)
        with self._lock:
            self._admit(key)
            self._running[key] = self._running.get(key, 0) + 1
        try:
            self._keep_day(key)
            yield
        finally:
            with self._lock:
                self._running[key] -= 1

    def headers(self, app: str, tenant_id: str) -> dict[str, str]:
        """Tell what is left, as every answer does."""
        key = (app, tenant_id)
        with self._lock:
            minute, day = self._window(key), self._day(key)
            whole_app = self._app_window(app)
            return {
                "X-MinLimit-Remaining": str(max(self.allowance.minute - minute.calls, 0)),
                "X-DayLimit-Remaining": str(max(self.allowance.day - day.calls, 0)),
                "X-AppMinLimit-Remaining": str(max(_APP_MINUTE_LIMIT - whole_app.calls, 0)),
            }

    def report(self) -> list[dict[str, object]]:
        """Tell how far each app has used each organisation's limits."""
        with self._lock:
            keys = sorted(set(self._days) | set(self._minutes))
            return [
                {
                    "client_id": key[0],
                    "tenant_id": key[1],
                    "minute_used": self._window(key).calls,
                    "day_used": self._day(key).calls,
                    "running": self._running.get(key, 0),
                }
                for key in keys
            ]

    def _admit(self, key: tuple[str, str]) -> None:
        minute, day, whole_app = self._window(key), self._day(key), self._app_window(key[0])
        if day.calls >= self.allowance.day:
            raise refuse("day", self._left(key[1], _DAY_SECONDS))
        if minute.calls >= self.allowance.minute:
            raise refuse("minute", self._left(key[1], self.allowance.window_seconds))
        if whole_app.calls >= _APP_MINUTE_LIMIT:
            raise refuse("appminute", self._left("", 60))
        if self._running.get(key, 0) >= self.allowance.concurrent:
            raise refuse("concurrent", None)
        for window in (minute, day, whole_app):
            window.calls += 1

    def _keep_day(self, key: tuple[str, str]) -> None:
        with self._store.writing() as connection:
            day = self._days.get(key)
            if day is not None:
                connection.execute(
                    "INSERT OR REPLACE INTO day_counts VALUES (?, ?, ?, ?)",
                    (*key, day.number, day.calls),
                )

    def _window(self, key: tuple[str, str]) -> _Window:
        number = self._number(key[1], self.allowance.window_seconds)
        return _current(self._minutes, key, number)

    def _app_window(self, app: str) -> _Window:
        return _current(self._app_minutes, app, self._number("", 60))

    def _day(self, key: tuple[str, str]) -> _Window:
        return _current(self._days, key, self._number(key[1], _DAY_SECONDS))

    def _number(self, tenant_id: str, length: int) -> int:
        return (self._clock.now_ms() + _shift(tenant_id, length)) // (length * 1000)

    def _left(self, tenant_id: str, length: int) -> int:
        gone = (self._clock.now_ms() + _shift(tenant_id, length)) % (length * 1000)
        return max(1, -((gone - length * 1000) // 1000))


def _shift(tenant_id: str, length: int) -> int:
    return zlib.crc32(tenant_id.encode()) % (length * 1000)


def _current(windows: dict[Key, _Window], key: Key, number: int) -> _Window:
    found = windows.get(key)
    if found is None or found.number != number:
        found = windows[key] = _Window(number, 0)
    return found


def refuse(problem: str, retry_after: int | None) -> Refusal:
    """Make the 429 of a limit; a concurrency breach carries no Retry-After."""
    headers = {"X-Rate-Limit-Problem": problem}
    if retry_after is not None:
        headers["Retry-After"] = str(retry_after)
    return Refusal(
        429,
        f"You have exceeded the {problem} rate limit",
        headers,
        content_type="text/plain; charset=utf-8",
    )
