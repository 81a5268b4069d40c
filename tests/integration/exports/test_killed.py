"""A worker that dies at any moment leaves nothing missing and nothing twice."""

import json
import random
import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path

import pytest

from webapp.db import db
from webapp.deps import current_deps
from webapp.queries.run_summary import export_summary
from webapp.services.exports import due_exports

ROOT = Path(__file__).resolve().parents[3]
KILLS = 10
LEASE_SECONDS = 1

WORKER = """
import json, sys
from webapp.config import Config
from webapp.db import utc_now
from webapp.deps import current_deps, lease_owner
from webapp.factory import create_app
from webapp.services.exports import run_export

config = Config(**{k: tuple(v) if isinstance(v, list) else v
                   for k, v in json.load(sys.stdin).items()})
with create_app(config).app_context():
    deps = current_deps()
    print("ready", flush=True)
    run_export(deps.xero, deps.progress, run_id=int(sys.argv[1]), owner=lease_owner(),
               clock=utc_now, lease_seconds=int(sys.argv[2]))
"""


def start_worker(run_id: int) -> subprocess.Popen:
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER, str(run_id), str(LEASE_SECONDS)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    worker.stdin.write(_config_as_json())
    worker.stdin.close()
    assert worker.stdout.readline() == "ready\n"
    return worker


def _config_as_json() -> str:
    return json.dumps(asdict(current_deps().config))


@pytest.mark.faults
def test_R112_killed_at_random_moments_the_run_still_ends_with_each_document_once(books, sandbox):
    moments = random.Random(2026)
    batches = [books.batch(*["10.00"] * 40) for _ in range(10)]
    (run_id,) = books.plan(*batches).run_ids
    sandbox.fault("slow", seconds=0.4, method="PUT", path="/Invoices")

    for _ in range(KILLS):
        worker = start_worker(run_id)
        try:
            worker.wait(moments.uniform(0.02, 0.6))
        except subprocess.TimeoutExpired:
            worker.kill()
        worker.wait()
        worker.stdout.close()
        # The dead worker's lease has to lapse before the next may take the run up.
        _until_due(run_id)
        if export_summary(run_id).finished:
            break
    sandbox.no_faults()
    run = books.work(run_id)

    assert run.finished
    assert run.counts["sent"] == 400
    (bills,) = sandbox.organisation()["documents"]
    assert (bills["count"], bills["sub_total"]) == (400, "4000.00")
    assert {books.status_of(batch) for batch in batches} == {"exported"}


def _until_due(run_id: int) -> None:
    deadline = time.monotonic() + 60 * LEASE_SECONDS
    while time.monotonic() < deadline:
        db.session.remove()
        if export_summary(run_id).finished or run_id in due_exports(current_deps().clock()):
            return
        time.sleep(0.05)
    raise AssertionError("the dead worker's lease never lapsed")
