import datetime as dt
from dataclasses import replace

import pytest
from flask import Flask
from redis import Redis
from rq import Queue
from rq.job import Job, JobStatus

from jobs.queue import SETTLING_IN, QueueName, enqueue_export, enqueue_import
from webapp.deps import EXTENSION, current_deps

pytestmark = pytest.mark.usefixtures("redis")


@pytest.fixture
def exports(redis: Redis) -> Queue:
    return Queue(QueueName.EXPORTS, connection=redis)


def taken_by_a_worker(queue: Queue) -> Job:
    """Do to the first waiting task what a worker does before it runs it, and stop there."""
    job = Job.fetch(queue.pop_job_id(), connection=queue.connection)
    with queue.connection.pipeline() as pipeline:
        job.prepare_for_execution("a-worker", pipeline=pipeline)
        pipeline.execute()
    return job


def later(app: Flask, by: dt.timedelta) -> None:
    deps = current_deps()
    app.extensions[EXTENSION] = replace(deps, clock=lambda: dt.datetime.now(dt.UTC) + by)


def test_asking_twice_queues_a_run_once(exports: Queue):
    enqueue_export(7)
    enqueue_export(7)

    assert exports.job_ids == ["export-7"]


def test_each_kind_has_its_queue_and_its_own_ids(exports: Queue, redis: Redis):
    enqueue_export(7)
    enqueue_import(7)

    assert exports.job_ids == ["export-7"]
    assert Queue(QueueName.IMPORTS, connection=redis).job_ids == ["import-7"]


def test_a_run_whose_worker_was_killed_is_queued_again(app: Flask, exports: Queue):
    enqueue_export(7)
    assert taken_by_a_worker(exports).get_status() is JobStatus.STARTED
    later(app, SETTLING_IN)

    enqueue_export(7)

    assert exports.job_ids == ["export-7"]
    assert Job.fetch("export-7", connection=exports.connection).get_status() is JobStatus.QUEUED


def test_a_run_that_a_worker_just_took_is_left_to_it(exports: Queue):
    enqueue_export(7)
    taken_by_a_worker(exports)

    enqueue_export(7)

    assert exports.job_ids == []


def test_a_run_lost_between_queue_and_worker_is_queued_again(exports: Queue):
    enqueue_export(7)
    exports.pop_job_id()

    enqueue_export(7)

    assert exports.job_ids == ["export-7"]


def test_a_run_whose_task_failed_is_queued_again(exports: Queue):
    enqueue_export(7)
    job = taken_by_a_worker(exports)
    job.set_status(JobStatus.FAILED)
    exports.failed_job_registry.add(job, ttl=1000)

    enqueue_export(7)

    assert exports.job_ids == ["export-7"]
    assert exports.failed_job_registry.get_job_ids() == []


def test_a_redis_that_does_not_answer_fails_nobody(app: Flask):
    nobody_listens = Redis(host="127.0.0.1", port=1)
    app.extensions[EXTENSION] = replace(current_deps(), redis=nobody_listens)

    enqueue_export(7)
    nobody_listens.close()
