"""Locations, Work Centres, Job Types and Job Groups: their lists, and the form of each."""

from collections.abc import Mapping

from flask import Blueprint

from webapp.domain.setup.locations import layout
from webapp.queries.setup.plain import (
    JOB_GROUPS,
    JOB_TYPES,
    LOCATIONS,
    WORK_CENTRES,
    PlainKind,
    carries_batches,
)
from webapp.queries.viewers import Viewer
from webapp.services.setup.plain import create_plain, plain_faults, save_plain
from webapp.services.setup.saving import By
from webapp.web.setup.forms import Form
from webapp.web.setup.lists import ListScreen, add_list
from webapp.web.setup.records import NEW, RecordScreen, add_records, record_id


def _blueprint(kind: PlainKind, name: str, title: str, hint: str) -> Blueprint:
    listed = ListScreen(
        name=name, title=title, hint=hint, table=lambda _viewer: kind.table(), adds=kind.word
    )

    def form(_viewer: Viewer, key: str) -> Form | None:
        id_ = record_id(key)
        kept = None if id_ is None else kind.record(id_)
        if kept is None and key != NEW:
            return None
        fields = kind.fields
        if kind is LOCATIONS and id_ is not None:
            fields = layout(carried=carries_batches(id_))
        return Form(
            name=kept.name if kept else kind.word,
            layout=lambda _code_type: fields,
            faults=lambda given: plain_faults(kind, id_, given),
            kept=kept,
        )

    def save(form: Form, key: str, given: Mapping[str, str], mark: str, by: By) -> bool:
        if form.kept is None:
            create_plain(kind, given, by)
            return True
        return save_plain(kind, int(key), given, mark=mark, by=by)

    blueprint = Blueprint(name, __name__)
    add_list(blueprint, listed)
    add_records(blueprint, RecordScreen(listed=listed, form=form, save=save))
    return blueprint


locations = _blueprint(
    LOCATIONS,
    "locations",
    "Locations",
    "They stand above the Profit Centres, and their prefix begins the numbers of batches.",
)
work_centres = _blueprint(
    WORK_CENTRES,
    "work_centres",
    "Work Centres",
    "Stages of the work that group Activities and Sales Codes.",
)
job_types = _blueprint(
    JOB_TYPES,
    "job_types",
    "Job Types",
    "Kinds of jobs. They may fill Tracking Category 2 in Xero.",
)
job_groups = _blueprint(
    JOB_GROUPS,
    "job_groups",
    "Job Groups",
    "Groups of jobs by category. Those of the category Export may fill Tracking Category 2 in "
    "Xero.",
)
