"""What the worker runs. Adapters only: an id in, one service called."""

import datetime as dt

from jobs.queue import (
    enqueue_export,
    enqueue_follow_ups,
    enqueue_import,
    enqueue_load,
    enqueue_sweep,
)
from webapp.config import loads_path
from webapp.deps import current_deps, lease_owner
from webapp.services import connections, exports, imports, loading, outages
from webapp.services.exports.follow_ups.run import due_follow_ups, run_follow_ups
from webapp.services.mail import Mailer


def export_task(run_id: int) -> None:
    """Carry an export run on as far as it goes now."""
    deps = current_deps()
    exports.run_export(
        deps.xero,
        deps.progress,
        run_id=run_id,
        owner=lease_owner(),
        clock=deps.clock,
        lease_seconds=deps.config.export_lease_seconds,
    )
    for queue_id in due_follow_ups(deps.clock()):
        enqueue_follow_ups(queue_id)


def follow_ups_task(queue_id: int) -> None:
    """Send files and notes for a few seconds, then stand in line again behind what came since."""
    deps = current_deps()
    run_follow_ups(
        deps.xero,
        queue_id=queue_id,
        owner=lease_owner(),
        clock=deps.clock,
        lease_seconds=deps.config.export_lease_seconds,
        public_url=deps.config.public_url,
    )
    if queue_id in due_follow_ups(deps.clock()):
        # This task's own id is taken until it has ended.
        enqueue_sweep()


def import_task(run_id: int) -> None:
    """Carry an import run on as far as it goes now."""
    deps = current_deps()
    imports.run_import(
        deps.xero,
        deps.progress,
        run_id=run_id,
        owner=lease_owner(),
        clock=deps.clock,
        lease_seconds=deps.config.export_lease_seconds,
    )


def load_task(run_id: int) -> None:
    """Load a file as far as it goes now."""
    deps = current_deps()
    loading.run_load(
        deps.progress,
        run_id=run_id,
        owner=lease_owner(),
        clock=deps.clock,
        lease_seconds=deps.config.export_lease_seconds,
    )


def sweep_task() -> None:
    """Give every run that is due a worker: paused ones, stuck ones, ones Redis never heard of.

    Reversals that waited for a period are made, too: last, for a fault in them must hold up no run.
    """
    now = current_deps().clock()
    for run_id in exports.due_exports(now):
        enqueue_export(run_id)
    for run_id in imports.due_imports(now):
        enqueue_import(run_id)
    for run_id in loading.due_loads(now):
        enqueue_load(run_id)
    for queue_id in due_follow_ups(now):
        enqueue_follow_ups(queue_id)
    exports.reverse_missing(now)


def clear_loads_task() -> None:
    """Remove the files of loads that nobody needs any more."""
    loading.clear_away(loads_path(), current_deps().clock())


def scheduled_imports_task() -> None:
    """Start the imports that are due (R31)."""
    deps = current_deps()
    imports.start_scheduled_imports(
        deps.redis,
        now=deps.clock(),
        interval=dt.timedelta(minutes=deps.config.import_interval_minutes),
        after_commit=enqueue_import,
    )


def outages_task() -> None:
    """Note which connections are cut off, and tell the administrators where mail can be sent."""
    deps = current_deps()
    config = deps.config
    outages.note_broken(deps.clock())
    if config.smtp is not None and config.mail_from is not None:
        outages.tell_administrators(
            deps.redis,
            Mailer(config.smtp, config.mail_from),
            public_url=config.public_url,
            now=deps.clock(),
        )


def check_connections_task() -> None:
    """Notice what was disconnected inside Xero."""
    deps = current_deps()
    connections.check_connections(deps.xero, deps.clock())


def keep_tokens_alive_task() -> None:
    """Refresh the tokens that nobody used for long, before they lapse."""
    deps = current_deps()
    connections.keep_tokens_alive(deps.xero, deps.clock())
