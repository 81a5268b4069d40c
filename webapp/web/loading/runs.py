"""The last step: how a load goes on, what it did, and all the loads there were."""

from functools import partial

from flask import Blueprint, abort, render_template, request, send_file
from flask.typing import ResponseReturnValue

from webapp.deps import current_deps
from webapp.domain.access import Permission
from webapp.queries import viewers
from webapp.queries.loading.runs import LoadRow, load_history, load_problems, load_run, table
from webapp.queries.setup.listing import Asked, Table, everything
from webapp.queries.sorting import Sort
from webapp.queries.viewers import Viewer
from webapp.services.loading import ABANDONED_AFTER, BAD_ROWS_KEPT, bad_rows_file, targets
from webapp.services.progress import topic
from webapp.web.csv_files import csv_file
from webapp.web.enquiries import reading
from webapp.web.exports.filters import page_number
from webapp.web.live import Part, stream
from webapp.web.loading.allowed import asked_for, run_to_see, target_named
from webapp.web.security import fin_co_or_404, requires, viewer

NEWEST_FIRST = Sort("sent", descending=True)

blueprint = Blueprint("loads", __name__)


@blueprint.get("/loads")
@requires(Permission.VIEW)
def history() -> ResponseReturnValue:
    """The loads that match the filter of the address, newest first unless asked otherwise."""
    found, asked, args = _asked()
    shown = load_history(found, asked)
    return render_template(
        "loading/history.html",
        table=found,
        asked=asked,
        args=args,
        choices=viewers.visible_fin_cos(viewer()),
        kinds=[(target.name, target.label) for target in targets()],
        runs=shown.runs,
        page=shown.page,
        labels=_labels(),
    )


@blueprint.get("/loads.csv")
@requires(Permission.VIEW)
def file() -> ResponseReturnValue:
    """The same as a file, whatever the page."""
    found, asked, _ = _asked()
    labels = _labels()
    rows = (
        [
            labels.get(cell, cell) if name == "what" else cell
            for name, cell in zip(found.columns, row.cells, strict=True)
        ]
        for row in everything(found, asked)
    )
    return csv_file("loads", [column.label for column in found.columns.values()], rows)


def _asked() -> tuple[Table, Asked, dict[str, str]]:
    args = request.args
    code = args.get("fin_co") or None
    if code:
        fin_co_or_404(code)
    target = args.get("what") or None
    if target:
        target_named(target)
    found = table(viewer(), target)
    sort = reading.sort(args, found.columns, NEWEST_FIRST)
    text = reading.text(args, "text")
    told = {
        "text": text,
        "fin_co": code,
        "what": target,
        "sort": sort.value if sort != NEWEST_FIRST else None,
    }
    asked = Asked(sort=sort, text=text, fin_co=code, page=page_number(args))
    return found, asked, reading.told(told)


def _labels() -> dict[str, str]:
    return {target.name: target.label for target in targets()}


@blueprint.get("/loads/<int:run_id>")
@requires(Permission.VIEW)
def run_page(run_id: int) -> ResponseReturnValue:
    """One load; without scripts the page loads itself again until it has ended."""
    return render_template("loading/run.html", **_shown(viewer(), run_to_see(run_id)))


@blueprint.get("/loads/<int:run_id>/panel")
@requires(Permission.VIEW)
def poll(run_id: int) -> ResponseReturnValue:
    """The panel as it stands; the finished one asks for nothing more."""
    return _panel(viewer(), run_to_see(run_id))


@blueprint.get("/loads/<int:run_id>/stream")
@requires(Permission.VIEW)
def watch(run_id: int) -> ResponseReturnValue:
    """The panel again whenever it changed."""
    run_to_see(run_id)
    return stream(topic("load", run_id), partial(_part, viewer(), run_id))


@blueprint.get("/loads/<int:run_id>/bad-rows.csv")
@requires(Permission.VIEW)
def bad_rows(run_id: int) -> ResponseReturnValue:
    """The rows that did not go in, as they were sent, each with its reason."""
    run = run_to_see(run_id)
    path = bad_rows_file(run.id)
    if path is None:
        abort(404)
    response = send_file(
        path,
        mimetype="text/csv",
        as_attachment=True,
        download_name=f"bad-rows-of-load-{run.id}.csv",
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _part(person: Viewer, run_id: int) -> Part:
    run = load_run(person, run_id)
    if run is None:
        # Taken from this person while they watched.
        return Part("", finished=True)
    return Part(_panel(person, run), not run.running)


def _panel(person: Viewer, run: LoadRow) -> str:
    return render_template("loading/_panel.html", **_shown(person, run))


def _shown(person: Viewer, run: LoadRow) -> dict[str, object]:
    target = target_named(run.target)
    return {
        "run": run,
        "target": target,
        "may_load": person.may(asked_for(target)),
        "batches": (run.result or {}).get("batches", ()),
        "made": [
            (name.replace("_", " ").capitalize(), count)
            for name, count in (run.result or {}).get("made", {}).items()
            if count
        ],
        "has_bad_file": run.finished and bad_rows_file(run.id) is not None,
        "bad_file_kept_until": run.finished_at and run.finished_at + BAD_ROWS_KEPT,
        "forgotten_at": run.uploaded_at + ABANDONED_AFTER,
        "problems": load_problems(run.id) if run.finished and run.bad else (),
        "now": current_deps().clock(),
    }
