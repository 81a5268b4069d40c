"""The scheduler's process: ``python -m jobs.scheduler``."""

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import structlog
from rq.job import Job
from rq_scheduler import Scheduler

from jobs import logs
from jobs.queue import LONGEST_TASK_SECONDS
from jobs.schedule import Periodic, periodic_tasks
from webapp.config import Config
from webapp.deps import current_deps
from webapp.factory import create_app

if TYPE_CHECKING:
    from redis import Redis

POLL_SECONDS = 2

_log = structlog.get_logger(__name__)


class PeriodicScheduler(Scheduler):  # type: ignore[misc]  # rq-scheduler carries no types
    """Keeps exactly the given tasks scheduled, whatever it finds in Redis when it looks."""

    def __init__(self, tasks: Sequence[Periodic], connection: "Redis") -> None:
        super().__init__(connection=connection, interval=POLL_SECONDS)
        self._tasks = {task.task_id: task for task in tasks}

    def reconcile(self) -> None:
        """Cancel what is no longer wanted, schedule what is missing, leave the rest alone."""
        scheduled: set[str] = set()
        for job in self.get_jobs():
            if job.id in self._tasks:
                scheduled.add(job.id)
            else:
                self.cancel(job)
                job.delete()
                _log.info("task_unscheduled", task_id=job.id)
        for task_id in self._tasks.keys() - scheduled:
            task = self._tasks[task_id]
            self.schedule(
                dt.datetime.now(dt.UTC).replace(tzinfo=None),  # rq-scheduler reads naive as UTC
                task.target,
                interval=task.every_seconds,
                result_ttl=task.result_ttl,
                timeout=LONGEST_TASK_SECONDS,
                id=task_id,
                queue_name=task.queue.value,
                description=task.name,
            )
            _log.info("task_scheduled", task_id=task_id, every_seconds=task.every_seconds)

    def enqueue_jobs(self) -> Any:
        """Queue what is due; a schedule lost with Redis' memory is laid anew on the way."""
        self.reconcile()
        return super().enqueue_jobs()

    def enqueue_job(self, job: Job) -> None:
        """Queue a task that is due, unless the last one still waits: a busy worker needs one."""
        if self.get_queue_for_job(job).get_job_position(job) is None:
            super().enqueue_job(job)
        else:
            due = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=job.meta["interval"])
            self.change_execution_time(job, due.replace(tzinfo=None))


def main() -> None:
    """Run until told to stop."""
    logs.configure()
    app = create_app(Config.from_env())
    with app.app_context():
        deps = current_deps()
        scheduler = PeriodicScheduler(periodic_tasks(deps.config), deps.redis)
        scheduler.run()


if __name__ == "__main__":
    main()
