"""The last step: how a load goes on, what it did, and all the loads there were."""

from functools import partial

from flask import Blueprint, abort, render_template, request, send_file
from flask.typing import ResponseReturnValue

from webapp.deps import current_deps
from webapp.domain.access import Permission
from webapp.queries import viewers
from webapp.queries.loading.runs import LoadRow, load_history, load_problems, load_run
from webapp.queries.viewers import Viewer
from webapp.services.loading import ABANDONED_AFTER, BAD_ROWS_KEPT, bad_rows_file, targets
from webapp.services.progress import topic
from webapp.web.exports.filters import page_number
from webapp.web.live import Part, stream
from webapp.web.loading.allowed import asked_for, run_to_see, target_named
from webapp.web.security import fin_co_or_404, requires, viewer

blueprint = Blueprint("loads", __name__)


@blueprint.get("/loads")
@requires(Permission.VIEW)
def history() -> ResponseReturnValue:
    """The loads, of one FinCo or of all this person sees."""
    code = request.args.get("fin_co")
    fin_co = fin_co_or_404(code) if code else None
    found = load_history(viewer(), fin_co.id if fin_co else None, page_number(request.args))
    return render_template(
        "loading/history.html",
        fin_co=fin_co,
        choices=viewers.visible_fin_cos(viewer()),
        runs=found.runs,
        page=found.page,
        labels={target.name: target.label for target in targets()},
    )


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
