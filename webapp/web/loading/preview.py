"""The third step: what a load would do, and the word to do it."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from jobs.queue import enqueue_load
from webapp.deps import current_deps
from webapp.domain.access import Permission
from webapp.domain.ingest.errors import FileRefused
from webapp.domain.ingest.states import LoadMode
from webapp.services.errors import ServiceError
from webapp.services.loading import Preview, discard, preview, start_load
from webapp.web.integration.recording import source
from webapp.web.loading.allowed import run_to_load
from webapp.web.notices import Notice, say
from webapp.web.security import requires, viewer

MODES = {"whole": LoadMode.WHOLE, "good": LoadMode.GOOD_ROWS}

blueprint = Blueprint("load_preview", __name__)


@blueprint.get("/loads/<int:run_id>/preview")
@requires(Permission.LOAD_DOCUMENTS)
def show(run_id: int) -> ResponseReturnValue:
    """Everything the load would do; nothing is stored."""
    run, target = run_to_load(run_id)
    if not run.editable:
        return redirect(url_for("loads.run_page", run_id=run.id), 303)
    if run.settings is None:
        return redirect(url_for("load_mapping.edit", run_id=run.id), 303)
    try:
        found, refused = preview(run.id, now=current_deps().clock()), None
    except (FileRefused, ServiceError) as error:
        found, refused = None, error
    return render_template(
        "loading/preview.html",
        run=run,
        target=target,
        found=found,
        labels=_labels(found) if found else (),
        refused=refused,
    )


@blueprint.post("/loads/<int:run_id>/start")
@requires(Permission.LOAD_DOCUMENTS)
def start(run_id: int) -> ResponseReturnValue:
    """Load the file in the background."""
    run, _ = run_to_load(run_id)
    mode = MODES.get(request.form.get("mode", ""))
    if mode is None:
        say(
            Notice(
                "danger",
                "Nothing is loaded yet: it was not said what becomes of bad rows.",
                "Choose one of the two ways, then press Load.",
            )
        )
        return redirect(url_for("load_preview.show", run_id=run.id), 303)
    try:
        start_load(
            run.id,
            mode=mode,
            user_id=viewer().user_id,
            source=source(),
            now=current_deps().clock(),
            after_commit=enqueue_load,
        )
    except (FileRefused, ServiceError) as error:
        say(Notice("danger", error.message, error.way_out))
    return redirect(url_for("loads.run_page", run_id=run.id), 303)


@blueprint.post("/loads/<int:run_id>/discard")
@requires(Permission.LOAD_DOCUMENTS)
def forget(run_id: int) -> ResponseReturnValue:
    """Forget a file that is not wanted."""
    run, _ = run_to_load(run_id)
    try:
        discard(run.id)
    except ServiceError as error:
        say(Notice.refused(error))
        return redirect(url_for("loads.run_page", run_id=run.id), 303)
    say(Notice("success", f"{run.file_name} is forgotten; nothing of it was stored."))
    return redirect(url_for("loads.history", fin_co=run.fin_co_code), 303)


def _labels(found: Preview) -> tuple[str, ...]:
    """The fields that any of the first records says something of."""
    return tuple(
        dict.fromkeys(
            label for record in found.first for label, value in record.values.items() if value
        )
    )
