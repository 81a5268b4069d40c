"""What the worker runs. Adapters only: an id in, one service called."""

from jobs.queue import enqueue_export, enqueue_import
from webapp.deps import current_deps, lease_owner
from webapp.services import exports, imports


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


def sweep_task() -> None:
    """Give every run that is due a worker: paused ones, stuck ones, ones Redis never heard of."""
    now = current_deps().clock()
    for run_id in exports.due_exports(now):
        enqueue_export(run_id)
    for run_id in imports.due_imports(now):
        enqueue_import(run_id)
