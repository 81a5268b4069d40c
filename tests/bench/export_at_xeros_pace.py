"""1,000 AP invoices where a call takes a second and 20 ms a document (ARGS="500" for fewer).

The time is the run's own: it starts with the press, before anything is planned, and ends when the
run is over, its last answer recorded. The floor is what the calls take where five of them are
always under way. A call takes what Xero takes, the sandbox's own work included. The official SDK,
one call a document, is timed on a few documents against another sandbox of the same pace.
"""

import sys
import tempfile
import time
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from tests.bench.export_month import MAPPING, generate
from tests.bench.workbench import NO_LIMIT, Workbench, running
from tests.contract.official_sdk import Sdk
from tests.contract.sandbox_process import SandboxProcess

LATENCY_MS = 1000
PER_DOCUMENT_MS = 20
AT_ONCE = 5
MOST_CALLS_IN_1000 = 22
MOST_TIMES_THE_FLOOR = Decimal("1.3")
LEAST_TIMES_THE_SDK = 30
SDK_DOCUMENTS = 30


def main() -> None:
    """Measure both in one run, and print what was measured."""
    invoices = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    with tempfile.TemporaryDirectory(prefix="workbench-bench-") as folder:
        pace = {
            "SANDBOX_LATENCY_MS": str(LATENCY_MS),
            "SANDBOX_LATENCY_PER_DOCUMENT_MS": str(PER_DOCUMENT_MS),
        }
        with running(Path(folder), **pace) as workbench:
            calls, documents, seconds = _exported(workbench, Path(folder), invoices)
        one_by_one = _official_sdk(Path(folder))
    floor = Decimal(calls * LATENCY_MS + documents * PER_DOCUMENT_MS) / 1000 / AT_ONCE
    times = one_by_one * documents / seconds
    sys.stdout.write(
        f"{documents} documents in {calls} calls (limit {MOST_CALLS_IN_1000} for 1,000)\n"
        f"{seconds:.1f} s from the press to the end of the run, floor {floor:.1f} s: "
        f"{seconds / floor:.2f} times (limit {MOST_TIMES_THE_FLOOR})\n"
        f"official SDK {one_by_one:.2f} s a document, measured on {SDK_DOCUMENTS}: "
        f"{times:.0f} times slower (at least {LEAST_TIMES_THE_SDK})\n"
    )


def _exported(workbench: Workbench, folder: Path, invoices: int) -> tuple[int, int, Decimal]:
    file = folder / "month.csv"
    generate(file, invoices)
    workbench.copy.command("sandbox", "seed", "--from", file, "--mapping", MAPPING)
    workbench.command("sandbox", "connect", "--fin-co", "01")
    workbench.command("import", "--fin-co", "01", "--wait")
    workbench.copy.load(file)
    workbench.command("batches", "close", "--all", "--fin-co", "01")
    # The import's calls count in the same minute.
    for key in workbench.redis.scan_iter("xero:calls*"):
        workbench.redis.delete(key)
    sent = workbench.command("batches", "export", "--all", "--fin-co", "01", "--wait")
    began, ended = workbench.rows("SELECT started_at, finished_at FROM export_runs")[0]
    took = datetime.fromisoformat(ended) - datetime.fromisoformat(began)
    return sent["requests"], sent["counts"]["sent"], Decimal(str(took.total_seconds()))


def _official_sdk(folder: Path) -> Decimal:
    """Seconds a document."""
    sandbox = SandboxProcess(
        folder / "sdk" / "state.db",
        (
            *("--latency-ms", str(LATENCY_MS)),
            *("--latency-per-document-ms", str(PER_DOCUMENT_MS)),
        ),
    )
    sandbox.start()
    try:
        sandbox.control("PUT", "limits", NO_LIMIT)
        sdk = Sdk(sandbox)
        sdk.make_bill(invoice_number="SDK")
        began = time.perf_counter()
        for number in range(SDK_DOCUMENTS):
            sdk.make_bill(invoice_number=f"SDK-{number}")
        took = time.perf_counter() - began
        sdk.client.rest_client.pool_manager.clear()
    finally:
        sandbox.kill()
    return Decimal(str(took)) / SDK_DOCUMENTS


if __name__ == "__main__":
    main()
