"""Invoices and credit notes (d.7, d.8)."""

from decimal import Decimal

from webapp.sandbox.call import Call, EndpointAnswer, single
from webapp.sandbox.endpoints.writing import write_all, write_one
from webapp.sandbox.errors import not_found
from webapp.sandbox.filters import Condition
from webapp.sandbox.kinds import CONTACTS, fold
from webapp.sandbox.listing import any_of, list_records
from webapp.sandbox.money import round_to
from webapp.sandbox.routing import Routes
from webapp.sandbox.rules.document_kinds import CREDIT_NOTE, INVOICE, DocumentKind
from webapp.sandbox.rules.documents import save_document
from webapp.sandbox.rules.lifecycle import FINAL
from webapp.sandbox.rules.refused import refuse
from webapp.sandbox.wire import JsonObject

routes = Routes()

_UNPAGED_LEAVES_OUT = ("LineItems",)
_SUMMARY_LEAVES_OUT = ("LineItems", "Payments", "CreditNotes", "Prepayments", "Overpayments",
                       "HasAttachments", "Allocations")  # fmt: skip


def _register(sort: DocumentKind) -> None:
    """Both collections have the same endpoints."""
    plural = sort.kind.plural
    routes.on("GET", plural)(lambda call: _list(call, sort))
    routes.on("PUT POST", plural)(lambda call: _write(call, sort))
    routes.on("GET", f"{plural}/{{id}}")(lambda call: _one(call, sort))
    routes.on("POST", f"{plural}/{{id}}")(lambda call: _change(call, sort))


_register(INVOICE)
_register(CREDIT_NOTE)


def _list(call: Call, sort: DocumentKind) -> EndpointAnswer:
    mine = call.flag("createdByMyApp", default=False)
    listed = list_records(
        call,
        sort.kind,
        [
            any_of("id", [one.lower() for one in call.values("IDs")]),
            any_of("number", [fold(one) or "" for one in call.values(f"{sort.number_field}s")]),
            any_of("contact", [one.lower() for one in call.values("ContactIDs")]),
            any_of("status", [one.upper() for one in call.values("Statuses")]),
            Condition("made_by = ?", (call.books.app,)) if mine else None,
            _search(call.query.get("searchterm")),
        ],
        paged=True,
    )
    left_out: tuple[str, ...] = ()
    if call.flag("summaryOnly", default=False):
        left_out = _SUMMARY_LEAVES_OUT
    elif not listed.paged:
        left_out = _UNPAGED_LEAVES_OUT
    records = [
        {key: value for key, value in record.items() if key not in left_out}
        for record in listed.records
    ]
    return listed.answer(sort.kind, present(call, records))


def _search(term: str | None) -> Condition | None:
    if not term or not term.strip():
        return None
    wanted = fold(term)
    return Condition("(instr(number, ?) > 0 OR instr(reference, ?) > 0)", (wanted, wanted))


def _one(call: Call, sort: DocumentKind) -> EndpointAnswer:
    return single(sort.kind, present(call, [find_document(call, sort)])[0])


def find_document(call: Call, sort: DocumentKind) -> JsonObject:
    """Give the document the path names, by id or by number.

    Raises:
        Refusal: 404.
    """
    found = call.books.get(sort.kind, call.path["id"])
    if found is None:
        numbered = call.books.find(sort.kind, "number", call.path["id"])
        found = numbered[0] if numbered else None
    if found is None:
        raise not_found()
    return found


def _write(call: Call, sort: DocumentKind) -> EndpointAnswer:
    def save(payload: JsonObject) -> JsonObject:
        existing = _existing(call, sort, payload)
        return save_document(call.books, sort, payload, existing, unit_places=call.unit_places)

    answer = write_all(call, sort.kind, "HasErrors", save)
    answer[sort.kind.plural] = present(call, answer[sort.kind.plural])
    return answer


def _existing(call: Call, sort: DocumentKind, payload: JsonObject) -> JsonObject | None:
    """PUT always creates; POST changes by id, and sales documents also by number."""
    own_id = payload.get(sort.kind.id_field)
    if call.method == "PUT":
        return None
    if own_id:
        found = call.books.get(sort.kind, own_id)
        if found is None:
            raise refuse("The document with the supplied id was not found for this endpoint.")
        return found
    if payload.get("Type") != sort.sales_type:
        return None
    numbered = call.books.find(sort.kind, "number", payload.get(sort.number_field))
    for found in numbered:
        if found["Type"] == sort.sales_type:
            if found["Status"] in FINAL:
                raise refuse(sort.not_unique)
            return found
    return None


def _change(call: Call, sort: DocumentKind) -> EndpointAnswer:
    found = find_document(call, sort)
    saved = write_one(
        sort.kind,
        call.element(sort.kind),
        "HasErrors",
        lambda payload: save_document(
            call.books, sort, payload, found, unit_places=call.unit_places
        ),
    )
    return single(sort.kind, present(call, [saved])[0])


def present(call: Call, records: list[JsonObject]) -> list[JsonObject]:
    """Show documents: the contact as it is named today, unit amounts to the decimals asked for."""
    ids = {str((one.get("Contact") or {}).get("ContactID") or "") for one in records}
    contacts = call.books.by_ids(CONTACTS, ids)
    shown = []
    for record in records:
        contact = record.get("Contact") or {}
        today = contacts.get(str(contact.get("ContactID") or ""))
        if today is not None:
            contact = {
                "ContactGroups": [],
                "Addresses": [],
                "Phones": [],
                "ContactPersons": [],
                "HasValidationErrors": False,
                **contact,
                "ContactID": today["ContactID"],
                "Name": today["Name"],
            }
        copy = {**record, "Contact": contact}
        if "LineItems" in copy and call.unit_places == 2:  # noqa: PLR2004 - the usual two decimals
            copy["LineItems"] = [_two_decimals(line) for line in copy["LineItems"]]
        shown.append(copy)
    return shown


def _two_decimals(line: JsonObject) -> JsonObject:
    unit = line.get("UnitAmount")
    return {**line, "UnitAmount": round_to(unit, 2)} if isinstance(unit, Decimal) else line
