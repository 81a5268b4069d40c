"""Lost answers, dead workers and many of them at once: a file or note is there once."""

import datetime as dt
import random
import threading
import time

import pytest
import sqlalchemy as sa

from tests.integration.workers import Workers
from webapp.db import db, transaction, utc_now
from webapp.domain.follow_ups import FollowUpState
from webapp.models import FollowUpQueue, XeroDocument
from webapp.services.exports.follow_ups.run import due_follow_ups, run_follow_ups

KILLS = 8
LEASE_SECONDS = 1


def later(minutes: int):
    return lambda: utc_now() + dt.timedelta(minutes=minutes)


def exported(office, *names: str) -> int:
    """A run whose document is in Xero and whose files are still to go."""
    (run_id,) = office.books.plan(office.batch(*names)).run_ids
    office.books.work(run_id)
    return run_id


@pytest.mark.parametrize("kind", ["500_after", "503_after", "drop_after"])
def test_R107_a_file_whose_answer_was_lost_is_looked_up_and_not_sent_again(office, sandbox, kind):
    office.tick(ap=True)
    exported(office, "docket.pdf")
    sandbox.fault(kind, times=1, method="PUT")
    office.work()
    assert office.states() == ["uncertain"]
    assert "looked up" in office.queue().pause_reason

    office.work(clock=later(1))

    assert office.states() == ["sent"]
    assert office.files() == [["docket.pdf"]]
    assert len(office.uploads()) == 1
    assert office.rows()[0].xero_attachment_id


@pytest.mark.parametrize("kind", ["500_before", "503_before", "drop_before"])
@pytest.mark.parametrize("minutes", [1, 30])
def test_R107_a_file_that_never_arrived_is_sent_again_after_a_look(office, sandbox, kind, minutes):
    office.tick(ap=True)
    exported(office, "docket.pdf")
    sandbox.fault(kind, times=1, method="PUT")
    office.work()

    office.work(clock=later(minutes))

    assert office.states() == ["sent"]
    assert office.files() == [["docket.pdf"]]
    keys = {call["idempotency_key"] for call in office.uploads()}
    assert len(keys) == (1 if minutes == 1 else 2)


def test_others_go_on_while_one_is_in_doubt(office, sandbox):
    office.tick(ap=True)
    exported(office, "a.pdf", "b.pdf", "c.pdf")
    sandbox.fault("drop_before", times=1, method="PUT")

    office.work()

    assert office.states() == ["uncertain", "sent", "sent"]


def test_R109_a_file_xero_fails_on_every_time_is_given_up_told_and_goes_again_on_demand(
    office, sandbox
):
    office.tick(ap=True)
    run_id = exported(office, "docket.pdf")
    sandbox.fault("500_before", times=None, method="PUT")
    for hour in range(6):
        office.work(clock=later(60 * hour))
    assert office.states() == ["failed"]
    (problem,) = office.problems()
    assert problem["code"] == "xero-failed"
    assert "4 times" in problem["message"]
    assert office.books.items(run_id)[0].state.value == "sent"
    sandbox.no_faults()

    office.again(run_id)
    office.work(clock=later(60 * 7))

    assert office.states() == ["sent"]
    assert office.files() == [["docket.pdf"]]


@pytest.mark.parametrize("arrived", [True, False])
def test_R107_a_worker_that_died_between_upload_and_record_leaves_the_file_there_once(
    office, arrived
):
    office.tick(ap=True)
    exported(office, "docket.pdf")
    if arrived:
        link = db.session.scalars(sa.select(XeroDocument)).one()
        client = office.deps.xero.client(office.connection())
        client.on("Invoices", link.xero_id).attach(
            "docket.pdf", b"%PDF-1.4 a delivery docket", "application/pdf", "of the dead"
        )
    with transaction():
        row = office.rows()[0]
        row.state, row.attempts = FollowUpState.SENDING, 1
        row.first_sent_at = row.sent_at = utc_now()
    uploads = len(office.uploads())

    office.work(clock=later(1))

    assert office.states() == ["sent"]
    assert office.files() == [["docket.pdf"]]
    assert len(office.uploads()) - uploads == (0 if arrived else 1)


