"""Sandboxes that really run, for tests that speak to them as any client would."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from openapi_core import OpenAPI

from tests.contract import published as openapi
from tests.contract.sandbox_process import Api, SandboxProcess, line, messages


@pytest.fixture(name="line")
def _line() -> Callable[..., dict[str, Any]]:
    return line


@pytest.fixture(name="messages")
def _messages() -> Callable[[Any], list[str]]:
    return messages


@pytest.fixture(scope="session")
def sandbox_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxProcess]:
    """One process for each xdist worker; its limits are out of the way."""
    state = tmp_path_factory.mktemp("sandbox") / "state.db"
    process = SandboxProcess(
        state, ("--minute-limit", "100000", "--daily-limit", "1000000", "--concurrent-limit", "64")
    )
    process.start()
    yield process
    process.kill()


@pytest.fixture
def sandbox(sandbox_process: SandboxProcess) -> Iterator[SandboxProcess]:
    """The process with two new organisations and no faults."""
    sandbox_process.control("POST", "reset")
    yield sandbox_process
    sandbox_process.hang_up()


@pytest.fixture
def api(sandbox: SandboxProcess) -> Api:
    """A client of the New Zealand organisation."""
    return sandbox.connect()


@pytest.fixture
def start_sandbox(tmp_path: Path) -> Iterator[Callable[..., SandboxProcess]]:
    """Start processes of one's own, with options; they are ended afterwards."""
    started: list[SandboxProcess] = []

    def start(*options: str, state: Path | None = None, port: int = 0) -> SandboxProcess:
        process = SandboxProcess(state or tmp_path / "own" / "state.db", options)
        started.append(process)
        process.start(port)
        return process

    yield start
    for process in started:
        process.kill()


@pytest.fixture
def wait_until() -> Callable[[Callable[[], bool]], None]:
    """Poll a condition; fail after ten seconds."""

    def wait(condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 10
        while not condition():
            assert time.monotonic() < deadline, "the condition never came true"
            time.sleep(0.02)

    return wait


@pytest.fixture(scope="session")
def published() -> dict[str, Any]:
    """Xero's own description of its accounting API."""
    return openapi.read()


@pytest.fixture(scope="session")
def answers(published: dict[str, Any]) -> OpenAPI:
    """Judges answers by it."""
    return openapi.open_schemas(published)


@pytest.fixture(scope="session")
def closed(published: dict[str, Any]) -> OpenAPI:
    """Judges requests by it; nothing it does not name may be in them."""
    return openapi.closed_schemas(published)
