"""Processes that carry work on, one after the other, each killed whenever a test wants it.

``python -m tests.integration.workers import`` is the parent of them all. It has loaded everything
and opened nothing, so that a process that it forks is at work at once.
"""

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from webapp.config import Config
from webapp.db import utc_now
from webapp.deps import Deps, current_deps
from webapp.factory import create_app
from webapp.services.exports import run_export
from webapp.services.exports.follow_ups.run import run_follow_ups
from webapp.services.imports import run_import

ROOT = Path(__file__).resolve().parents[2]


class Workers:
    """The parent, and the one process at a time that it forks."""

    def __init__(self, work: str, *, lease_seconds: int) -> None:
        self._parent = subprocess.Popen(
            [sys.executable, "-m", "tests.integration.workers", work, str(lease_seconds)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self._say(json.dumps(asdict(current_deps().config)))
        assert self._parent.stdout.readline() == "ready\n"

    def carry_on(self, run_id: int, kill_after: float | None = None) -> bool:
        """Let a process work on a run, at most so many seconds; say whether it was killed."""
        self._say(str(run_id))
        pid = int(self._parent.stdout.readline())
        if kill_after is not None:
            ended, _, _ = select.select([self._parent.stdout], [], [], kill_after)
            if not ended:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        status = int(self._parent.stdout.readline().split()[1])
        assert status in {0, signal.SIGKILL}
        return status == signal.SIGKILL

    def stop(self) -> None:
        """End the parent; its last process has ended."""
        self._parent.stdin.close()
        self._parent.wait()
        self._parent.stdout.close()

    def _say(self, line: str) -> None:
        self._parent.stdin.write(f"{line}\n")
        self._parent.stdin.flush()


def _import(deps: Deps, run_id: int, owner: str, lease_seconds: int) -> None:
    run_import(
        deps.xero, deps.progress, run_id=run_id, owner=owner, clock=utc_now,
        lease_seconds=lease_seconds,
    )  # fmt: skip


def _export(deps: Deps, run_id: int, owner: str, lease_seconds: int) -> None:
    run_export(
        deps.xero, deps.progress, run_id=run_id, owner=owner, clock=utc_now,
        lease_seconds=lease_seconds,
    )  # fmt: skip


def _follow_ups(deps: Deps, queue_id: int, owner: str, lease_seconds: int) -> None:
    run_follow_ups(
        deps.xero, queue_id=queue_id, owner=owner, clock=utc_now, lease_seconds=lease_seconds,
        public_url="http://localhost:5000",
    )  # fmt: skip


WORKS: Mapping[str, Callable[[Deps, int, str, int], None]] = {
    "import": _import,
    "export": _export,
    "follow-ups": _follow_ups,
}


def main(work: str, lease_seconds: int) -> None:
    said = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # what is logged goes elsewhere
    told = json.loads(sys.stdin.readline())
    lists = {name: tuple(value) for name, value in told.items() if isinstance(value, list)}
    app = create_app(Config(**{**told, **lists}))
    print("ready", file=said)
    while line := sys.stdin.readline():
        child = os.fork()
        if not child:
            with app.app_context():
                print(os.getpid(), file=said)
                WORKS[work](current_deps(), int(line), f"worker {os.getpid()}", lease_seconds)
            os._exit(0)
        print("ended", os.waitpid(child, 0)[1], file=said)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
