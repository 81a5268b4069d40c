"""The files of a document: put on, fetched, taken off."""

from contextlib import closing

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.deps import current_deps
from webapp.domain.access import Permission
from webapp.domain.attachments import LARGEST
from webapp.queries.api.attachments import attachments, content
from webapp.queries.documents.batches import EntryBatch, batch_of
from webapp.queries.documents.kept import KeptDocument, kept
from webapp.services.documents import Refused, attach, detach
from webapp.services.errors import ServiceError
from webapp.web.integration.recording import trail
from webapp.web.notices import Notice, say
from webapp.web.security import requires, viewer

AROUND_THE_FILE = 100_000
"""What a form sends besides its file."""
ADD = "attachments.add"

blueprint = Blueprint("attachments", __name__)


@blueprint.url_value_preprocessor
def _make_room(endpoint: str | None, _values: dict[str, str] | None) -> None:
    # The token of a form is read before any view begins, and with it the whole form.
    if endpoint == ADD:
        request.max_content_length = LARGEST + AROUND_THE_FILE


@blueprint.post("/documents/<uid>/attachments")
@requires(Permission.LOAD_DOCUMENTS)
def add(uid: str) -> ResponseReturnValue:
    """Put a file on the document; one of the same name is replaced."""
    _document(uid)
    file = request.files.get("file")
    name = file.filename if file else None
    if file is None or not name:
        say(Notice("danger", "No file was chosen.", "Choose a file, then press Attach."))
        return _back(uid)
    try:
        with closing(file):
            new = attach(uid, name, file.read(), now=current_deps().clock(), trail=trail())
    except Refused as error:
        for finding in error.findings:
            say(Notice("danger", f"{name}: {finding.problem.message}", finding.problem.way_out))
    except ServiceError as error:
        say(Notice.refused(error))
    else:
        say(Notice("success", f"{name} is {'attached' if new else 'replaced'}."))
    return _back(uid)


@blueprint.get("/documents/<uid>/attachments/<name>")
@requires(Permission.VIEW)
def fetch(uid: str, name: str) -> ResponseReturnValue:
    """The file's bytes."""
    _, document = _document(uid)
    found = content(document.id, name)
    if found is None:
        abort(404)
    # Never under its own type: a browser that is led here shows nothing of it.
    response = Response(found, mimetype="application/octet-stream")
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/documents/<uid>/attachments/<name>/remove")
@requires(Permission.LOAD_DOCUMENTS)
def ask(uid: str, name: str) -> ResponseReturnValue:
    """Ask once more before a file is taken off."""
    batch, document = _document(uid)
    if name not in {one.file_name for one in attachments(document.id)}:
        abort(404)
    return render_template("documents/remove_file.html", batch=batch, document=document, name=name)


@blueprint.post("/documents/<uid>/attachments/<name>/remove")
@requires(Permission.LOAD_DOCUMENTS)
def remove(uid: str, name: str) -> ResponseReturnValue:
    """Take a file off the document."""
    _document(uid)
    try:
        detach(uid, name, trail=trail())
    except ServiceError as error:
        say(Notice.refused(error))
    else:
        say(Notice("success", f"{name} is removed."))
    return _back(uid)


def _document(uid: str) -> tuple[EntryBatch, KeptDocument]:
    batch = batch_of(viewer(), uid)
    if batch is None:
        abort(404)
    return batch, kept(uid)


def _back(uid: str) -> ResponseReturnValue:
    return redirect(url_for("batches.document", uid=uid, _anchor="files"), 303)
