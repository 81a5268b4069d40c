"""A whole copy of Workbench, run for a test as a person runs it, and what one does beside it."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import requests

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "tests" / "data"
SMALL_MONTH = DATA / "small-month.csv"
MAPPING = DATA / "ap-spend.mapping.toml"
READY = "Ctrl-C ends everything"
LONG = 90


class Copy:
    """One ``python -m webapp run`` on a folder of its own, with nothing else in its environment."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.instance = folder / "instance"
        self._output = folder / "output"
        self.environment = {
            "PATH": os.environ["PATH"],
            "INSTANCE_PATH": str(self.instance),
            **settings,
        }

    def start(self) -> None:
        with self._output.open("wb") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "webapp", "run"],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
        poll(lambda: READY in self.said() or self._process.poll() is not None, "the copy's start")
        assert self._process.poll() is None, self.said()
        self.address = self.run_file()["web"]
        self.sandbox = self.run_file()["sandbox"]
        self.passwords = dict(
            re.findall(r"^  (\w+) +(\S+) +(?:Administrator|Finance)$", self.said(), re.MULTILINE)
        )

    def end(self) -> None:
        """Press Ctrl-C, and see that nothing is left running."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
        code = self._process.wait(timeout=LONG)
        left = self._left()
        for process in left:
            process.kill()
        assert code == 0, self.said()
        assert not left, f"still running: {left}"

    def said(self) -> str:
        return self._output.read_text()

    def run_file(self) -> dict[str, Any]:
        return json.loads((self.instance / "run.json").read_text())

    def pid(self, name: str) -> int | None:
        return self.run_file()["processes"].get(name)

    def command(self, *arguments: str | Path, status: int = 0, **more: Any) -> str:
        """Run ``python -m webapp`` beside the copy; give what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "webapp", *map(str, arguments)],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=LONG,
            check=False,
            **more,
        )
        assert done.returncode == status, done.stdout + done.stderr
        return done.stdout

    def seed(self, file: Path = SMALL_MONTH) -> None:
        """Have the first organisation hold what the file's invoices need."""
        self.command("sandbox", "seed", "--from", file, "--mapping", MAPPING)

    def load(self, file: Path = SMALL_MONTH) -> dict[str, Any]:
        """Load a file's invoices into FinCo 01."""
        return json.loads(
            self.command(
                "load", "ap-invoices", file, "--fin-co", "01", "--mapping", MAPPING, "--json"
            )
        )

    def connect_and_import(self, fin_co: str = "01") -> None:
        self.command("sandbox", "connect", "--fin-co", fin_co)
        self.command("import", "--fin-co", fin_co, "--wait")

    def close_all(self, fin_co: str = "01") -> None:
        self.command("batches", "close", "--all", "--fin-co", fin_co)

    def control(self, method: str, path: str, body: Any = None) -> Any:
        answer = requests.request(method, f"{self.sandbox}/_sandbox/{path}", json=body, timeout=30)
        assert answer.ok, answer.text
        return answer.json() if answer.content else None

    def slow(self, path: str, **members: Any) -> None:
        self.control("PUT", "faults", [{"kind": "slow", "path": path, **members}])

    def no_faults(self) -> None:
        self.control("DELETE", "faults")

    def change_organisation(self, **change: Any) -> None:
        tenant = self.control("GET", "state")["organisations"][0]["tenant_id"]
        self.control("PATCH", f"organisations/{tenant}", change)

    def in_xero(self, organisation: int = 0) -> dict[tuple[str, str], tuple[int, str]]:
        """Count and net sum of the documents of each type and status in an organisation."""
        held = self.control("GET", "state")["organisations"][organisation]["documents"]
        return {(row["type"], row["status"]): (row["count"], row["sub_total"]) for row in held}

    def forget_calls(self) -> None:
        self.control("DELETE", "requests")

    def documents_sent(self) -> int:
        """How many documents came to the sandbox in writing calls since they were forgotten."""
        calls = self.control("GET", "requests")["requests"]
        return sum(call["documents"] for call in calls if call["method"] in {"PUT", "POST"})

    def _left(self) -> list[psutil.Process]:
        return [one for one in psutil.process_iter() if _runs_for(one, str(self.instance))]


def _runs_for(process: psutil.Process, instance: str) -> bool:
    try:
        return (
            process.status() != psutil.STATUS_ZOMBIE
            and process.environ().get("INSTANCE_PATH") == instance
        )
    except psutil.Error:
        return False


def poll(condition: Callable[[], object], what: str) -> None:
    """Wait for what no event tells; fail after a long while."""
    deadline = time.monotonic() + LONG
    while not condition():
        assert time.monotonic() < deadline, f"never happened: {what}"
        time.sleep(0.05)
