"""What each person may load, and which load an address speaks of."""

from flask import abort

from webapp.domain.access import Permission
from webapp.domain.ingest.target import Target
from webapp.queries.loading.runs import LoadRow, load_run
from webapp.queries.viewers import Viewer
from webapp.services.loading import targets
from webapp.web.security import viewer

_RECORDS = {
    "companies": Permission.EDIT_COMPANIES,
    "currencies": Permission.EDIT_CURRENCIES,
}


def asked_for(target: Target) -> Permission:
    """What a person needs to load this: the same as for doing it by hand on the screens."""
    if target.is_documents:
        return Permission.LOAD_DOCUMENTS
    return _RECORDS.get(target.name, Permission.SET_UP)


def offered(person: Viewer) -> tuple[Target, ...]:
    """Everything this person may load."""
    return tuple(target for target in targets() if person.may(asked_for(target)))


def target_named(name: str) -> Target:
    """The target of that name; 404 where there is none."""
    found = next((target for target in targets() if target.name == name), None)
    if found is None:
        abort(404)
    return found


def run_to_see(run_id: int) -> LoadRow:
    """The load, for those who may see its FinCo."""
    found = load_run(viewer(), run_id)
    if found is None:
        abort(404)
    return found


def run_to_load(run_id: int) -> tuple[LoadRow, Target]:
    """The load and what it makes, for those who may load such things."""
    run = run_to_see(run_id)
    target = target_named(run.target)
    if not viewer().may(asked_for(target)):
        abort(403)
    return run, target
