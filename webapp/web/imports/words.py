"""What an import did, in a sentence."""

from collections.abc import Iterable

from webapp.domain.runs import ImportKind, KindState, RunOrigin
from webapp.queries.import_progress import KindRow

NAMES = {
    ImportKind.COMPANIES: ("company", "companies"),
    ImportKind.JOB_RECEIPTS: ("job receipt", "job receipts"),
    ImportKind.PAYMENTS: ("payment", "payments"),
    ImportKind.GL_ACCOUNTS: ("GL account", "GL accounts"),
    ImportKind.EXPORT_CODES: ("Export Code", "Export Codes"),
    ImportKind.CURRENCIES: ("currency", "currencies"),
}
"""One and several of each kind."""

ORIGINS = {
    RunOrigin.PERSON: "somebody",
    RunOrigin.SCHEDULE: "the schedule",
    RunOrigin.COMMAND: "a command",
}


def started_by(origin: RunOrigin, name: str | None) -> str:
    """Who or what started a run."""
    return name or ORIGINS[origin]


def summary(kinds: Iterable[KindRow]) -> str:
    """What a run brought in: ``12 companies new, 3 changed; 40 payments new``."""
    ended = tuple(kinds)
    told = "; ".join(filter(None, map(_changes, ended)))
    if told:
        return told
    if all(kind.state is KindState.FAILED for kind in ended):
        return "Nothing was brought in"
    return "Nothing is new or changed"


def _changes(kind: KindRow) -> str:
    if kind.created:
        more = f", {kind.updated:,} changed" if kind.updated else ""
        return f"{kind.created:,} {_name(kind.kind, kind.created)} new{more}"
    if kind.updated:
        return f"{kind.updated:,} {_name(kind.kind, kind.updated)} changed"
    return ""


def _name(kind: ImportKind, count: int) -> str:
    one, several = NAMES[kind]
    return one if count == 1 else several
