import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from flask import Flask
from redis import Redis
from rq import Queue

from jobs.queue import QueueName

ROOT = Path(__file__).resolve().parents[3]


class Process:
    def __init__(self, module: str, environment: dict[str, str], log: Path) -> None:
        self.log = log
        with log.open("ab") as out:
            self.popen = subprocess.Popen(
                [sys.executable, "-m", module],
                cwd=ROOT,
                env={"PATH": os.environ["PATH"], **environment},
                stdout=out,
                stderr=out,
            )

    def lines(self) -> list[dict]:
        return [json.loads(line) for line in self.log.read_text().splitlines()]

    def said(self, text: str) -> bool:
        return text in self.log.read_text()

    def children(self) -> list[psutil.Process]:
        return psutil.Process(self.popen.pid).children()


@pytest.fixture
def start(
    app: Flask, redis: Redis, environment: dict[str, str], tmp_path: Path
) -> Iterator[Callable[[str], Process]]:
    started: list[Process] = []

    def start(module: str) -> Process:
        started.append(Process(module, environment, tmp_path / f"{module}.log"))
        return started[-1]

    yield start
    for process in started:
        process.popen.kill()
        process.popen.wait()


def test_a_task_that_fails_is_logged_with_its_traceback_and_its_run(
    start, redis: Redis, wait_until
):
    worker = start("jobs.worker")
    Queue(QueueName.EXPORTS, connection=redis).enqueue("time.sleep", -4711)

    wait_until(lambda: worker.said("Traceback"), "the traceback", within=40)

    failed = next(line for line in worker.lines() if "Traceback" in line["event"])
    assert (failed["run"], failed["task"], failed["level"]) == (-4711, "sleep", "error")


def test_a_worker_sweeps_when_it_starts(start, wait_until):
    worker = start("jobs.worker")

    wait_until(lambda: worker.said("sweep_task"), "the sweep", within=40)


@pytest.mark.faults
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a child with its parent")
def test_a_killed_worker_takes_its_task_along(start, redis: Redis, wait_until):
    worker = start("jobs.worker")
    Queue(QueueName.EXPORTS, connection=redis).enqueue("time.sleep", 300, job_id="long-one")
    wait_until(lambda: worker.said("long-one") and worker.children(), "the task", within=40)
    wait_until(lambda: redis.hget("rq:job:long-one", "status") == b"started", "its start")
    (horse,) = worker.children()

    worker.popen.send_signal(signal.SIGKILL)
    worker.popen.wait()

    wait_until(lambda: not horse.is_running() or horse.status() == "zombie", "the task's end")


def test_scheduler_and_worker_together_sweep_again_and_again(
    start, environment: dict[str, str], wait_until
):
    environment["SWEEP_SECONDS"] = "1"
    worker = start("jobs.worker")
    start("jobs.scheduler")

    wait_until(
        lambda: worker.log.read_text().count("Successfully completed sweep job") > 1,
        "a second sweep",
        within=40,
    )
