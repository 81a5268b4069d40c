"""The panel of an import: shown on the screen, streamed, or asked for."""

from flask import abort, render_template

from webapp.deps import current_deps
from webapp.queries.import_progress import ImportProgress, import_progress
from webapp.queries.viewers import Viewer
from webapp.web.live import Part
from webapp.web.security import viewer


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
    return _rendered(progress(run_id), "imports/_begun.html")


def part(person: Viewer, run_id: int) -> Part:
    """The panel as a stream sends it."""
    found = import_progress(person, run_id)
    if found is None:
        # Taken from this person while they watched.
        return Part("", finished=True)
    return Part(_rendered(found), found.finished)


def _rendered(run: ImportProgress, template: str = "imports/_panel.html") -> str:
    return render_template(template, run=run, now=current_deps().clock())
