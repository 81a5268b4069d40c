"""A whole copy of Workbench to be measured: its processes, its database, its sandbox."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import psutil
import requests
import sqlalchemy as sa
from flask import Flask
from redis import Redis

from tests.browser.running_copy import ROOT, Copy
from webapp.config import Config
from webapp.db import db
from webapp.factory import create_app

NO_LIMIT = {"minute": 10_000, "day": 1_000_000, "concurrent": 64}
PATIENCE = 900
WATCH_EVERY = 0.05


@dataclass
class Workbench:
    """A running copy, and the application on the same database for whoever looks into it."""

    copy: Copy
    app: Flask
    redis: Redis

    def command(self, *arguments: str) -> dict[str, Any]:
        """Run a command of the copy; give the object it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "webapp", *arguments, "--json"],
            cwd=ROOT,
            env=self.copy.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise SystemExit(f"{' '.join(arguments)}: {done.stderr}{done.stdout}")
        return json.loads(done.stdout)

    def sandbox(self, method: str, path: str, body: Any = None) -> Any:
        """Call the sandbox's control endpoint."""
        answer = requests.request(
            method, f"{self.copy.sandbox}/_sandbox/{path}", json=body, timeout=PATIENCE
        )
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def rows(self, sql: str, **values: Any) -> list[Any]:
        """Ask the database."""
        with self.app.app_context(), db.engine.connect() as connection:
            return list(connection.execute(sa.text(sql), values))


@contextmanager
def running(folder: Path, **settings: str) -> Iterator[Workbench]:
    """Start a copy on a folder of its own, its sandbox without limits; end it afterwards."""
    copy = Copy(folder, IMPORT_INTERVAL_MINUTES="1440", **settings)
    copy.start()
    try:
        config = Config.from_env(copy.environment)
        redis = Redis.from_url(config.redis_url)
        workbench = Workbench(copy, create_app(config), redis)
        workbench.sandbox("PUT", "limits", NO_LIMIT)
        yield workbench
        with workbench.app.app_context():
            db.engine.dispose()
        redis.close()
    finally:
        copy.end()


class Worker(threading.Thread):
    """Watches the worker at its task: the most memory its process ever held (Linux only).

    Sixty calls a minute would have the measured import wait most of the time. While watching,
    the gate is made to forget the calls it let through; everything else of it stays as it is.
    """

    def __init__(self, workbench: Workbench) -> None:
        super().__init__(daemon=True)
        self.peak_bytes = 0
        self._workbench = workbench
        self._ended = threading.Event()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self.join()

    def run(self) -> None:
        """Look again and again until told to end."""
        worker = psutil.Process(self._workbench.copy.pid("worker"))
        rounds = 0
        tasks: list[psutil.Process] = []
        while not self._ended.wait(WATCH_EVERY):
            for key in self._workbench.redis.scan_iter("xero:calls*"):
                self._workbench.redis.delete(key)
            if rounds % 5 == 0:
                tasks = worker.children()
            rounds += 1
            self.peak_bytes = max([self.peak_bytes, *map(_peak, tasks)])


def _peak(process: psutil.Process) -> int:
    try:
        status = Path(f"/proc/{process.pid}/status").read_text()
    except OSError:
        return 0
    found = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(found[0]) * 1024 if found else 0


def wait_for(finished: Any, what: str) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + PATIENCE
    while not finished():
        if time.monotonic() > deadline:
            raise SystemExit(f"never happened: {what}")
        time.sleep(0.1)
