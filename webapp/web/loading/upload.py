"""The first step: what a file holds, and the file."""

from typing import BinaryIO, cast

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.config import loads_path
from webapp.deps import current_deps
from webapp.domain.access import Permission
from webapp.domain.ingest.errors import FileRefused
from webapp.queries import viewers
from webapp.services.errors import ServiceError
from webapp.services.loading import receive
from webapp.services.loading.files import LARGEST_FILE
from webapp.web.csv_files import csv_file
from webapp.web.loading.allowed import asked_for, offered, target_named
from webapp.web.notices import Notice, say
from webapp.web.security import fin_co_or_404, requires, viewer, viewer_or_none

AROUND_THE_FILE = 100_000
"""What a form sends besides its file."""
SEND = "load_files.send"
MEGABYTE = 1_000_000

blueprint = Blueprint("load_files", __name__)


@blueprint.url_value_preprocessor
def _make_room(endpoint: str | None, _values: dict[str, str] | None) -> None:
    # The token of a form is read before any view begins, and with it the whole form.
    person = viewer_or_none()
    if endpoint != SEND or person is None or not person.may(Permission.LOAD_DOCUMENTS):
        return
    request.max_content_length = LARGEST_FILE + AROUND_THE_FILE
    if (request.content_length or 0) > request.max_content_length:
        size = (request.content_length or 0) // MEGABYTE
        say(
            Notice(
                "danger",
                f"That file has {size:,} MB; the limit is {LARGEST_FILE // MEGABYTE} MB.",
                "Export a shorter time, such as one month, or split the file between documents.",
            )
        )
        abort(redirect(url_for("load_files.choose"), 303))


@blueprint.get("/loads/new")
@requires(Permission.LOAD_DOCUMENTS)
def choose() -> ResponseReturnValue:
    """Choose what the file holds, and the file."""
    return _page(request.args.get("target", ""), request.args.get("fin_co", ""))


@blueprint.post("/loads/new")
@requires(Permission.LOAD_DOCUMENTS)
def send() -> ResponseReturnValue:
    """Keep the file; how it reads is the next step."""
    name, code = request.form.get("target", ""), request.form.get("fin_co", "")
    if not name:
        return _page(name, code, {"target": "Choose what the file holds."}), 422
    target = target_named(name)
    if not viewer().may(asked_for(target)):
        abort(403)
    wrong = {}
    if target.per_fin_co and not code:
        wrong["fin_co"] = f"Choose the financial company whose {target.label} they are."
    fin_co = fin_co_or_404(code) if target.per_fin_co and code else None
    file = request.files.get("file")
    if file is None or not file.filename:
        wrong["file"] = "Choose the file."
    if wrong or file is None:
        return _page(name, code, wrong), 422
    try:
        run_id = receive(
            cast("BinaryIO", file.stream),
            file.filename or "",
            target=target.name,
            fin_co_id=fin_co.id if fin_co else None,
            folder=loads_path(),
            user_id=viewer().user_id,
            now=current_deps().clock(),
        )
    except (FileRefused, ServiceError) as error:
        say(Notice("danger", f"{file.filename}: {error.message}", error.way_out))
        return _page(name, code), 422
    return redirect(url_for("load_mapping.edit", run_id=run_id), 303)


@blueprint.get("/loads/templates/<name>.csv")
@requires(Permission.LOAD_DOCUMENTS)
def template(name: str) -> Response:
    """An empty file with the headings that are recognised by themselves."""
    target = target_named(name)
    return csv_file(f"{target.name}-template", [field.label for field in target.fields], ())


def _page(name: str, code: str, wrong: dict[str, str] | None = None) -> str:
    person = viewer()
    fin_cos = viewers.visible_fin_cos(person)
    if not code and len(fin_cos) == 1:
        code = fin_cos[0].code
    return render_template(
        "loading/choose.html",
        targets=offered(person),
        chosen=name,
        fin_cos=fin_cos,
        fin_co=code,
        wrong=wrong or {},
        limit=LARGEST_FILE // MEGABYTE,
    )
