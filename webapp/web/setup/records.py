"""A set-up record's form: its page or popup, its checks while one types, and saving it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.deps import current_deps
from webapp.domain.access import Permission
from webapp.domain.setup.fields import FieldKind
from webapp.queries.setup.fin_cos import companies_like
from webapp.queries.setup.gl_accounts import account_told, accounts_to_pick
from webapp.queries.setup.records import Choice
from webapp.queries.viewers import Viewer
from webapp.services.errors import ChangedMeanwhile, NotValid
from webapp.services.setup.saving import By
from webapp.web.integration.recording import source
from webapp.web.notices import CONFLICT, Notice, is_htmx, say
from webapp.web.security import requires, viewer
from webapp.web.setup.forms import CODE_TYPE, Form, shown
from webapp.web.setup.lists import ListScreen

NEW = "new"
"""The key of a record that is not there yet."""
UNPROCESSABLE = 422
LONGEST_ID = 9


def record_id(key: str) -> int | None:
    """The id that a key of an address is; None where it is none."""
    return int(key) if key.isdecimal() and len(key) <= LONGEST_ID else None


@dataclass(frozen=True, kw_only=True)
class RecordScreen:
    """How the records of a list are opened and saved.

    Attributes:
        listed: the list they are in.
        form: gives the form of a record by its key; None where there is none for this person.
        save: keeps what was filled in; says whether anything changed.
    """

    listed: ListScreen
    form: Callable[[Viewer, str], Form | None]
    save: Callable[[Form, str, Mapping[str, str], str, By], bool]


def add_records(blueprint: Blueprint, screen: RecordScreen) -> None:
    """Give a blueprint the form of its records and what the form asks for."""
    path = f"{screen.listed.path}/<key>"

    @blueprint.get(path)
    @requires(Permission.VIEW)
    def record(key: str) -> ResponseReturnValue:
        if key == NEW and not viewer().may(Permission.SET_UP):
            abort(403)
        form = _form(screen, key)
        return _page(screen, key, form, form.standing())

    @blueprint.post(path)
    @requires(Permission.SET_UP)
    def save(key: str) -> ResponseReturnValue:
        form = _form(screen, key)
        return _saved(screen, key, form)

    @blueprint.post(f"{path}/fields")
    @requires(Permission.SET_UP)
    def fields(key: str) -> ResponseReturnValue:
        form = _form(screen, key)
        values = {**form.standing(), **form.read(request.form)}
        return _page(screen, key, form, values, mark=request.form.get("mark"))

    @blueprint.post(f"{path}/check")
    @requires(Permission.SET_UP)
    def check(key: str) -> ResponseReturnValue:
        form = _form(screen, key)
        return _checked(form, request.args.get("field", ""))

    @blueprint.get(f"{path}/suggest")
    @requires(Permission.VIEW)
    def suggest(key: str) -> ResponseReturnValue:
        name = request.args.get("field", "")
        found = _suggestions(_form(screen, key), name, request.args.get(name, ""))
        return render_template("setup/_suggestions.html", name=name, suggestions=found)


def _form(screen: RecordScreen, key: str) -> Form:
    form = screen.form(viewer(), key)
    if form is None:
        abort(404)
    return form


def _saved(screen: RecordScreen, key: str, form: Form) -> ResponseReturnValue:
    given = form.read(request.form)
    by = By(viewer().user_id, source(), current_deps().clock())
    try:
        changed = screen.save(form, key, given, request.form.get("mark", ""), by)
    except NotValid as error:
        notice = Notice.refused(error)
        mark = request.form.get("mark")
        return _page(
            screen, key, form, given, faults=error.fields, notice=notice, mark=mark
        ), UNPROCESSABLE
    except ChangedMeanwhile as error:
        notice = Notice("warning", error.message, error.way_out)
        return _page(screen, key, _form(screen, key), given, notice=notice, clash=True), CONFLICT
    name = f"{form.name} {given['code']}" if form.kept is None else form.name
    if changed:
        say(Notice("success", f"{name} is saved."))
    else:
        say(Notice("info", f"Nothing was changed on {name}."))
    return _back(screen)


def _back(screen: RecordScreen) -> ResponseReturnValue:
    """Return to the list, as it stands where the form was opened over it."""
    address = url_for(f"{screen.listed.name}.listed")
    if not is_htmx():
        return redirect(address, 303)
    over_the_list = urlsplit(request.headers.get("HX-Current-URL", "")).path == address
    header = {"HX-Refresh": "true"} if over_the_list else {"HX-Redirect": address}
    return Response(headers=header)


def _page(
    screen: RecordScreen,
    key: str,
    form: Form,
    values: Mapping[str, str],
    *,
    faults: Mapping[str, str] | None = None,
    notice: Notice | None = None,
    clash: bool = False,
    mark: str | None = None,
) -> str:
    standing = form.kept.mark if form.kept else ""
    return render_template(
        "setup/_record.html" if is_htmx() else "setup/record.html",
        screen=screen.listed,
        key=key,
        form=form,
        fields=shown(form, values, faults or {}, clash=clash),
        notice=notice,
        # Until it is saved, a form stays one of what the person was shown first.
        mark=standing if mark is None else mark,
        may_save=viewer().may(Permission.SET_UP),
    )


def _checked(form: Form, name: str) -> ResponseReturnValue:
    given = form.read(request.form)
    if name not in given:
        abort(UNPROCESSABLE)
    field = next(one for one in form.fields(given.get(CODE_TYPE, "")) if one.name == name)
    known = field.kind is FieldKind.ACCOUNT and bool(form.picking)
    return render_template(
        "setup/_checked.html",
        fault=form.faults(given).get(name),
        told=account_told(form.picking, given[name], whole=field.whole) if known else None,
    )


def _suggestions(form: Form, name: str, typed: str) -> tuple[Choice, ...]:
    kinds = {one.name: one.kind for one in form.fields(request.args.get(CODE_TYPE, ""))}
    kind = kinds.get(name)
    if kind is FieldKind.ACCOUNT and form.picking:
        whole = "@" if typed.startswith("@") else ""
        marked = len(form.picking) > 1
        return tuple(
            Choice(
                f"{whole}{offer.code}",
                f"{offer.name} ({', '.join(offer.fin_cos)})" if marked else offer.name,
            )
            for offer in accounts_to_pick(form.picking, typed)
        )
    if kind is not FieldKind.COMPANY or form.kept is None or form.kept.fin_co_id is None:
        abort(UNPROCESSABLE)
    return companies_like(form.kept.fin_co_id, typed)
