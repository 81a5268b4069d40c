import signal
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from redis import Redis
from rq import Queue

from jobs.queue import LONGEST_TASK_SECONDS, QueueName
from jobs.schedule import Periodic, periodic_tasks
from jobs.scheduler import PeriodicScheduler
from webapp.deps import current_deps

SWEEP = Periodic(
    name="sweep",
    target="jobs.tasks.sweep_task",
    queue=QueueName.UPKEEP,
    every_seconds=600,
    result_ttl=1200,
)
OTHER = replace(SWEEP, name="other")


@pytest.fixture
def upkeep(redis: Redis) -> Queue:
    return Queue(QueueName.UPKEEP, connection=redis)


@pytest.fixture
def signal_handlers() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def scheduled(redis: Redis) -> dict[str, float]:
    return {task.decode(): when for task, when in redis.zrange(KEY, 0, -1, withscores=True)}


KEY = PeriodicScheduler.scheduled_jobs_key


def test_a_missing_task_is_scheduled_for_at_once(redis: Redis, upkeep: Queue):
    PeriodicScheduler([SWEEP], redis).enqueue_jobs()

    assert upkeep.job_ids == [SWEEP.task_id]


def test_a_task_may_take_longer_than_the_default_of_the_queue(redis: Redis, upkeep: Queue):
    PeriodicScheduler([SWEEP], redis).enqueue_jobs()

    (job,) = upkeep.jobs
    assert job.timeout == LONGEST_TASK_SECONDS


def test_an_unchanged_task_keeps_its_time(redis: Redis):
    PeriodicScheduler([SWEEP], redis).enqueue_jobs()
    before = scheduled(redis)

    PeriodicScheduler([SWEEP], redis).enqueue_jobs()

    assert scheduled(redis) == before
    assert list(before) == [SWEEP.task_id]


def test_a_changed_task_replaces_the_one_it_was(redis: Redis):
    PeriodicScheduler([SWEEP], redis).enqueue_jobs()
    changed = replace(SWEEP, every_seconds=300)

    PeriodicScheduler([changed], redis).enqueue_jobs()

    assert list(scheduled(redis)) == [changed.task_id]


def test_a_task_no_longer_wanted_is_cancelled_and_its_record_goes(redis: Redis, upkeep: Queue):
    PeriodicScheduler([SWEEP, OTHER], redis).enqueue_jobs()

    PeriodicScheduler([SWEEP], redis).enqueue_jobs()

    assert list(scheduled(redis)) == [SWEEP.task_id]
    assert upkeep.job_ids == [SWEEP.task_id]
    assert not redis.exists(f"rq:job:{OTHER.task_id}")


def test_a_schedule_lost_with_the_memory_of_redis_comes_back(redis: Redis):
    scheduler = PeriodicScheduler([SWEEP], redis)
    scheduler.enqueue_jobs()
    redis.flushall()

    scheduler.enqueue_jobs()

    assert list(scheduled(redis)) == [SWEEP.task_id]


def test_a_busy_worker_finds_one_sweep_waiting_however_long_it_was_busy(
    redis: Redis, upkeep: Queue
):
    scheduler = PeriodicScheduler([SWEEP], redis)
    for _ in range(3):
        scheduler.enqueue_jobs()
        redis.zadd(KEY, {SWEEP.task_id: 0})

    assert upkeep.job_ids == [SWEEP.task_id]


def test_the_lock_of_a_killed_scheduler_is_waited_out(
    redis: Redis, upkeep: Queue, signal_handlers: None
):
    redis.set(PeriodicScheduler.scheduler_lock_key, "killed", ex=1)

    PeriodicScheduler([SWEEP], redis).run(burst=True)

    assert upkeep.job_ids == [SWEEP.task_id]


def test_the_sweep_follows_the_configuration(app: Flask):
    (sweep,) = (task for task in periodic_tasks(current_deps().config) if task.name == "sweep")

    assert (sweep.every_seconds, sweep.target) == (10, "jobs.tasks.sweep_task")


def test_R31_starting_the_scheduler_anew_replaces_what_an_older_version_scheduled(
    app: Flask, redis: Redis
):
    PeriodicScheduler([OTHER], redis).enqueue_jobs()
    wanted = periodic_tasks(current_deps().config)

    PeriodicScheduler(wanted, redis).enqueue_jobs()

    assert set(scheduled(redis)) == {task.task_id for task in wanted}
    targets = {task.target.rpartition(".")[2]: task.every_seconds for task in wanted}
    assert targets == {
        "sweep_task": 10,
        "scheduled_imports_task": 60,
        "outages_task": 60,
        "clear_loads_task": 3600,
        "check_connections_task": 24 * 3600,
        "keep_tokens_alive_task": 24 * 3600,
    }
