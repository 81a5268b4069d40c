"""Payments, and allocations of credit notes (d.8, d.9)."""

from webapp.sandbox.call import Call, EndpointAnswer, elements_of, single
from webapp.sandbox.endpoints.documents import find_document
from webapp.sandbox.endpoints.writing import write_all, write_one
from webapp.sandbox.errors import ZERO_ID, as_entries, invalid, not_found
from webapp.sandbox.kinds import PAYMENTS
from webapp.sandbox.listing import list_records
from webapp.sandbox.routing import Routes
from webapp.sandbox.rules.document_kinds import CREDIT_NOTE
from webapp.sandbox.rules.payments import (
    allocate,
    create_payment,
    delete_payment,
    remove_allocation,
)
from webapp.sandbox.rules.refused import ElementRefused, refuse
from webapp.sandbox.store import undoable
from webapp.sandbox.wire import JsonObject

routes = Routes()

_FLAG = "HasValidationErrors"


@routes.on("GET", "Payments")
def payments(call: Call) -> EndpointAnswer:
    """List payments, removed ones too."""
    listed = list_records(call, PAYMENTS, paged=True)
    return listed.answer(PAYMENTS, listed.records)


@routes.on("GET", "Payments/{id}")
def payment(call: Call) -> EndpointAnswer:
    """Give one payment."""
    return single(PAYMENTS, _payment(call))


@routes.on("PUT POST", "Payments")
def write_payments(call: Call) -> EndpointAnswer:
    """Pay documents; a POST that names a payment removes it."""

    def save(payload: JsonObject) -> JsonObject:
        if call.method == "POST" and payload.get("PaymentID"):
            found = call.books.get(PAYMENTS, payload["PaymentID"])
            if found is None:
                raise refuse("The payment could not be found.")
            return delete_payment(call.books, found, payload)
        return create_payment(call.books, payload)

    return write_all(call, PAYMENTS, _FLAG, save)


@routes.on("POST", "Payments/{id}")
def remove_payment(call: Call) -> EndpointAnswer:
    """Remove a payment: the body holds its status only."""
    found = _payment(call)
    saved = write_one(
        PAYMENTS,
        call.element(PAYMENTS),
        _FLAG,
        lambda payload: delete_payment(call.books, found, payload),
    )
    return single(PAYMENTS, saved)


def _payment(call: Call) -> JsonObject:
    found = call.books.get(PAYMENTS, call.path["id"])
    if found is None:
        raise not_found()
    return found


@routes.on("PUT", "CreditNotes/{id}/Allocations")
def add_allocations(call: Call) -> EndpointAnswer:
    """Set a credit note off against invoices."""
    summarize = call.flag("summarizeErrors", default=True)
    note = find_document(call, CREDIT_NOTE)
    results: list[JsonObject] = []
    bad: list[JsonObject] = []
    for payload in elements_of(call.body, "Allocations", "Allocation"):
        try:
            with undoable(call.books.connection):
                results.append(allocate(call.books, note, payload))
        except ElementRefused as refused:
            element = {
                **payload,
                "AllocationID": ZERO_ID,
                "StatusAttributeString": "ERROR",
                "ValidationErrors": as_entries(refused.problems.messages),
            }
            bad.append(element)
            results.append(element)
    if bad and summarize:
        raise invalid(bad)
    return {"Allocations": results}


@routes.on("DELETE", "CreditNotes/{id}/Allocations/{allocation}")
def delete_allocation(call: Call) -> EndpointAnswer:
    """Undo an allocation; the answer is the bare element."""
    note = find_document(call, CREDIT_NOTE)
    removed = remove_allocation(call.books, note, call.path["allocation"])
    if removed is None:
        raise not_found()
    return removed
