"""The second step: which column is which, and how the file is written."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.deps import current_deps
from webapp.domain.access import Permission
from webapp.domain.ingest.errors import FileRefused, MappingRefused
from webapp.domain.ingest.settings import LoadMapping
from webapp.domain.ingest.target import Target
from webapp.queries.loading.runs import LoadRow
from webapp.services.errors import ServiceError
from webapp.services.loading import look, mapping_of, set_mapping, sources, suggested
from webapp.services.loading.found import Look
from webapp.web.loading.allowed import run_to_load
from webapp.web.loading.asking import Asked, questions
from webapp.web.loading.mapping_form import read_mapping
from webapp.web.notices import Notice, say
from webapp.web.security import requires

MOST_TRIED = 5
"""Remembered mappings for which a file is read again to see whether they fit it."""
LONGEST_NAME = 80

blueprint = Blueprint("load_mapping", __name__)


@dataclass(frozen=True)
class Shown:
    """What the page says of a file and its mapping."""

    look: Look | None
    mapping: LoadMapping
    remembered: str | None = None
    """The name of the remembered mapping that was taken."""
    guessed: bool = False
    """Whether the columns are what their headings suggest, and nobody has said so yet."""
    refused: FileRefused | None = None
    problems: Sequence[str] = ()


@blueprint.get("/loads/<int:run_id>/mapping")
@requires(Permission.LOAD_DOCUMENTS)
def edit(run_id: int) -> ResponseReturnValue:
    """Show what the file is, and how it would be read."""
    run, target = run_to_load(run_id)
    if not run.editable:
        return _onward(run)
    asked = request.args.get("source", "")
    if asked:
        return _page(run, target, _by_source(run, asked))
    if run.settings is not None:
        return _page(run, target, _looked(run, LoadMapping.from_json(run.settings)))
    return _page(run, target, _first(run, afresh=request.args.get("afresh") == "yes"))


@blueprint.post("/loads/<int:run_id>/mapping")
@requires(Permission.LOAD_DOCUMENTS)
def save(run_id: int) -> ResponseReturnValue:
    """Keep the mapping and go on, or read the file again by what was changed."""
    run, target = run_to_load(run_id)
    if not run.editable:
        return _onward(run)
    mapping, problems = read_mapping(request.form, target)
    if request.form.get("do") == "look":
        return _page(run, target, replace(_looked(run, mapping), problems=problems))
    name = request.form.get("remember_as", "").strip()[:LONGEST_NAME]
    refused = None
    if not problems:
        try:
            set_mapping(run.id, mapping, remember_as=name or None, now=current_deps().clock())
            return redirect(url_for("load_preview.show", run_id=run.id), 303)
        except MappingRefused as error:
            problems = error.problems
        except FileRefused as error:
            refused = error
        except ServiceError as error:
            problems = [f"{error.message} {error.way_out}"]
    shown = _looked(run, mapping)
    return _page(
        run, target, replace(shown, problems=problems, refused=shown.refused or refused)
    ), 422


def _onward(run: LoadRow) -> ResponseReturnValue:
    say(
        Notice(
            "info", "This file is loaded already.", "To load another, begin with the file itself."
        )
    )
    return redirect(url_for("loads.run_page", run_id=run.id), 303)


def _first(run: LoadRow, *, afresh: bool) -> Shown:
    try:
        found = look(run.id)
    except FileRefused as refused:
        return Shown(None, LoadMapping(), refused=refused)
    fitting = None if afresh else _fitting(run, found)
    return fitting or Shown(found, suggested(run.id, found), guessed=True)


def _fitting(run: LoadRow, found: Look) -> Shown | None:
    """By the remembered mapping that was saved last and whose columns this file has."""
    known = sorted(sources(run.target, run.fin_co_id), key=lambda one: one.saved_at, reverse=True)
    for source in known[:MOST_TRIED]:
        mapping = mapping_of(source)
        if not (_has(found, mapping) or _is_told(mapping)):
            continue
        seen = _look_again(run, mapping)
        if seen is not None and _has(seen, mapping):
            return Shown(seen, mapping, remembered=source.name)
    return None


def _is_told(mapping: LoadMapping) -> bool:
    """Whether it says of the file what may let other columns be seen."""
    return bool(mapping.encoding or mapping.delimiter or mapping.sheet or mapping.header_row != 1)


def _look_again(run: LoadRow, mapping: LoadMapping) -> Look | None:
    try:
        return look(run.id, mapping)
    except (FileRefused, MappingRefused):
        return None


def _has(found: Look, mapping: LoadMapping) -> bool:
    return bool(mapping.columns) and {column.name for column in found.columns} >= set(
        mapping.columns.values()
    )


def _by_source(run: LoadRow, asked: str) -> Shown:
    for source in sources(run.target, run.fin_co_id):
        if str(source.id) == asked:
            return replace(_looked(run, mapping_of(source)), remembered=source.name)
    return _first(run, afresh=True)


def _looked(run: LoadRow, mapping: LoadMapping) -> Shown:
    """Look at the file by a mapping; columns it has not are no longer asked of it."""
    try:
        found = look(run.id, mapping)
    except FileRefused as refused:
        return Shown(None, mapping, refused=refused)
    names = {column.name for column in found.columns}
    kept = {field: name for field, name in mapping.columns.items() if name in names}
    if not kept and found.columns:
        kept = dict(suggested(run.id, found).columns)
    if kept != dict(mapping.columns):
        mapping = replace(mapping, columns=kept)
        # Which dates and numbers there are follows from the columns.
        found = look(run.id, mapping)
    return Shown(found, mapping)


def _page(run: LoadRow, target: Target, shown: Shown) -> str:
    found = shown.look
    asked = questions(Path(run.stored_path), found, shown.mapping, target) if found else ()
    return render_template(
        "loading/mapping.html",
        run=run,
        target=target,
        shown=shown,
        look=found,
        mapping=shown.mapping,
        feeds={heading: name for name, heading in shown.mapping.columns.items()},
        asked=asked,
        problems=_told(shown.problems, asked),
        sources=sources(run.target, run.fin_co_id),
    )


def _told(problems: Sequence[str], asked: Sequence[Asked]) -> list[str]:
    """What is wrong; for what is only open yet, the question on the page is named."""
    if not problems:
        return []
    still_open = [one for one in asked if one.is_open]
    names = tuple(f"{one.name}: " for one in still_open)
    return [
        *(problem for problem in problems if not problem.startswith(names)),
        *(f"{one.label}: choose below how to read the file." for one in still_open),
    ]
