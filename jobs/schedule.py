"""What runs periodically, as plain data. Nothing else decides what is scheduled."""

import hashlib
from dataclasses import astuple, dataclass

from jobs.queue import QueueName
from webapp.config import Config


@dataclass(frozen=True)
class Periodic:
    """A task without arguments that is put on a queue again and again."""

    name: str
    target: str
    queue: QueueName
    every_seconds: int
    result_ttl: int
    """Seconds its record outlives a run; once it expires rq-scheduler forgets the task."""

    @property
    def task_id(self) -> str:
        """Changes with the definition, so that a changed one is seen to be another."""
        digest = hashlib.sha256(repr(astuple(self)).encode()).hexdigest()
        return f"{self.name}-{digest[:12]}"


def periodic_tasks(config: Config) -> tuple[Periodic, ...]:
    """Every periodic task of this configuration."""
    return (
        Periodic(
            name="sweep",
            target="jobs.tasks.sweep_task",
            queue=QueueName.UPKEEP,
            every_seconds=config.sweep_seconds,
            # A worker may be busy for an hour before it comes to the next sweep.
            result_ttl=max(2 * config.sweep_seconds, 7 * 24 * 3600),
        ),
    )
