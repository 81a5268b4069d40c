"""GL Accounts: the charts of the FinCos, imported or typed in by hand."""

from collections.abc import Mapping

from flask import Blueprint, abort, redirect, url_for
from flask.typing import ResponseReturnValue

from webapp.deps import current_deps
from webapp.domain.access import Permission
from webapp.domain.setup.fields import TICKED
from webapp.domain.setup.gl_accounts import FIELDS, FROM_XERO
from webapp.queries.setup.gl_account import comes_from_xero, offered, record
from webapp.queries.setup.gl_accounts import table
from webapp.queries.viewers import Viewer
from webapp.services.errors import ServiceError
from webapp.services.setup.gl_accounts import (
    create_gl_account,
    delete_gl_account,
    gl_account_faults,
    save_gl_account,
)
from webapp.services.setup.saving import By
from webapp.web.integration.recording import source
from webapp.web.notices import Notice, say
from webapp.web.security import requires, viewer
from webapp.web.setup.forms import Form
from webapp.web.setup.lists import ListScreen, add_list
from webapp.web.setup.records import NEW, RecordScreen, add_records, record_id

LISTED = ListScreen(
    name="gl_accounts",
    title="GL Accounts",
    hint="The accounts of each financial company. Where GL Accounts is ticked on the Xero "
    "Integration screen they come from Xero, and are changed there.",
    table=table,
    adds="GL Account",
)


def _form(viewer: Viewer, key: str) -> Form | None:
    id_ = record_id(key)
    kept = None if id_ is None else record(viewer, id_)
    if kept is None and key != NEW:
        return None
    return Form(
        name=kept.name if kept else "GL Account",
        layout=lambda _code_type: FIELDS,
        faults=lambda given: gl_account_faults(kept, given),
        kept=kept,
        start={"active": TICKED},
        offered=offered(kept),
        actions=((url_for("gl_accounts.delete", account_id=id_), "Delete this account"),)
        if kept
        else (),
        closed=FROM_XERO if kept and id_ is not None and comes_from_xero(id_) else None,
    )


def _save(form: Form, key: str, given: Mapping[str, str], mark: str, by: By) -> bool:
    if form.kept is None:
        create_gl_account(given, by)
        return True
    return save_gl_account(int(key), given, mark=mark, by=by)


blueprint = Blueprint(LISTED.name, __name__)
add_list(blueprint, LISTED)
add_records(blueprint, RecordScreen(listed=LISTED, form=_form, save=_save))


@blueprint.post(f"{LISTED.path}/<int:account_id>/delete")
@requires(Permission.SET_UP)
def delete(account_id: int) -> ResponseReturnValue:
    """Remove an account that was typed in by hand."""
    if record(viewer(), account_id) is None:
        abort(404)
    by = By(viewer().user_id, source(), current_deps().clock())
    try:
        code = delete_gl_account(account_id, by)
    except ServiceError as error:
        say(Notice.refused(error))
    else:
        say(
            Notice(
                "success",
                f"GL Account {code} is deleted.",
                "Records that name it still do. It can be made again, under this or another code.",
            )
        )
    return redirect(url_for("gl_accounts.listed"), 303)
