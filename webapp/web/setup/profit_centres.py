"""Profit Centres: the list, and what the ledger knows of one."""

from flask import Blueprint

from webapp.domain.setup.profit_centres import FIELDS
from webapp.queries.setup import profit_centres
from webapp.queries.viewers import Viewer
from webapp.services.setup.profit_centres import profit_centre_faults, save_profit_centre
from webapp.web.setup.forms import Form
from webapp.web.setup.lists import ListScreen, add_list
from webapp.web.setup.records import RecordScreen, add_records, record_id

LISTED = ListScreen(
    name="profit_centres",
    title="Profit Centres",
    hint="Every job belongs to one. Its prefix and suffix complete the accounts of the job's "
    "codes, and its Export Code is what Tracking Category 1 says in Xero.",
    table=profit_centres.table,
)


def _form(viewer: Viewer, key: str) -> Form | None:
    id_ = record_id(key)
    kept = None if id_ is None else profit_centres.record(viewer, id_)
    if kept is None:
        return None
    return Form(
        name=kept.name,
        layout=lambda _code_type: FIELDS,
        faults=profit_centre_faults,
        kept=kept,
    )


blueprint = Blueprint(LISTED.name, __name__)
add_list(blueprint, LISTED)
add_records(
    blueprint,
    RecordScreen(
        listed=LISTED,
        form=_form,
        save=lambda _form, key, given, mark, by: save_profit_centre(
            int(key), given, mark=mark, by=by
        ),
    ),
)
