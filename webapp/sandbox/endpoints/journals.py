"""Manual journals (d.10)."""

from webapp.sandbox.call import Call, EndpointAnswer, single
from webapp.sandbox.endpoints.writing import write_all, write_one
from webapp.sandbox.errors import not_found
from webapp.sandbox.kinds import MANUAL_JOURNALS
from webapp.sandbox.listing import list_records
from webapp.sandbox.routing import Routes
from webapp.sandbox.rules.journals import save_journal
from webapp.sandbox.rules.refused import refuse
from webapp.sandbox.wire import JsonObject

routes = Routes()


@routes.on("GET", "ManualJournals")
def journals(call: Call) -> EndpointAnswer:
    """List journals; lines only in a paged list."""
    listed = list_records(call, MANUAL_JOURNALS, paged=True)
    records = listed.records
    if not listed.paged:
        records = [
            {key: value for key, value in one.items() if key != "JournalLines"} for one in records
        ]
    return listed.answer(MANUAL_JOURNALS, records)


@routes.on("GET", "ManualJournals/{id}")
def journal(call: Call) -> EndpointAnswer:
    """Give one journal."""
    return single(MANUAL_JOURNALS, _journal(call))


@routes.on("PUT POST", "ManualJournals")
def write_journals(call: Call) -> EndpointAnswer:
    """Make journals; POST also changes them by id."""

    def save(payload: JsonObject) -> JsonObject:
        existing = None
        if call.method == "POST" and payload.get("ManualJournalID"):
            existing = call.books.get(MANUAL_JOURNALS, payload["ManualJournalID"])
            if existing is None:
                raise refuse("The document with the supplied id was not found for this endpoint.")
        return save_journal(call.books, payload, existing)

    return write_all(call, MANUAL_JOURNALS, "HasErrors", save)


@routes.on("POST", "ManualJournals/{id}")
def change_journal(call: Call) -> EndpointAnswer:
    """Change one journal."""
    found = _journal(call)
    saved = write_one(
        MANUAL_JOURNALS,
        call.element(MANUAL_JOURNALS),
        "HasErrors",
        lambda payload: save_journal(call.books, payload, found),
    )
    return single(MANUAL_JOURNALS, saved)


def _journal(call: Call) -> JsonObject:
    found = call.books.get(MANUAL_JOURNALS, call.path["id"])
    if found is None:
        raise not_found()
    return found
