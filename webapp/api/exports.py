"""Export runs and the documents in them; a run can be stopped and let go on."""

from typing import Any

from jobs.queue import enqueue_export
from webapp.api.guard import caller, fin_co
from webapp.api.operations import blueprint, operation
from webapp.api.paging import page_of, paged
from webapp.api.schemas.runs import ExportRunAnswer, ItemAnswer, ItemQuery, RunQuery
from webapp.deps import current_deps
from webapp.domain.access import Permission
from webapp.queries.api import runs
from webapp.queries.api.runs import ExportRunRow
from webapp.services.errors import NotFound
from webapp.services.exports import Asked, cancel_run, pause_run, resume_run

part = blueprint("exports", "Export runs: how they stand, and what became of each document.")


@operation(part, "GET", "/export-runs", needs=Permission.VIEW, query=RunQuery,
           answer=page_of(ExportRunAnswer), found_or_404=True)  # fmt: skip
def list_export_runs(query: dict[str, Any]) -> Any:
    """A page of export runs, newest first."""
    code = query.get("fin_co")
    if code is not None:
        fin_co(code)
    return paged(
        query,
        lambda asked: runs.export_runs(
            caller().viewer, fin_co=code, limit=asked.page_size, offset=asked.offset
        ),
    )


@operation(part, "GET", "/export-runs/<int:run_id>", needs=Permission.VIEW,
           answer=ExportRunAnswer)  # fmt: skip
def get_export_run(run_id: int) -> Any:
    """One export run."""
    return _run(run_id)


@operation(part, "GET", "/export-runs/<int:run_id>/items",
           needs=Permission.VIEW, query=ItemQuery, answer=page_of(ItemAnswer))  # fmt: skip
def list_export_items(query: dict[str, Any], run_id: int) -> Any:
    """A page of the run's documents and their fates."""
    found = _run(run_id)
    return paged(
        query,
        lambda asked: runs.export_items(
            found.id, state=query.get("state"), limit=asked.page_size, offset=asked.offset
        ),
    )


@operation(part, "POST", "/export-runs/<int:run_id>/pause", needs=Permission.EXPORT_BATCHES,
           answer=ExportRunAnswer)  # fmt: skip
def pause_export_run(run_id: int) -> Any:
    """The run, paused: nothing more of it leaves until it is resumed."""
    pause_run(_run(run_id).id, _asked(), current_deps().progress)
    return _run(run_id)


@operation(part, "POST", "/export-runs/<int:run_id>/resume", needs=Permission.EXPORT_BATCHES,
           answer=ExportRunAnswer)  # fmt: skip
def resume_export_run(run_id: int) -> Any:
    """The run, going on, at once or when what it waits for has come."""
    resume_run(_run(run_id).id, _asked(), current_deps().progress, after_commit=enqueue_export)
    return _run(run_id)


@operation(part, "POST", "/export-runs/<int:run_id>/cancel", needs=Permission.EXPORT_BATCHES,
           answer=ExportRunAnswer)  # fmt: skip
def cancel_export_run(run_id: int) -> Any:
    """The run, cancelled: over, or over once what was on the way has been looked up in Xero."""
    cancel_run(_run(run_id).id, _asked(), current_deps().progress, after_commit=enqueue_export)
    return _run(run_id)


def _asked() -> Asked:
    return Asked(user_id=None, source=caller().source, now=current_deps().clock())


def _run(run_id: int) -> ExportRunRow:
    found = runs.export_run(caller().viewer, run_id)
    if found is None:
        raise NotFound(f"There is no export run {run_id} for this token.", "Check its id.")
    return found
