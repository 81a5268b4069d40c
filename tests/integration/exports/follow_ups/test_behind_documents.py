"""Files stand behind documents in the worker's queues, and are found again if they are lost."""

import pytest
from redis import Redis
from rq import Queue

from jobs.queue import QueueName, enqueue_follow_ups
from jobs.tasks import export_task, follow_ups_task, sweep_task
from webapp.db import utc_now
from webapp.services.exports.follow_ups import run
from webapp.services.exports.follow_ups.run import due_follow_ups


@pytest.fixture
def redis(office) -> Redis:
    return office.deps.redis


def waiting(redis: Redis, name: QueueName) -> list[str]:
    return Queue(name, connection=redis).job_ids


def test_a_worker_looks_for_files_only_after_everything_else():
    assert list(QueueName)[-1] is QueueName.FOLLOW_UPS


def test_when_the_documents_are_in_xero_their_files_are_queued(office, redis):
    office.tick(ap=True)
    (run_id,) = office.books.plan(office.batch("docket.pdf")).run_ids

    export_task(run_id)

    (queue_id,) = due_follow_ups(utc_now())
    assert waiting(redis, QueueName.FOLLOW_UPS) == [f"follow-ups-{queue_id}"]
    assert office.uploads() == []
    follow_ups_task(queue_id)
    assert office.states() == ["sent"]


def test_files_that_redis_forgot_are_found_by_the_sweep(office, redis):
    office.tick(ap=True)
    (run_id,) = office.books.plan(office.batch("docket.pdf")).run_ids
    export_task(run_id)
    redis.flushdb()

    sweep_task()

    assert len(waiting(redis, QueueName.FOLLOW_UPS)) == 1


def test_the_sweep_leaves_files_alone_while_documents_wait(office, redis):
    office.tick(ap=True)
    (run_id,) = office.books.plan(office.batch("docket.pdf")).run_ids
    export_task(run_id)
    redis.flushdb()
    office.books.plan(office.books.batch("5.00"))

    sweep_task()

    assert waiting(redis, QueueName.FOLLOW_UPS) == []
    assert len(waiting(redis, QueueName.EXPORTS)) == 1


def test_after_a_few_seconds_a_worker_is_free_for_documents_and_the_rest_is_queued_anew(
    office, redis, monkeypatch
):
    office.tick(ap=True)
    monkeypatch.setattr(run, "SLICE", run.SLICE * 0)
    (run_id,) = office.books.plan(office.batch("a.pdf", "b.pdf")).run_ids
    export_task(run_id)
    (queue_id,) = due_follow_ups(utc_now())

    follow_ups_task(queue_id)

    assert office.states() == ["pending", "pending"]
    assert len(waiting(redis, QueueName.UPKEEP)) == 1


def test_asking_twice_queues_the_files_of_an_organisation_once(office, redis):
    enqueue_follow_ups(3)
    enqueue_follow_ups(3)

    assert waiting(redis, QueueName.FOLLOW_UPS) == ["follow-ups-3"]


def test_files_leave_calls_of_the_day_over_for_documents(office, monkeypatch):
    office.tick(ap=True)
    monkeypatch.setattr(run, "KEPT_FOR_DOCUMENTS", 10_000_000)
    (run_id,) = office.books.plan(office.batch("a.pdf", "b.pdf")).run_ids
    office.books.work(run_id)

    office.work()

    assert office.states() == ["sent", "pending"]
    assert "kept for documents" in office.queue().pause_reason


def test_files_leave_calls_of_the_minute_over_and_keep_no_worker_waiting(office, monkeypatch):
    office.tick(ap=True)
    monkeypatch.setattr(run, "KEPT_OF_THE_MINUTE", 60)
    (run_id,) = office.books.plan(office.batch("a.pdf")).run_ids
    office.books.work(run_id)

    office.work()

    assert office.uploads() == []
    assert office.states() == ["pending"]
    wait = office.queue().resume_at - utc_now()
    assert wait <= run.MINUTE_PAUSE
    monkeypatch.setattr(run, "KEPT_OF_THE_MINUTE", 5)
    office.work(clock=lambda: utc_now() + run.MINUTE_PAUSE)
    assert office.states() == ["sent"]
