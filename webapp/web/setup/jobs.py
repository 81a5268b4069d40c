"""Jobs: the list, and the accounts that stand in place of those of a job's codes."""

from flask import Blueprint

from webapp.domain.setup.jobs import FIELDS
from webapp.queries.setup import jobs
from webapp.queries.setup.gl_accounts import picking_fin_cos
from webapp.queries.viewers import Viewer
from webapp.services.setup.jobs import job_faults, save_job_accounts
from webapp.web.setup.forms import Form
from webapp.web.setup.lists import ListScreen, add_list
from webapp.web.setup.records import RecordScreen, add_records, record_id

LISTED = ListScreen(
    name="jobs",
    title="Jobs",
    hint="Projects that are costed. A job may have accounts of its own for all its cost or "
    "revenue.",
    table=jobs.table,
)


def _form(viewer: Viewer, key: str) -> Form | None:
    id_ = record_id(key)
    kept = None if id_ is None else jobs.record(viewer, id_)
    if kept is None:
        return None
    return Form(
        name=kept.name,
        layout=lambda _code_type: FIELDS,
        faults=job_faults,
        kept=kept,
        picking=picking_fin_cos(viewer, kept.fin_co_id),
    )


blueprint = Blueprint(LISTED.name, __name__)
add_list(blueprint, LISTED)
add_records(
    blueprint,
    RecordScreen(
        listed=LISTED,
        form=_form,
        save=lambda _form, key, given, mark, by: save_job_accounts(
            int(key), given, mark=mark, by=by
        ),
    ),
)
