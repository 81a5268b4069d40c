"""The worker's process: ``python -m jobs.worker``."""

import os

import structlog
from rq import Queue, Worker
from rq.executions import Execution
from rq.job import Job

from jobs import logs
from jobs.app_context import AppContextJob
from jobs.garbage import collect_seldom
from jobs.queue import QueueName
from webapp.config import Config
from webapp.deps import current_deps
from webapp.factory import create_app
from webapp.local.lifeline import die_with_parent


class RunWorker(Worker):
    """Executes each task in a forked process that never outlives the worker."""

    def main_work_horse(self, job: Job, queue: Queue) -> None:
        """Bind the fork's life to the worker's: a killed worker must not go on in secret."""
        die_with_parent(self.pid or os.getppid())
        super().main_work_horse(job, queue)

    def perform_job(self, job: Job, queue: Queue, execution: Execution) -> bool:
        """Put the names of task and run on every line logged from here, a traceback included."""
        names = {
            "task": (job.func_name or "").rpartition(".")[2],
            "run": next(iter(job.args), None),
        }
        with structlog.contextvars.bound_contextvars(**names):
            return super().perform_job(job, queue, execution)


def main() -> None:
    """Sweep once, so that what a killed predecessor left is taken up, then work until stopped."""
    logs.configure()
    app = create_app(Config.from_env())
    with app.app_context():
        redis = current_deps().redis
        Queue(QueueName.UPKEEP, connection=redis).enqueue("jobs.tasks.sweep_task", result_ttl=0)
        collect_seldom()
        worker = RunWorker(list(QueueName), connection=redis, job_class=AppContextJob)
        worker.work()


if __name__ == "__main__":
    main()
