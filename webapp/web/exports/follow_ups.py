"""The files and notes that follow documents to Xero: how they stand, and sending one again."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from jobs.queue import enqueue_follow_ups
from webapp.deps import current_deps
from webapp.domain.access import Permission
from webapp.queries import follow_ups
from webapp.queries.follow_ups import FollowUps
from webapp.services.errors import ServiceError
from webapp.services.exports.follow_ups.again import send_again
from webapp.web.integration.recording import note
from webapp.web.notices import Notice, say
from webapp.web.security import requires, safe_next, viewer

blueprint = Blueprint("follow_ups", __name__)


@blueprint.get("/export-runs/<int:run_id>/follow-ups")
@requires(Permission.VIEW)
def of_run(run_id: int) -> ResponseReturnValue:
    """How what follows a run's documents stands now; the part asks again while any is left."""
    if follow_ups.fin_co_of_run(viewer(), run_id) is None:
        abort(404)
    found = follow_ups.of_run(viewer(), run_id)
    return _part(found, url_for("runs.page", run_id=run_id))


@blueprint.get("/documents/<uid>/follow-ups")
@requires(Permission.VIEW)
def of_document(uid: str) -> ResponseReturnValue:
    """How what follows one document stands now."""
    document_id = follow_ups.visible_document(viewer(), uid)
    if document_id is None:
        abort(404)
    found = follow_ups.of_document(viewer(), document_id)
    return _part(found, url_for("batches.document", uid=uid))


@blueprint.post("/export-runs/<int:run_id>/follow-ups/send-again")
@requires(Permission.EXPORT_BATCHES)
def again(run_id: int) -> ResponseReturnValue:
    """Send one failed file or note again, or all that failed where none is named."""
    named = request.form.get("follow_up")
    if named is not None and not named.isdecimal():
        abort(422)
    follow_up_id = int(named) if named else None
    fin_co_id = follow_ups.fin_co_of_run(viewer(), run_id)
    if fin_co_id is None:
        abort(404)
    back = safe_next(request.form.get("back") or url_for("runs.page", run_id=run_id))
    try:
        count = send_again(
            run_id=run_id, follow_up_id=follow_up_id, after_commit=enqueue_follow_ups
        )
    except ServiceError as error:
        say(Notice("info", error.message, error.way_out))
        return redirect(back, 303)
    note("send files again", fin_co_id, {"export run": run_id, "files and notes": count})
    what = "One file or note goes" if count == 1 else f"{count:,} files and notes go"
    say(Notice("success", f"{what} again.", "Each is looked up in Xero first."))
    return redirect(back, 303)


def _part(found: FollowUps | None, back: str) -> ResponseReturnValue:
    return render_template(
        "exports/_files.html",
        follow_ups=found,
        follow_ups_address=request.path,
        follow_ups_back=back,
        now=current_deps().clock(),
    )
