"""Financial Companies: the list, and the form of one."""

from collections.abc import Mapping

from flask import Blueprint

from webapp.domain.setup.fin_cos import FIELDS
from webapp.queries.setup import fin_cos
from webapp.queries.setup.gl_accounts import picking_fin_cos
from webapp.queries.viewers import Viewer
from webapp.services.setup.fin_cos import fin_co_faults, save_fin_co
from webapp.services.setup.saving import By
from webapp.web.setup.forms import Form
from webapp.web.setup.lists import ListScreen, add_list
from webapp.web.setup.records import RecordScreen, add_records

LISTED = ListScreen(
    name="financial_companies",
    title="Financial Companies",
    hint="The legal entities, each with an organisation of its own in Xero.",
    table=fin_cos.table,
)


def _form(viewer: Viewer, key: str) -> Form | None:
    kept = fin_cos.record(viewer, key)
    if kept is None:
        return None
    return Form(
        name=kept.name,
        layout=lambda _code_type: FIELDS,
        faults=lambda given: fin_co_faults(kept, given),
        kept=kept,
        offered=fin_cos.offered(),
        picking=picking_fin_cos(viewer, kept.fin_co_id),
    )


def _save(form: Form, _key: str, given: Mapping[str, str], mark: str, by: By) -> bool:
    assert form.kept is not None
    assert form.kept.fin_co_id is not None
    return save_fin_co(form.kept.fin_co_id, given, mark=mark, by=by)


blueprint = Blueprint(LISTED.name, __name__)
add_list(blueprint, LISTED)
add_records(blueprint, RecordScreen(listed=LISTED, form=_form, save=_save))
