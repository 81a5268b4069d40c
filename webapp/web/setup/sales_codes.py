"""Sales Codes: the list, and the form of one."""

from flask import Blueprint

from webapp.domain.setup.sales_codes import FIELDS
from webapp.queries.setup import sales_codes
from webapp.queries.setup.gl_accounts import picking_fin_cos
from webapp.queries.viewers import Viewer
from webapp.services.setup.sales_codes import sales_code_faults, save_sales_code
from webapp.web.setup.forms import Form
from webapp.web.setup.lists import ListScreen, add_list
from webapp.web.setup.records import RecordScreen, add_records, record_id

LISTED = ListScreen(
    name="sales_codes",
    title="Sales Codes",
    hint="What a sales line is for. Each names its revenue account and its GST Type.",
    table=lambda _viewer: sales_codes.table(),
)


def _form(viewer: Viewer, key: str) -> Form | None:
    id_ = record_id(key)
    kept = None if id_ is None else sales_codes.record(id_)
    if kept is None:
        return None
    return Form(
        name=kept.name,
        layout=lambda _code_type: FIELDS,
        faults=sales_code_faults,
        kept=kept,
        offered=sales_codes.offered(),
        picking=picking_fin_cos(viewer),
    )


blueprint = Blueprint(LISTED.name, __name__)
add_list(blueprint, LISTED)
add_records(
    blueprint,
    RecordScreen(
        listed=LISTED,
        form=_form,
        save=lambda _form, key, given, mark, by: save_sales_code(int(key), given, mark=mark, by=by),
    ),
)
