"""Jobs: the list, and the form of one."""

from collections.abc import Mapping

from flask import Blueprint

from webapp.domain.setup.fields import TICKED
from webapp.domain.setup.jobs import FIELDS
from webapp.queries.setup import jobs
from webapp.queries.setup.gl_accounts import picking_fin_cos
from webapp.queries.viewers import Viewer
from webapp.services.setup.jobs import create_job, job_faults, save_job
from webapp.services.setup.saving import By
from webapp.web.setup.forms import Form
from webapp.web.setup.lists import ListScreen, add_list
from webapp.web.setup.records import NEW, RecordScreen, add_records, record_id

LISTED = ListScreen(
    name="jobs",
    title="Jobs",
    hint="Projects that are costed. A job may have accounts of its own for all its cost or "
    "revenue.",
    table=jobs.table,
    adds="Job",
)


def _form(viewer: Viewer, key: str) -> Form | None:
    id_ = record_id(key)
    kept = None if id_ is None else jobs.record(viewer, id_)
    if kept is None and key != NEW:
        return None
    fin_co_id = kept.fin_co_id if kept else None
    return Form(
        name=kept.name if kept else "Job",
        layout=lambda _code_type: FIELDS,
        faults=lambda given: job_faults(kept, given, id_),
        kept=kept,
        start={"active": TICKED},
        offered=jobs.offered(fin_co_id),
        # A new job's FinCo follows from its Profit Centre: until then accounts of all are offered.
        picking=picking_fin_cos(viewer, fin_co_id),
        beside=lambda given: fin_co_id or jobs.fin_co_of_centre(given.get("profit_centre", "")),
    )


def _save(form: Form, key: str, given: Mapping[str, str], mark: str, by: By) -> bool:
    if form.kept is None:
        create_job(given, by)
        return True
    return save_job(int(key), given, mark=mark, by=by)


blueprint = Blueprint(LISTED.name, __name__)
add_list(blueprint, LISTED)
add_records(blueprint, RecordScreen(listed=LISTED, form=_form, save=_save))
