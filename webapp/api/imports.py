"""Imports: begin one, and see how it went."""

from http import HTTPStatus
from typing import Any

from flask import url_for

from jobs.queue import enqueue_import
from webapp.api.guard import caller, fin_co
from webapp.api.operations import blueprint, operation
from webapp.api.paging import page_of, paged
from webapp.api.schemas.runs import ImportBegun, ImportBody, ImportRunAnswer, RunQuery
from webapp.deps import current_deps
from webapp.domain.access import Permission
from webapp.domain.runs import RunOrigin
from webapp.queries.api import runs
from webapp.services.errors import NotFound
from webapp.services.imports import start_import

part = blueprint("imports", "Imports from the FinCo's organisation in Xero.")


@operation(part, "POST", "/imports", needs=Permission.RUN_IMPORT, body=ImportBody,
           answer=ImportBegun, status=HTTPStatus.ACCEPTED, found_or_404=True)  # fmt: skip
def begin_import(body: dict[str, Any]) -> Any:
    """An import run, begun; look at the run for how it goes."""
    run_id = start_import(
        fin_co_id=fin_co(body["fin_co"]).id,
        user_id=None,
        now=current_deps().clock(),
        after_commit=enqueue_import,
        origin=RunOrigin.COMMAND,
        source=caller().source,
        full=body["full"],
        kinds=body.get("kinds"),
    )
    address = url_for("api-imports.get_import_run", run_id=run_id)
    return {"run": run_id}, HTTPStatus.ACCEPTED, {"Location": address}


@operation(part, "GET", "/imports", needs=Permission.VIEW, query=RunQuery,
           answer=page_of(ImportRunAnswer), found_or_404=True)  # fmt: skip
def list_import_runs(query: dict[str, Any]) -> Any:
    """A page of import runs, newest first."""
    code = query.get("fin_co")
    if code is not None:
        fin_co(code)
    return paged(
        query,
        lambda asked: runs.import_runs(
            caller().viewer, fin_co=code, limit=asked.page_size, offset=asked.offset
        ),
    )


@operation(part, "GET", "/imports/<int:run_id>", needs=Permission.VIEW,
           answer=ImportRunAnswer)  # fmt: skip
def get_import_run(run_id: int) -> Any:
    """One import run."""
    found = runs.import_run(caller().viewer, run_id)
    if found is None:
        raise NotFound(f"There is no import run {run_id} for this token.", "Check its id.")
    return found
