"""What an address asks for of the imports and of what they left out, and back."""

from collections.abc import Mapping

from flask import abort
from werkzeug.datastructures import MultiDict

from webapp.domain.left_out import BY_SLUG
from webapp.domain.runs import ImportKind, RunOrigin
from webapp.queries.import_history import AskedRuns
from webapp.queries.import_left_out import FAILED_FIRST, OUTCOMES, SORTS, Asked
from webapp.queries.sorting import Sort

LONGEST_TEXT = 100


def read_left_out(args: MultiDict[str, str]) -> Asked:
    """The filter of the left out records; 422 where it asks for what there is none of."""
    kind, outcome, cause = args.get("kind"), args.get("outcome"), args.get("cause")
    try:
        return Asked(
            kind=ImportKind(kind) if kind else None,
            outcome=OUTCOMES[OUTCOMES.index(outcome)] if outcome else None,
            cause=BY_SLUG[cause] if cause else None,
            text=args.get("text", "").strip()[:LONGEST_TEXT],
            sort=Sort.read(args.get("sort"), SORTS, FAILED_FIRST),
        )
    except (KeyError, ValueError):
        abort(422)


def left_out_arguments(asked: Asked) -> Mapping[str, str]:
    """The filter and order as arguments of an address, without what is the default anyway."""
    known = {
        "kind": asked.kind.value if asked.kind else None,
        "outcome": asked.outcome,
        "cause": asked.cause.slug if asked.cause else None,
        "text": asked.text or None,
        "sort": asked.sort.value if asked.sort != FAILED_FIRST else None,
    }
    return {name: value for name, value in known.items() if value}


def read_runs(args: MultiDict[str, str], fin_co_id: int | None) -> AskedRuns:
    """The filter of the history; 422 where it asks for an origin there is none of."""
    origin = args.get("origin")
    try:
        return AskedRuns(
            fin_co_id=fin_co_id,
            origin=RunOrigin(origin) if origin else None,
            with_problems=args.get("problems") == "yes",
        )
    except ValueError:
        abort(422)


def run_arguments(asked: AskedRuns) -> Mapping[str, str]:
    """The filter as arguments of an address, without the FinCo."""
    known = {
        "origin": asked.origin.value if asked.origin else None,
        "problems": "yes" if asked.with_problems else None,
    }
    return {name: value for name, value in known.items() if value}
