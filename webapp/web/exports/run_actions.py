"""What a person does to an export run: pause, resume, cancel, export again what did not go."""

from collections.abc import Callable

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from jobs.queue import enqueue_export
from webapp.deps import current_deps
from webapp.domain.access import Permission
from webapp.mapping.exports.against.head import LOCKED
from webapp.queries.export_progress import ExportProgress
from webapp.services.errors import ServiceError
from webapp.services.exports import Asked, cancel_run, pause_run, resume_run
from webapp.services.exports.retrying import is_as_it_was
from webapp.web.exports.beginning import begin, begun
from webapp.web.exports.locks import ask_lock_dates
from webapp.web.exports.meant import of_run, preview_address
from webapp.web.exports.runs import run_or_404
from webapp.web.integration.recording import source
from webapp.web.notices import Notice, say
from webapp.web.security import requires, viewer

blueprint = Blueprint("run_actions", __name__)


@blueprint.post("/export-runs/<int:run_id>/pause")
@requires(Permission.EXPORT_BATCHES)
def pause(run_id: int) -> ResponseReturnValue:
    """Let nothing more of the run leave until somebody resumes it."""
    return _done(
        run_or_404(run_id),
        lambda: pause_run(run_id, _who(), current_deps().progress),
        "is paused. Nothing more leaves until somebody presses Resume.",
    )


@blueprint.post("/export-runs/<int:run_id>/resume")
@requires(Permission.EXPORT_BATCHES)
def resume(run_id: int) -> ResponseReturnValue:
    """Let a paused run go on."""
    return _done(
        run_or_404(run_id),
        lambda: resume_run(run_id, _who(), current_deps().progress, after_commit=enqueue_export),
        "goes on.",
    )


@blueprint.get("/export-runs/<int:run_id>/cancel")
@requires(Permission.EXPORT_BATCHES)
def ask_to_cancel(run_id: int) -> ResponseReturnValue:
    """What a cancel would leave here, before it is done."""
    return render_template("exports/cancel_run.html", run=run_or_404(run_id))


@blueprint.post("/export-runs/<int:run_id>/cancel")
@requires(Permission.EXPORT_BATCHES)
def cancel(run_id: int) -> ResponseReturnValue:
    """End the run; what has not left stays here."""
    return _done(
        run_or_404(run_id),
        lambda: cancel_run(run_id, _who(), current_deps().progress, after_commit=enqueue_export),
        "is cancelled. Nothing more of it leaves.",
    )


@blueprint.post("/export-runs/<int:run_id>/retry")
@requires(Permission.EXPORT_BATCHES)
def retry(run_id: int) -> ResponseReturnValue:
    """Export again what did not go: all of it, or what one cause kept back.

    At once where it is just what was tried before; what a person has not seen is shown first.
    """
    back = url_for("runs.page", run_id=run_id)
    try:
        meant = of_run(run_id, request.form.get("cause"))
        present = meant.look()
        if any(cause.code == LOCKED for cause in present.causes):
            # Most likely somebody moved the lock date back before pressing the button.
            ask_lock_dates(meant.batch_ids)
            present = meant.look()
        if not is_as_it_was(run_id, present):
            return redirect(preview_address(meant, back), 303)
        return begun(begin(meant, present.confirmation), back)
    except ServiceError as error:
        say(Notice.refused(error))
        return redirect(back, 303)


def _who() -> Asked:
    return Asked(user_id=viewer().user_id, source=source(), now=current_deps().clock())


def _done(run: ExportProgress, action: Callable[[], object], told: str) -> ResponseReturnValue:
    """Do it and say so on the run's page, or say why it was not done."""
    try:
        action()
    except ServiceError as error:
        say(Notice("warning", error.message, error.way_out))
    else:
        say(Notice("success", f"Export run {run.id} {told}"))
    return redirect(url_for("runs.page", run_id=run.id), 303)
