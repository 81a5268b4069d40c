"""Users: who may sign in, what they may do, and which FinCos they see."""

from collections.abc import Mapping

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.deps import current_deps
from webapp.domain.access import Permission, Role
from webapp.domain.setup.fields import TICKED
from webapp.domain.setup.users import FIELDS
from webapp.queries.setup import users
from webapp.queries.viewers import Viewer
from webapp.services.errors import NotValid
from webapp.services.setup.saving import By
from webapp.services.setup.users import create_user, give_password, save_user, user_faults
from webapp.web.integration.recording import source
from webapp.web.notices import Notice, is_htmx
from webapp.web.security import requires, viewer
from webapp.web.setup.forms import Form
from webapp.web.setup.lists import ListScreen, add_list
from webapp.web.setup.records import (
    NEW,
    UNPROCESSABLE,
    RecordScreen,
    add_records,
    record_id,
    record_page,
)

LISTED = ListScreen(
    name="users",
    title="Users",
    hint="Who signs in, what they may do, and which financial companies they see.",
    table=lambda _viewer: users.table(),
    adds="User",
    sees=Permission.MANAGE_USERS,
    changes=Permission.MANAGE_USERS,
)


def _form(_viewer: Viewer, key: str) -> Form | None:
    id_ = record_id(key)
    kept = None if id_ is None else users.record(id_)
    if kept is None and key != NEW:
        return None
    return Form(
        name=kept.name if kept else "User",
        layout=lambda _code_type: FIELDS,
        faults=lambda given: user_faults(id_, given),
        kept=kept,
        start={"active": TICKED, "role": Role.READ_ONLY.value},
        offered=users.offered(),
        actions=((url_for("users.password", key=key), "Give a new password"),) if kept else (),
    )


def _save(_form: Form, key: str, given: Mapping[str, str], mark: str, by: By) -> bool:
    return save_user(int(key), given, mark=mark, by=by)


SCREEN = RecordScreen(listed=LISTED, form=_form, save=_save)
blueprint = Blueprint(LISTED.name, __name__)
add_list(blueprint, LISTED)
add_records(blueprint, SCREEN)


@blueprint.post(f"{LISTED.path}/{NEW}")
@requires(Permission.MANAGE_USERS)
def create() -> ResponseReturnValue:
    """Make a user and show their password, this once."""
    form = _form(viewer(), NEW)
    assert form is not None
    given = form.read(request.form)
    try:
        password = create_user(given, _by())
    except NotValid as error:
        notice = Notice.refused(error)
        page = record_page(SCREEN, NEW, form, given, faults=error.fields, notice=notice)
        return page, UNPROCESSABLE
    return _shown(given["name"], password)


@blueprint.post(f"{LISTED.path}/<key>/password")
@requires(Permission.MANAGE_USERS)
def password(key: str) -> ResponseReturnValue:
    """Give a user another password and show it, this once."""
    id_ = record_id(key)
    kept = None if id_ is None else users.record(id_)
    if id_ is None or kept is None:
        abort(404)
    return _shown(kept.texts["name"], give_password(id_, _by()))


def _shown(name: str, new_password: str) -> str:
    # The answer itself shows it: kept for a next page it would lie about somewhere meanwhile.
    return render_template(
        "setup/_password.html" if is_htmx() else "setup/password.html",
        name=name,
        password=new_password,
        sign_in=current_deps().config.public_url,
    )


def _by() -> By:
    return By(viewer().user_id, source(), current_deps().clock())
