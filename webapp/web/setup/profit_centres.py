"""Profit Centres: the list, and the form of one."""

from collections.abc import Mapping

from flask import Blueprint

from webapp.domain.setup.profit_centres import FIELDS
from webapp.queries.setup import profit_centres
from webapp.queries.viewers import Viewer
from webapp.services.setup.profit_centres import (
    create_profit_centre,
    profit_centre_faults,
    save_profit_centre,
)
from webapp.services.setup.saving import By
from webapp.web.setup.forms import Form
from webapp.web.setup.lists import ListScreen, add_list
from webapp.web.setup.records import NEW, RecordScreen, add_records, record_id

LISTED = ListScreen(
    name="profit_centres",
    title="Profit Centres",
    hint="Every job belongs to one. Its prefix and suffix complete the accounts of the job's "
    "codes, and its Export Code is what Tracking Category 1 says in Xero.",
    table=profit_centres.table,
    adds="Profit Centre",
)


def _form(viewer: Viewer, key: str) -> Form | None:
    id_ = record_id(key)
    kept = None if id_ is None else profit_centres.record(viewer, id_)
    if kept is None and key != NEW:
        return None
    return Form(
        name=kept.name if kept else "Profit Centre",
        layout=lambda _code_type: FIELDS,
        faults=lambda given: profit_centre_faults(kept, given),
        kept=kept,
        offered=profit_centres.offered(),
    )


def _save(form: Form, key: str, given: Mapping[str, str], mark: str, by: By) -> bool:
    if form.kept is None:
        create_profit_centre(given, by)
        return True
    return save_profit_centre(int(key), given, mark=mark, by=by)


blueprint = Blueprint(LISTED.name, __name__)
add_list(blueprint, LISTED)
add_records(blueprint, RecordScreen(listed=LISTED, form=_form, save=_save))
