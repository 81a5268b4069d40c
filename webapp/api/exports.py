"""Export runs and the documents in them."""

from typing import Any

from webapp.api.guard import caller, fin_co
from webapp.api.operations import blueprint, operation
from webapp.api.paging import page_of, paged
from webapp.api.schemas.runs import ExportRunAnswer, ItemAnswer, ItemQuery, RunQuery
from webapp.domain.access import Permission
from webapp.queries.api import runs
from webapp.queries.api.runs import ExportRunRow
from webapp.services.errors import NotFound

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


def _run(run_id: int) -> ExportRunRow:
    found = runs.export_run(caller().viewer, run_id)
    if found is None:
        raise NotFound(f"There is no export run {run_id} for this token.", "Check its id.")
    return found
