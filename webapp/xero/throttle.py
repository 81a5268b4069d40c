"""The gate every call passes: Xero's limits, shared by all processes (xero-api b.1).

No store, no send: where Redis cannot be reached, nobody knows what the others are sending.
"""

import random
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from decimal import ROUND_CEILING, Decimal, InvalidOperation
from http import HTTPStatus
from typing import Any, Literal, NamedTuple, Protocol

import structlog
from redis import Redis
from redis.exceptions import RedisError

from webapp.xero import _gate_scripts
from webapp.xero.errors import GateClosed, LimitReached

log = structlog.get_logger(__name__)

Problem = Literal["minute", "day", "concurrent", "app"]

PER_MINUTE = 60
AT_ONCE = 5
APP_PER_MINUTE = 10_000

WINDOW = timedelta(seconds=61)
"""Xero's minute and a second: calls that leave a minute apart may arrive closer together."""

LEASE = timedelta(seconds=15)
"""How long a place among the five stays taken by a process that died; the living renew theirs."""

_RENEW_EVERY = timedelta(seconds=5)
_POLL = timedelta(milliseconds=100)
_JITTER = timedelta(milliseconds=150)
_MINUTE = timedelta(seconds=60)
_UNSAID: dict[Problem, timedelta] = {
    "minute": _MINUTE,
    "app": _MINUTE,
    "concurrent": timedelta(milliseconds=250),
    "day": timedelta(hours=1),
}
"""How long a breached limit holds where Xero sends no Retry-After."""


class Gate(Protocol):
    """What the sender needs of a limiter."""

    def call(self, tenant_id: str) -> AbstractContextManager[None]:
        """Wait for a place and hold it."""

    def observe(self, tenant_id: str, headers: Mapping[str, str], status: int) -> None:
        """Learn from an answer."""


def limit_problem(header: str | None) -> Problem:
    """Read X-Rate-Limit-Problem, which is seen in several spellings; unknown means minute."""
    said = (header or "").strip().lower()
    known: dict[str, Problem] = {"da": "day", "conc": "concurrent", "app": "app"}
    return next((known[start] for start in known if said.startswith(start)), "minute")


def retry_after(header: str | None, problem: Problem) -> timedelta:
    """Read Retry-After in seconds, rounded up: waking early only earns another refusal."""
    try:
        seconds = Decimal((header or "").strip()).to_integral_value(ROUND_CEILING)
        return timedelta(seconds=int(seconds)) if seconds > 0 else _UNSAID[problem]
    except (InvalidOperation, OverflowError, ValueError):
        return _UNSAID[problem]


class _Ticket(NamedTuple):
    granted: bool
    now: int
    retry_at: int
    problem: str


