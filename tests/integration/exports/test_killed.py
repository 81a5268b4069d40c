"""A worker that dies at any moment leaves nothing missing and nothing twice."""

import datetime as dt
import random
import time
from collections.abc import Callable

import pytest

from tests.integration.workers import Workers
from webapp.db import db, utc_now
from webapp.deps import current_deps
from webapp.domain.runs import RunState
from webapp.queries.run_summary import export_summary
from webapp.services.exports import due_exports

KILLS = 10
LEASE_SECONDS = 1


@pytest.fixture
def workers(books):
    made = Workers("export", lease_seconds=LEASE_SECONDS)
    yield made
    made.stop()


@pytest.mark.faults
def test_R112_killed_at_random_moments_the_run_still_ends_with_each_document_once(
    books, sandbox, workers
):
    moments = random.Random(2026)
    batches = [books.batch(*["10.00"] * 40) for _ in range(10)]
    (run_id,) = books.plan(*batches).run_ids
    sandbox.fault("slow", seconds=0.4, method="PUT", path="/Invoices")

    for _ in range(KILLS):
        workers.carry_on(run_id, kill_after=moments.uniform(0.02, 0.6))
        if _rests(run_id):
            break
    sandbox.no_faults()
    # What the last one sent may have to be looked up in Xero once more, and not at once.
    for hours in range(1, 5):
        run = books.work(run_id, clock=_later(hours))

    assert run.finished
    assert run.counts["sent"] == 400
    (bills,) = sandbox.organisation()["documents"]
    assert (bills["count"], bills["sub_total"]) == (400, "4000.00")
    assert {books.status_of(batch) for batch in batches} == {"exported"}


def _rests(run_id: int) -> bool:
    """Wait until the next worker may take the run up; say whether none may for a while."""
    deadline = time.monotonic() + 60 * LEASE_SECONDS
    while time.monotonic() < deadline:
        db.session.remove()
        run = export_summary(run_id)
        if run.finished or run.state is RunState.WAITING:
            return True
        if run_id in due_exports(current_deps().clock()):
            return False
        time.sleep(0.05)
    raise AssertionError("the dead worker's lease never lapsed")


def _later(hours: int) -> Callable[[], dt.datetime]:
    return lambda: utc_now() + dt.timedelta(hours=hours)
