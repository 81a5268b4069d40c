"""GL Accounts: the charts of the FinCos, imported or typed in by hand."""

from collections.abc import Mapping

from flask import Blueprint

from webapp.domain.setup.fields import TICKED
from webapp.domain.setup.gl_accounts import FIELDS, FROM_XERO
from webapp.queries.setup.gl_account import comes_from_xero, offered, record
from webapp.queries.setup.gl_accounts import table
from webapp.queries.viewers import Viewer
from webapp.services.setup.gl_accounts import (
    create_gl_account,
    gl_account_faults,
    save_gl_account,
)
from webapp.services.setup.saving import By
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
