"""What keeps files waiting: documents, limits, permissions, outages, other organisations."""

import datetime as dt
from dataclasses import replace

import pytest

from webapp.db import db, transaction, utc_now
from webapp.domain.runs import ItemState
from webapp.models import ExportItem, ExportRun
from webapp.services import connections
from webapp.services.exports import Asked, pause_run, resume_run
from webapp.services.exports.follow_ups.run import due_follow_ups, run_follow_ups


def later(minutes: int):
    return lambda: utc_now() + dt.timedelta(minutes=minutes)


def test_documents_come_first_whatever_files_wait(office, sandbox):
    office.tick(ap=True)
    (run_id,) = office.books.plan(office.batch("docket.pdf")).run_ids
    office.books.work(run_id)
    (waiting,) = office.books.plan(office.books.batch("5.00")).run_ids

    assert due_follow_ups(utc_now()) == []
    office.work()
    assert office.states() == ["pending"]

    office.books.work(waiting)
    office.work()
    assert office.states() == ["sent"]


def test_a_run_that_a_person_stopped_keeps_no_files_back(office):
    office.tick(ap=True)
    (run_id,) = office.books.plan(office.batch("docket.pdf")).run_ids
    office.books.work(run_id)
    (stopped,) = office.books.plan(office.books.batch("5.00")).run_ids
    with transaction():
        db.session.get(ExportRun, stopped).paused_at = utc_now()

    office.work()

    assert office.states() == ["sent"]


@pytest.fixture
def half_sent(office, sandbox):
    """A run of two documents: one is in Xero and has a file and a note to follow, one waits."""
    office.tick(ap=True, notes=True)
    (run_id,) = office.books.plan(office.batch("docket.pdf")).run_ids
    office.books.work(run_id)
    (item,) = office.books.items(run_id)
    with transaction():
        db.session.get_one(ExportRun, run_id).finished_at = None
        db.session.add(
            ExportItem(
                run_id=run_id,
                batch_id=item.batch_id,
                document_id=item.document_id,
                part=2,
                total=item.total,
                state=ItemState.PENDING,
                problems=[],
            )
        )
    sandbox.control("DELETE", "requests")
    return run_id


def finish(run_id):
    with transaction():
        db.session.get_one(ExportRun, run_id).finished_at = utc_now()


def who():
    return Asked(user_id=None, source="test", now=utc_now())


def test_files_and_notes_of_a_paused_run_wait_until_it_is_resumed(office, sandbox, half_sent):
    pause_run(half_sent, who(), office.deps.progress)

    assert due_follow_ups(utc_now()) == []
    run_queue(office)
    assert office.states() == ["pending", "pending"]
    assert sandbox.calls() == []

    resume_run(half_sent, who(), office.deps.progress, after_commit=lambda _: None)
    finish(half_sent)
    office.work()
    assert office.states() == ["sent", "sent"]


def run_queue(office):
    """Even a worker that was given the queue before sends nothing."""
    run_follow_ups(
        office.deps.xero,
        queue_id=office.queue().id,
        owner="worker",
        clock=utc_now,
        lease_seconds=20,
        public_url="http://localhost:5000",
    )


def test_a_pause_between_two_files_holds_the_second(office, sandbox):
    office.tick(ap=True)
    (run_id,) = office.books.plan(office.batch("a.pdf", "b.pdf")).run_ids
    office.books.work(run_id)
    passed = []

    def pause():
        if not passed:
            passed.append(1)
            with transaction():
                run = db.session.get_one(ExportRun, run_id)
                run.finished_at, run.paused_at = None, utc_now()

    run_queue(replace(office, deps=office.books.with_gate(pause).deps))

    assert office.states() == ["sent", "pending"]
    assert len(office.uploads()) == 1


