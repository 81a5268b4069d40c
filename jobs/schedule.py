"""What runs periodically, as plain data. Nothing else decides what is scheduled."""

import hashlib
from dataclasses import astuple, dataclass

from jobs.queue import QueueName
from webapp.config import Config

MINUTE = 60
HOUR = 3600
DAY = 24 * 3600
KEPT_SECONDS = 7 * DAY
"""A worker may be busy for an hour, or down over a weekend, before it comes to a task."""


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
        _upkeep("sweep", "jobs.tasks.sweep_task", config.sweep_seconds),
        # Only looks: which FinCo is due when is decided by IMPORT_INTERVAL_MINUTES (R31).
        _upkeep("scheduled-imports", "jobs.tasks.scheduled_imports_task", MINUTE),
        _upkeep("outages", "jobs.tasks.outages_task", MINUTE),
        _upkeep("clear-loads", "jobs.tasks.clear_loads_task", HOUR),
        _upkeep("check-connections", "jobs.tasks.check_connections_task", DAY),
        _upkeep("keep-tokens-alive", "jobs.tasks.keep_tokens_alive_task", DAY),
    )


def _upkeep(name: str, target: str, every_seconds: int) -> Periodic:
    return Periodic(
        name=name,
        target=target,
        queue=QueueName.UPKEEP,
        every_seconds=every_seconds,
        result_ttl=max(2 * every_seconds, KEPT_SECONDS),
    )
