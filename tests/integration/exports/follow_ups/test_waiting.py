"""What keeps files waiting: documents, limits, permissions, outages, other organisations."""

import datetime as dt

from webapp.db import db, transaction, utc_now
from webapp.models import ExportRun
from webapp.services import connections
from webapp.services.exports.follow_ups.run import due_follow_ups


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
