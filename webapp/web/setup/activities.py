"""Activities: the list, and the popup that creates and edits one."""

from collections.abc import Mapping

from flask import Blueprint

from webapp.domain.setup.activities import layout
from webapp.domain.setup.fields import TICKED
from webapp.queries.setup import activities
from webapp.queries.setup.gl_accounts import picking_fin_cos
from webapp.queries.viewers import Viewer
from webapp.services.setup.activities import activity_faults, create_activity, save_activity
from webapp.services.setup.saving import By
from webapp.web.setup.forms import Form
from webapp.web.setup.lists import ListScreen, add_list
from webapp.web.setup.records import NEW, RecordScreen, add_records, record_id

LISTED = ListScreen(
    name="activities",
    title="Activities",
    hint="The codes of all cost. The accounts that costs post to are set here.",
    table=lambda _viewer: activities.table(),
    adds="Activity",
)


def _form(viewer: Viewer, key: str) -> Form | None:
    id_ = record_id(key)
    kept = None if id_ is None else activities.record(id_)
    if kept is None and key != NEW:
        return None
    return Form(
        name=kept.name if kept else "Activity",
        layout=layout,
        faults=lambda given: activity_faults(kept, given),
        kept=kept,
        start={"code_type": "Purchase", "active": TICKED},
        offered=activities.offered(kept),
        picking=picking_fin_cos(viewer),
    )


def _save(form: Form, key: str, given: Mapping[str, str], mark: str, by: By) -> bool:
    if form.kept is None:
        create_activity(given, by)
        return True
    return save_activity(int(key), given, mark=mark, by=by)


blueprint = Blueprint(LISTED.name, __name__)
add_list(blueprint, LISTED)
add_records(blueprint, RecordScreen(listed=LISTED, form=_form, save=_save))
