"""How fast a month goes out: ``make bench`` (ARGS="500" for another number of invoices).

One copy with its real processes, the sandbox without any added delay, on this machine: what is
measured is Workbench itself, not Xero and not the network.
"""

import csv
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MAPPING = ROOT / "tests" / "data" / "ap-spend.mapping.toml"
HEADINGS = (
    "Supplier ID",
    "Supplier(Beneficiary) Name",
    "Invoice Number",
    "Internal Ref Number",
    "Date",
    "Net Amount",
    "Procurement Classification: Council's Procurement Category Name",
    "Expense Area",
    "Expense Code",
    "Purpose of Spend (Summary)",
)
AREAS = 30
SUPPLIERS = 400


def generate(file: Path, invoices: int) -> None:
    """Write invoices of one to four lines, the same ones at every call."""
    chance = random.Random(1)
    with file.open("w", newline="", encoding="utf-8") as opened:
        rows = csv.writer(opened)
        rows.writerow(HEADINGS)
        reference = 0
        for number in range(invoices):
            supplier = chance.randrange(SUPPLIERS)
            day = date(2022, 7, 1) + timedelta(days=chance.randrange(31))
            for _ in range(chance.randint(1, 4)):
                reference += 1
                rows.writerow(
                    (
                        f"S{supplier:05d}",
                        f"Supplier {supplier}",
                        f"INV-{number}",
                        reference,
                        day.isoformat(),
                        f"{chance.randrange(1000, 500000) / 100:.2f}",
                        f"Category {chance.randrange(40)}",
                        f"Area {chance.randrange(AREAS)}",
                        f"{90000 + chance.randrange(300)}",
                        "Generated",
                    )
                )


def main() -> None:
    """Measure, and print what was measured."""
    invoices = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    with tempfile.TemporaryDirectory(prefix="workbench-bench-") as folder:
        file = Path(folder) / "month.csv"
        generate(file, invoices)
        environment = {**os.environ, "INSTANCE_PATH": f"{folder}/instance"}

        def command(*arguments: str) -> tuple[dict, float]:
            began = time.perf_counter()
            done = subprocess.run(
                [sys.executable, "-m", "webapp", *arguments, "--json"],
                cwd=ROOT,
                env=environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                check=True,
            )
            return json.loads(done.stdout), time.perf_counter() - began

        copy = subprocess.Popen(
            [sys.executable, "-m", "webapp", "run"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            for line in copy.stdout:
                if "Ctrl-C ends everything" in line:
                    break
            command("sandbox", "seed", "--from", str(file), "--mapping", str(MAPPING))
            command("sandbox", "connect", "--fin-co", "01")
            command("import", "--fin-co", "01", "--wait")
            loaded, loading = command(
                *("load", "ap-invoices", str(file), "--fin-co", "01", "--mapping", str(MAPPING))
            )
            command("batches", "close", "--all", "--fin-co", "01")
            sent, sending = command("batches", "export", "--all", "--fin-co", "01", "--wait")
        finally:
            copy.terminate()
            copy.wait()
    documents = sent["counts"]["sent"]
    sys.stdout.write(
        f"load    {loaded['documents']:>6} documents {loaded['lines']:>6} lines {loading:6.1f} s\n"
        f"export  {documents:>6} documents {sent['requests']:>6} calls {sending:6.1f} s\n"
        f"{documents / sending:.0f} documents a second, start-up and waiting included\n"
    )


if __name__ == "__main__":
    main()
