"""Sales Codes: the list, and the form of one."""

from collections.abc import Mapping

from flask import Blueprint

from webapp.domain.setup.fields import TICKED
from webapp.domain.setup.sales_codes import FIELDS
from webapp.queries.setup import sales_codes
from webapp.queries.setup.gl_accounts import picking_fin_cos
from webapp.queries.viewers import Viewer
from webapp.services.setup.sales_codes import (
    create_sales_code,
    sales_code_faults,
    save_sales_code,
)
from webapp.services.setup.saving import By
from webapp.web.setup.forms import Form
from webapp.web.setup.lists import ListScreen, add_list
from webapp.web.setup.records import NEW, RecordScreen, add_records, record_id

LISTED = ListScreen(
    name="sales_codes",
    title="Sales Codes",
    hint="What a sales line is for. Each names its revenue account and its GST Type.",
    table=lambda _viewer: sales_codes.table(),
    adds="Sales Code",
)


def _form(viewer: Viewer, key: str) -> Form | None:
    id_ = record_id(key)
    kept = None if id_ is None else sales_codes.record(id_)
    if kept is None and key != NEW:
        return None
    return Form(
        name=kept.name if kept else "Sales Code",
        layout=lambda _code_type: FIELDS,
        faults=lambda given: sales_code_faults(kept, given),
        kept=kept,
        start={"sales_type": "Revenue", "active": TICKED},
        offered=sales_codes.offered(),
        picking=picking_fin_cos(viewer),
    )


def _save(form: Form, key: str, given: Mapping[str, str], mark: str, by: By) -> bool:
    if form.kept is None:
        create_sales_code(given, by)
        return True
    return save_sales_code(int(key), given, mark=mark, by=by)


blueprint = Blueprint(LISTED.name, __name__)
add_list(blueprint, LISTED)
add_records(blueprint, RecordScreen(listed=LISTED, form=_form, save=_save))
