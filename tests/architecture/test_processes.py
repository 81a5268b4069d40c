import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from jobs.queue import QueueName
from jobs.schedule import Periodic, periodic_tasks
from webapp.config import Config

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = {
    "INSTANCE_PATH": "/nonexistent",
    "DATABASE_URL": "sqlite:///nowhere",
    "REDIS_URL": "redis://127.0.0.1:1",
    "PUBLIC_URL": "http://localhost:5000",
    "SECRET_KEY": "a secret key only these tests know about",
    "TOKEN_ENCRYPTION_KEYS": Fernet.generate_key().decode(),
    "XERO_CLIENT_ID": "id",
    "XERO_CLIENT_SECRET": "secret",
}


def procfile() -> dict[str, str]:
    lines = (ROOT / "Procfile").read_text(encoding="utf-8").splitlines()
    return dict(line.split(": ", 1) for line in lines if line)


def every_task() -> tuple[Periodic, ...]:
    return tuple(
        task
        for seconds in ("1", "10", "86400", "9999999")
        for task in periodic_tasks(Config.from_env({**ENVIRONMENT, "SWEEP_SECONDS": seconds}))
    )


def literal_targets() -> Iterator[str]:
    for path in (ROOT / "jobs").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield from re.findall(r"^jobs\.tasks\.\w+$", node.value)


def test_the_platform_starts_every_process_the_work_needs():
    assert sorted(procfile()) == ["release", "scheduler", "web", "worker"]


@pytest.mark.parametrize("name", ["worker", "scheduler"])
def test_each_background_process_of_the_platform_has_an_entry(name: str):
    module = procfile()[name].removeprefix("python -m ")

    assert callable(importlib.import_module(module).main)


def test_the_worker_listens_to_every_queue():
    source = (ROOT / "jobs" / "worker.py").read_text(encoding="utf-8")

    assert "RunWorker(list(QueueName)" in source


def test_no_queue_is_named_anywhere_else():
    names = []
    for folder in ("jobs", "webapp"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and ast.unparse(node.func) == "Queue":
                    names += [ast.unparse(node.args[0])]

    assert names
    assert [n for n in names if n != "queue_name" and not n.startswith("QueueName.")] == []


@pytest.mark.parametrize("target", sorted(set(literal_targets())))
def test_every_task_that_is_queued_by_name_exists(target: str):
    module, _, name = target.rpartition(".")

    assert callable(getattr(importlib.import_module(module), name))


@pytest.mark.parametrize("task", every_task(), ids=lambda task: f"{task.name}-{task.every_seconds}")
def test_every_periodic_task_can_be_imported_and_is_never_forgotten(task: Periodic):
    module, _, name = task.target.rpartition(".")

    assert callable(getattr(importlib.import_module(module), name))
    assert task.result_ttl >= 2 * task.every_seconds
    assert task.queue in QueueName