def test_files_of_another_run_go_while_one_is_paused(office, half_sent):
    pause_run(half_sent, who(), office.deps.progress)
    (other,) = office.books.plan(office.batch("other.pdf")).run_ids
    office.books.work(other)

    office.work()

    assert [row.state.value for row in office.rows() if row.run_id == other] == ["sent", "sent"]
    assert office.queue().finished_at is None
    assert due_follow_ups(utc_now()) == []


def test_files_of_a_run_that_ended_while_it_was_paused_are_not_held_for_ever(office, half_sent):
    pause_run(half_sent, who(), office.deps.progress)
    finish(half_sent)

    office.work()

    assert office.states() == ["sent", "sent"]


def test_a_day_limit_puts_files_off_and_documents_are_left_alone(office, sandbox):
    office.tick(ap=True)
    batch_id = office.batch("a.pdf", "b.pdf")
    (run_id,) = office.books.plan(batch_id).run_ids
    office.books.work(run_id)
    sandbox.fault("429_day", times=1, method="PUT", seconds=4000)

    office.work()

    queue = office.queue()
    assert office.states() == ["pending", "pending"]
    resume_at = queue.resume_at
    assert dt.timedelta(minutes=60) < resume_at - utc_now() < dt.timedelta(minutes=70)
    assert "in a day" in queue.pause_reason
    assert due_follow_ups(utc_now()) == []
    assert office.books.status_of(batch_id) == "exported"
    office.deps.redis.flushdb()
    office.work(clock=lambda: resume_at)
    assert office.states() == ["sent", "sent"]


def test_C4_2_without_permission_for_files_they_wait_no_call_is_made_and_documents_go(
    office, sandbox
):
    office.tick(ap=True, notes=True)
    token = office.connection().token
    token.scope = token.scope.replace("accounting.attachments", "").strip()
    db.session.commit()

    run_id = office.export(office.batch("docket.pdf"))

    assert office.books.items(run_id)[0].state.value == "sent"
    assert office.states() == ["pending", "sent"]
    assert office.uploads() == []
    queue = office.queue()
    assert queue.waits_for_person
    assert "permission for files" in queue.pause_reason
    assert "Ask for permission" in queue.pause_reason

    token = office.connection().token
    token.scope = f"{token.scope} accounting.attachments"
    db.session.commit()
    office.work(clock=later(2))
    assert office.states() == ["sent", "sent"]


def test_files_never_go_to_another_organisation_than_the_one_that_has_the_document(
    office, sandbox, house, connect
):
    office.tick(ap=True)
    (run_id,) = office.books.plan(office.batch("docket.pdf")).run_ids
    office.books.work(run_id)
    first = office.connection()
    tenant = first.tenant_id
    connections.disconnect(office.deps.xero, fin_co_id=house.fin_co_id, now=utc_now())
    connect(organisation=1)
    sandbox.control("DELETE", "requests")

    office.work()

    assert office.states() == ["pending"]
    assert sandbox.calls() == []
    assert "is not connected" in office.queue().pause_reason

    connections.disconnect(office.deps.xero, fin_co_id=house.fin_co_id, now=utc_now())
    connect(organisation=0)
    office.work(clock=later(2))
    assert office.states() == ["sent"]
    assert {call["tenant_id"] for call in office.uploads()} == {tenant}


def test_an_outage_makes_each_wait_longer_and_nothing_is_lost(office, sandbox):
    office.tick(ap=True)
    (run_id,) = office.books.plan(office.batch("docket.pdf")).run_ids
    office.books.work(run_id)
    with transaction():
        office.rows()[0].attempts = 1
    sandbox.fault("503_before", times=None, method="GET")

    waits = []
    for hour in range(1, 4):
        clock = later(60 * hour)
        office.work(clock=clock)
        waits.append(office.queue().resume_at - clock())

    assert waits == sorted(waits)
    assert office.states() == ["pending"]
    sandbox.no_faults()
    office.work(clock=later(60 * 9))
    assert office.states() == ["sent"]