class RedisGate:
    """Keeps all processes together under Xero's limits: per tenant 60 calls a minute, 5 at once.

    The day's limit is never assumed; it is learnt when Xero says that it is used up. `clock` gives
    aware UTC; without it the store's own clock counts, which all processes share.
    """

    def __init__(
        self,
        redis: Redis,
        *,
        clock: Callable[[], datetime] | None = None,
        sleep: Callable[[float], None] = time.sleep,
        max_wait: timedelta = timedelta(seconds=120),
        prefix: str = "xero",
    ) -> None:
        self._redis = redis
        self._clock = clock
        self._sleep = sleep
        self._max_wait = _ms(max_wait)
        self._prefix = prefix
        self._acquire = redis.register_script(_gate_scripts.ACQUIRE)
        self._renew = redis.register_script(_gate_scripts.RENEW)
        self._observe = redis.register_script(_gate_scripts.OBSERVE)
        self._show = redis.register_script(_gate_scripts.SHOW)

    @contextmanager
    def call(self, tenant_id: str) -> Iterator[None]:
        """Wait for a place under every limit, and hold it while the call runs.

        Raises:
            LimitReached: the day's limit is used up, or the wait would be longer than `max_wait`.
            GateClosed: the store cannot be reached; nothing may be sent.
        """
        lease = secrets.token_hex(8)
        self._wait(tenant_id, lease)
        done = threading.Event()
        threading.Thread(target=self._keep, args=(tenant_id, lease, done), daemon=True).start()
        try:
            yield
        finally:
            done.set()
            self._release(tenant_id, lease)

    def observe(self, tenant_id: str, headers: Mapping[str, str], status: int) -> None:
        """Learn what an answer says of the limits; a 429 holds every process back."""
        lower = {key.lower(): value for key, value in headers.items()}
        problem = limit_problem(lower.get("x-rate-limit-problem"))
        span = timedelta(0)
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            span = retry_after(lower.get("retry-after"), problem)
        held = self._key("hold") if problem == "app" else self._key("hold", tenant_id)
        try:
            self._observe(
                keys=[self._key("learnt", tenant_id), held],
                args=[
                    self._now(),
                    _count(lower.get("x-minlimit-remaining")),
                    _count(lower.get("x-daylimit-remaining")),
                    _ms(span),
                    problem,
                ],
            )
        except RedisError:
            # The answer is here and counts; the next call asks the store again before it leaves.
            log.warning("xero.limits_not_learnt", tenant_id=tenant_id)

    def day_remaining(self, tenant_id: str) -> int | None:
        """Tell how many calls of the day Xero last said are left; None while unknown."""
        left: int = self._shown(tenant_id)[4]
        return None if left < 0 else left

    def minute_remaining(self, tenant_id: str) -> int:
        """Tell how many calls may leave now, by our count and Xero's word of the last minute."""
        made, _, left, age, _ = self._shown(tenant_id)
        own: int = max(0, PER_MINUTE - made)
        learnt: int = left if left >= 0 and age < _ms(_MINUTE) else own
        return min(own, learnt)

    def calls_made(self, tenant_id: str) -> int:
        """Tell how many calls left today (UTC), by our own count."""
        made: int = self._shown(tenant_id)[1]
        return made

    def _wait(self, tenant_id: str, lease: str) -> None:
        ticket = self._ask(tenant_id, lease)
        deadline = ticket.now + self._max_wait
        while not ticket.granted:
            if ticket.problem == "day" or ticket.retry_at > deadline:
                raise LimitReached(
                    f"the {ticket.problem} limit is used up",
                    problem=ticket.problem,
                    retry_at=datetime.fromtimestamp(ticket.retry_at / 1000, UTC),
                )
            # Without jitter, all that wait would ask at the same instant.
            jitter = random.uniform(0, _JITTER.total_seconds())  # noqa: S311 - no secret
            self._sleep((ticket.retry_at - ticket.now) / 1000 + jitter)
            ticket = self._ask(tenant_id, lease)

    def _ask(self, tenant_id: str, lease: str) -> _Ticket:
        keys = [
            self._key("calls", tenant_id),
            self._key("slots", tenant_id),
            self._key("hold", tenant_id),
            self._key("calls"),
            self._key("hold"),
            self._key("made", tenant_id),
        ]
        limits = [_ms(WINDOW), PER_MINUTE, AT_ONCE, APP_PER_MINUTE, _ms(LEASE), _ms(_POLL)]
        try:
            granted, now, retry_at, problem = self._acquire(
                keys=keys, args=[self._now(), lease, *limits]
            )
        except RedisError as down:
            raise GateClosed("the shared limiter cannot be reached") from down
        word = problem.decode() if isinstance(problem, bytes) else str(problem)
        return _Ticket(bool(granted), int(now), int(retry_at), word)

    def _keep(self, tenant_id: str, lease: str, done: threading.Event) -> None:
        while not done.wait(_RENEW_EVERY.total_seconds()):
            try:
                self._renew(
                    keys=[self._key("slots", tenant_id)], args=[self._now(), lease, _ms(LEASE)]
                )
            except RedisError:
                log.warning("xero.lease_not_renewed", tenant_id=tenant_id)

    def _release(self, tenant_id: str, lease: str) -> None:
        try:
            self._redis.zrem(self._key("slots", tenant_id), lease)
        except RedisError:
            # The call itself is over and its outcome counts; the lease runs out by itself.
            log.warning("xero.lease_not_released", tenant_id=tenant_id)

    def _shown(self, tenant_id: str) -> Any:
        try:
            return self._show(
                keys=[
                    self._key("calls", tenant_id),
                    self._key("learnt", tenant_id),
                    self._key("made", tenant_id),
                ],
                args=[self._now(), _ms(WINDOW)],
            )
        except RedisError as down:
            raise GateClosed("the shared limiter cannot be reached") from down

    def _now(self) -> int:
        return -1 if self._clock is None else _ms(self._clock() - datetime.fromtimestamp(0, UTC))

    def _key(self, what: str, tenant_id: str = "") -> str:
        return f"{self._prefix}:{what}:{tenant_id}" if tenant_id else f"{self._prefix}:{what}"


def _ms(span: timedelta) -> int:
    return span // timedelta(milliseconds=1)


def _count(header: str | None) -> str:
    given = (header or "").strip()
    return given if given.isdecimal() else ""
