"""Queues, and putting runs on them. Only ids travel: rows are read again where they are used.

Nothing here is what keeps a run correct: the services hold leases. This only sees to it that a
run gets a worker soon, that asking twice does not queue it twice, and that what a killed worker
left behind never stands in the way.
"""

import datetime as dt
from enum import StrEnum

import structlog
from redis.exceptions import RedisError
from rq import Queue
from rq.exceptions import DuplicateJobError, InvalidJobOperation, NoSuchJobError
from rq.job import Job, JobStatus

from webapp.deps import Deps, current_deps

_log = structlog.get_logger(__name__)


class QueueName(StrEnum):
    """The queues, in the order in which a worker empties them."""

    UPKEEP = "upkeep"
    EXPORTS = "exports"
    LOADS = "loads"
    IMPORTS = "imports"
    FOLLOW_UPS = "follow-ups"
    """Files and notes, behind everything: nobody waits for them to see a document in Xero."""


LONGEST_TASK_SECONDS = 3600
"""A task still running then is stopped; the sweeper takes its run up where it stands."""
FAILURE_KEPT_SECONDS = 7 * 24 * 3600
SETTLING_IN = dt.timedelta(seconds=10)
"""A task that started this recently may not have taken its run's lease yet."""


def enqueue_export(run_id: int) -> None:
    """Give an export run to a worker. Meant for ``after_commit``; never raises for Redis."""
    _enqueue(QueueName.EXPORTS, "jobs.tasks.export_task", "export", run_id)


def enqueue_import(run_id: int) -> None:
    """Give an import run to a worker. Meant for ``after_commit``; never raises for Redis."""
    _enqueue(QueueName.IMPORTS, "jobs.tasks.import_task", "import", run_id)


def enqueue_load(run_id: int) -> None:
    """Give the load of a file to a worker. Meant for ``after_commit``; never raises for Redis."""
    _enqueue(QueueName.LOADS, "jobs.tasks.load_task", "load", run_id)


def enqueue_follow_ups(queue_id: int) -> None:
    """Give the files and notes that wait for one organisation to a worker.

    Meant for ``after_commit``; never raises for Redis.
    """
    _enqueue(QueueName.FOLLOW_UPS, "jobs.tasks.follow_ups_task", "follow-ups", queue_id)


def enqueue_sweep() -> None:
    """Have somebody look at once what is due; never raises for Redis, the schedule looks too."""
    try:
        queue = Queue(QueueName.UPKEEP, connection=current_deps().redis)
        queue.enqueue("jobs.tasks.sweep_task", result_ttl=0)
    except RedisError as error:
        _log.warning("sweep_not_queued", cause=type(error).__name__)


def enqueue_due_imports() -> None:
    """Have somebody look at once which FinCos are due an import.

    Raises:
        RedisError: it could not be queued; the schedule looks within a minute of its coming back.
    """
    queue = Queue(QueueName.UPKEEP, connection=current_deps().redis)
    queue.enqueue("jobs.tasks.scheduled_imports_task", result_ttl=0)


def _enqueue(queue_name: QueueName, target: str, kind: str, run_id: int) -> None:
    deps = current_deps()
    queue = Queue(queue_name, connection=deps.redis)
    task_id = f"{kind}-{run_id}"
    try:
        if not _offer(queue, target, task_id, run_id) and _is_left_over(queue, task_id, deps):
            _offer(queue, target, task_id, run_id)
    except RedisError as error:
        # The run stands in the database: the sweeper takes it up once Redis is back.
        _log.warning("run_not_queued", kind=kind, run=run_id, cause=type(error).__name__)


def _offer(queue: Queue, target: str, task_id: str, run_id: int) -> bool:
    try:
        queue.enqueue_call(
            target,
            args=(run_id,),
            job_id=task_id,
            timeout=LONGEST_TASK_SECONDS,
            result_ttl=0,
            failure_ttl=FAILURE_KEPT_SECONDS,
            description=task_id,
            unique=True,
        )
    except DuplicateJobError:
        return False
    return True


def _is_left_over(queue: Queue, task_id: str, deps: Deps) -> bool:
    """Drop the task of that id unless it is waiting for a worker or has just got one.

    RQ keeps the id of a task whose worker was killed, and would refuse the run for ever. Whoever
    asks knows that nobody holds the run's lease, so an older "started" is a dead one.
    """
    try:
        job = Job.fetch(task_id, connection=deps.redis)
        status = job.get_status()
    except (NoSuchJobError, InvalidJobOperation):
        return True
    if queue.get_job_position(task_id) is not None:
        return False
    if status is JobStatus.STARTED and job.started_at is not None:
        started = job.started_at.replace(tzinfo=job.started_at.tzinfo or dt.UTC)
        if deps.clock() - started < SETTLING_IN:
            return False
    job.delete()
    return True