def test_a_worker_whose_hold_lapsed_sends_nothing_more(office):
    office.tick(ap=True)
    exported(office, "docket.pdf")

    def another_takes_it() -> None:
        with db.engine.begin() as connection:
            connection.execute(sa.update(FollowUpQueue).values(lease_owner="another"))

    office.deps = office.books.with_gate(another_takes_it).deps
    office.work()

    assert office.uploads() == []


def test_many_workers_at_once_send_each_file_once(office, app):
    office.tick(ap=True, notes=True)
    exported(office, *[f"{number}.pdf" for number in range(5)])
    (queue_id,) = due_follow_ups(utc_now())
    start = threading.Barrier(4)
    deps = office.deps

    def worker(number: int) -> None:
        with app.app_context():
            start.wait()
            run_follow_ups(
                deps.xero,
                queue_id=queue_id,
                owner=f"worker {number}",
                clock=utc_now,
                lease_seconds=20,
                public_url="http://localhost:5000",
            )
            db.session.remove()

    workers = [threading.Thread(target=worker, args=(number,)) for number in range(4)]
    for thread in workers:
        thread.start()
    for thread in workers:
        thread.join()

    assert office.states() == ["sent"] * 6, office.queue().pause_reason
    assert len(office.uploads()) == 5
    assert [len(notes) for notes in office.notes()] == [1]


def test_runs_that_bring_the_first_files_at_once_share_one_queue(office, app):
    office.tick(ap=True)
    runs = [office.books.plan(office.batch(f"{number}.pdf")).run_ids[0] for number in range(3)]
    start = threading.Barrier(len(runs))

    def worker(run_id: int) -> None:
        with app.app_context():
            start.wait()
            office.books.work(run_id)
            db.session.remove()

    workers = [threading.Thread(target=worker, args=(run_id,)) for run_id in runs]
    for thread in workers:
        thread.start()
    for thread in workers:
        thread.join()
    office.work()

    assert office.queue().finished_at is not None
    assert office.states() == ["sent"] * 3
    assert sorted(office.files()) == [["0.pdf"], ["1.pdf"], ["2.pdf"]]


@pytest.fixture
def workers(office):
    made = Workers("follow-ups", lease_seconds=LEASE_SECONDS)
    yield made
    made.stop()


@pytest.mark.faults
def test_R107_killed_at_random_moments_each_file_and_note_is_there_once(office, sandbox, workers):
    moments = random.Random(2026)
    office.tick(ap=True, notes=True)
    batches = [office.batch("a.pdf", "b.pdf") for _ in range(4)]
    (run_id,) = office.books.plan(*batches).run_ids
    office.books.work(run_id)
    (queue_id,) = due_follow_ups(utc_now())
    sandbox.fault("slow", seconds=0.2, method="PUT", path="/Invoices")
    for _ in range(KILLS):
        workers.carry_on(queue_id, kill_after=moments.uniform(0.02, 0.6))
        until_free()
    sandbox.no_faults()

    for hour in range(4):
        office.work(clock=later(60 * hour))

    assert set(office.states()) == {"sent"}
    assert [sorted(files) for files in office.files()] == [["a.pdf", "b.pdf"]] * 4
    assert [len(notes) for notes in office.notes()] == [1] * 4


def until_free() -> None:
    """Wait until the dead worker's lease has lapsed."""
    deadline = time.monotonic() + 60 * LEASE_SECONDS
    while time.monotonic() < deadline:
        db.session.remove()
        until = db.session.scalar(sa.select(FollowUpQueue.lease_until))
        if until is None or until < utc_now():
            return
        time.sleep(0.05)
    raise AssertionError("the dead worker's lease never lapsed")
