"""The progress of an export run, and what became of its documents."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from flask import Blueprint, Response, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.deps import current_deps
from webapp.domain.access import Permission
from webapp.queries import follow_ups
from webapp.queries.export_progress import ExportProgress, export_progress
from webapp.queries.run_documents import Asked, ItemRow, Outcome, all_documents, documents
from webapp.queries.run_neighbours import neighbours
from webapp.queries.viewers import Viewer
from webapp.services.progress import topic
from webapp.web.csv_files import Cell, csv_file
from webapp.web.exports.allowance import allowance
from webapp.web.exports.filters import page_number
from webapp.web.links import xero_link
from webapp.web.live import Part, stream
from webapp.web.security import requires, viewer

blueprint = Blueprint("runs", __name__)

HEADINGS = (
    "Batch No",
    "Document",
    "Part",
    "Type",
    "Company",
    "Date",
    "Currency",
    "Total inc GST",
    "Outcome",
    "Status in Xero",
    "Total in Xero",
    "Difference",
    "Xero ID",
    "What happened",
    "What to do",
    "Xero's words",
    "Request",
    "Link",
)


@blueprint.get("/export-runs/<int:run_id>")
@requires(Permission.VIEW)
def page(run_id: int) -> ResponseReturnValue:
    """The run with its documents, what needs a person first."""
    run = run_or_404(run_id)
    asked = _asked(run)
    rows, shown = documents(run_id, asked, page_number(request.args))
    return render_template(
        "exports/run.html",
        asked=asked,
        args=_arguments(asked),
        outcomes=list(Outcome),
        rows=rows,
        follow_ups=follow_ups.of_run(viewer(), run_id),
        neighbours=neighbours(run_id),
        page=shown,
        xero_link=xero_link,
        **_panel(run),
    )


@blueprint.get("/export-runs/<int:run_id>/documents.csv")
@requires(Permission.VIEW)
def as_csv(run_id: int) -> Response:
    """The documents that were asked for as a file, whatever the page."""
    rows = all_documents(run_id, _asked(run_or_404(run_id)))
    return csv_file(f"export-run-{run_id}", HEADINGS, _cells(rows))


@blueprint.get("/export-runs/<int:run_id>/panel")
@requires(Permission.VIEW)
def poll(run_id: int) -> ResponseReturnValue:
    """The panel as it stands; the finished one asks for nothing more."""
    return _rendered(run_or_404(run_id))


@blueprint.get("/export-runs/<int:run_id>/stream")
@requires(Permission.VIEW)
def watch(run_id: int) -> ResponseReturnValue:
    """The panel again whenever it changed."""
    run_or_404(run_id)
    return stream(topic("export", run_id), partial(_part, viewer(), run_id))


def run_or_404(run_id: int) -> ExportProgress:
    """The run, if this person may see it."""
    found = export_progress(viewer(), run_id)
    if found is None:
        abort(404)
    return found


def _asked(run: ExportProgress) -> Asked:
    """What the address asks for; 422 where it asks for an outcome or a cause there is none of."""
    try:
        outcome = Outcome(request.args.get("outcome") or Outcome.ANY)
    except ValueError:
        abort(422)
    key = request.args.get("cause")
    cause = run.causes.named(key) if key else None
    if key and cause is None:
        abort(422)
    return Asked(outcome, request.args.get("batch") or None, cause)


def _arguments(asked: Asked) -> dict[str, str]:
    """What is asked for as arguments of an address, without what is the default anyway."""
    known = {
        "outcome": None if asked.outcome is Outcome.ANY else asked.outcome.value,
        "batch": asked.batch,
        "cause": asked.cause.key if asked.cause else None,
    }
    return {name: value for name, value in known.items() if value}


def _cells(rows: Iterator[ItemRow]) -> Iterator[tuple[Cell, ...]]:
    for row in rows:
        told = row.problems
        yield (
            row.batch,
            row.number,
            row.part,
            row.kind,
            row.company,
            row.date,
            row.currency,
            row.total,
            row.state.value,
            row.xero_status,
            row.xero_total,
            row.difference or None,
            row.xero_id,
            _together(one.message for one in told),
            _together(dict.fromkeys(one.way_out for one in told)),
            _together(one.verbatim for one in told if one.verbatim),
            _together(dict.fromkeys(one.request_id for one in told if one.request_id)),
            xero_link(row.xero),
        )


def _together(texts: Any) -> str:
    return " | ".join(texts)


def _part(person: Viewer, run_id: int) -> Part:
    found = export_progress(person, run_id)
    if found is None:
        # Taken from this person while they watched.
        return Part("", finished=True)
    return Part(_rendered(found), found.finished)


def _rendered(run: ExportProgress) -> str:
    return render_template("exports/_run_progress.html", **_panel(run))


def _panel(run: ExportProgress) -> dict[str, Any]:
    """What the panel shows."""
    now = current_deps().clock()
    return {
        "run": run,
        "now": now,
        "time_left": run.calls.time_left(now),
        "allowance": allowance(run.tenant_id),
        "here": url_for("runs.page", run_id=run.id),
    }
