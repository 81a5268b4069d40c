"""The progress of an export run, and what became of its documents."""

from functools import partial

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from webapp.deps import current_deps
from webapp.domain.access import Permission
from webapp.queries import follow_ups
from webapp.queries.export_progress import ExportProgress, export_progress
from webapp.queries.run_documents import Outcome, documents
from webapp.queries.viewers import Viewer
from webapp.services.progress import topic
from webapp.web.exports.filters import page_number
from webapp.web.links import xero_link
from webapp.web.live import Part, stream
from webapp.web.security import requires, viewer

blueprint = Blueprint("runs", __name__)


@blueprint.get("/export-runs/<int:run_id>")
@requires(Permission.VIEW)
def page(run_id: int) -> ResponseReturnValue:
    """The run with its documents, what needs a person first."""
    run = _run(run_id)
    try:
        outcome = Outcome(request.args.get("outcome") or Outcome.ANY)
    except ValueError:
        abort(422)
    rows, shown = documents(run_id, outcome, page_number(request.args))
    return render_template(
        "exports/run.html",
        run=run,
        outcome_asked=outcome,
        outcomes=list(Outcome),
        rows=rows,
        follow_ups=follow_ups.of_run(viewer(), run_id),
        page=shown,
        xero_link=xero_link,
        now=current_deps().clock(),
    )


@blueprint.get("/export-runs/<int:run_id>/panel")
@requires(Permission.VIEW)
def poll(run_id: int) -> ResponseReturnValue:
    """The panel as it stands; the finished one asks for nothing more."""
    return _rendered(_run(run_id))


@blueprint.get("/export-runs/<int:run_id>/stream")
@requires(Permission.VIEW)
def watch(run_id: int) -> ResponseReturnValue:
    """The panel again whenever it changed."""
    _run(run_id)
    return stream(topic("export", run_id), partial(_part, viewer(), run_id))


def _run(run_id: int) -> ExportProgress:
    found = export_progress(viewer(), run_id)
    if found is None:
        abort(404)
    return found


def _part(person: Viewer, run_id: int) -> Part:
    found = export_progress(person, run_id)
    if found is None:
        # Taken from this person while they watched.
        return Part("", finished=True)
    return Part(_rendered(found), found.finished)


def _rendered(run: ExportProgress) -> str:
    return render_template("exports/_run_progress.html", run=run, now=current_deps().clock())
