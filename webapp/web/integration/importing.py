"""The progress of an import: shown on the screen, streamed, or asked for."""

from functools import partial

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from webapp.deps import current_deps
from webapp.domain.access import Permission
from webapp.queries.import_progress import ImportProgress, import_progress
from webapp.queries.viewers import Viewer
from webapp.services.progress import topic
from webapp.web.live import Part, stream
from webapp.web.security import requires, viewer

blueprint = Blueprint("imports", __name__)


@blueprint.get("/imports/<int:run_id>/panel")
@requires(Permission.VIEW)
def poll(run_id: int) -> ResponseReturnValue:
    """The panel as it stands; the finished one asks for nothing more."""
    return panel(run_id)


@blueprint.get("/imports/<int:run_id>/stream")
@requires(Permission.VIEW)
def watch(run_id: int) -> ResponseReturnValue:
    """The panel again whenever it changed."""
    progress(run_id)
    return stream(topic("import", run_id), partial(_part, viewer(), run_id))


def progress(run_id: int) -> ImportProgress:
    """The run, for those who may see it."""
    found = import_progress(viewer(), run_id)
    if found is None:
        abort(404)
    return found


def panel(run_id: int) -> str:
    """The panel of a run."""
    return _rendered(progress(run_id))


def begun(run_id: int) -> str:
    """The panel of a run for the place of panels, whatever place the button's answer goes to."""
    return _rendered(progress(run_id), "integration/_begun.html")


def _part(person: Viewer, run_id: int) -> Part:
    found = import_progress(person, run_id)
    if found is None:
        # Taken from this person while they watched.
        return Part("", finished=True)
    return Part(_rendered(found), found.finished)


def _rendered(run: ImportProgress, template: str = "integration/_progress.html") -> str:
    return render_template(template, run=run, now=current_deps().clock())
