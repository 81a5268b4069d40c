"""Writing many elements in one call, each judged by itself (xero-api c.2)."""

from collections.abc import Callable

from webapp.sandbox.call import Call
from webapp.sandbox.errors import invalid
from webapp.sandbox.kinds import Kind
from webapp.sandbox.rules.refused import ElementRefused, shown
from webapp.sandbox.store import undoable
from webapp.sandbox.wire import JsonObject

Save = Callable[[JsonObject], JsonObject]


def write_all(call: Call, kind: Kind, flag: str, save: Save) -> JsonObject:
    """Save each element; results stand in the order of the request.

    ``flag`` is the member that says an element is in error (HasErrors or HasValidationErrors).

    Raises:
        Refusal: 400 with the bad elements, unless ``summarizeErrors=false``; nothing is kept.
    """
    summarize = call.flag("summarizeErrors", default=True)
    results: list[JsonObject] = []
    bad: list[JsonObject] = []
    for payload in call.elements(kind):
        try:
            with undoable(call.books.connection):
                saved = save(payload)
        except ElementRefused as refused:
            bad.append(shown(kind, payload, refused, flag))
            results.append(bad[-1])
            continue
        saved = {**saved, flag: False}
        if not summarize:
            saved["StatusAttributeString"] = "OK"
        results.append(saved)
    if bad and summarize:
        raise invalid(bad)
    return {kind.plural: results}


def write_one(kind: Kind, payload: JsonObject, flag: str, save: Save) -> JsonObject:
    """Save the one element of an endpoint that knows no summarizeErrors.

    Raises:
        Refusal: 400 with the element.
    """
    try:
        return save(payload)
    except ElementRefused as refused:
        raise invalid([shown(kind, payload, refused, flag)]) from refused
