"""Payments, and allocations of credit notes (d.8, d.9)."""

from typing import TYPE_CHECKING

from webapp.sandbox.call import Call, EndpointAnswer, elements_of
from webapp.sandbox.endpoints.documents import find_document
from webapp.sandbox.endpoints.paying import Paying
from webapp.sandbox.errors import ZERO_ID, as_entries, invalid, not_found
from webapp.sandbox.kinds import PAYMENTS
from webapp.sandbox.routing import Routes
from webapp.sandbox.rules.document_kinds import CREDIT_NOTE
from webapp.sandbox.rules.payments import (
    allocate,
    create_payment,
    delete_payment,
    remove_allocation,
)
from webapp.sandbox.rules.refused import ElementRefused
from webapp.sandbox.store import undoable

if TYPE_CHECKING:
    from webapp.sandbox.wire import JsonObject

routes = Routes()
Paying(PAYMENTS, "payment", create_payment, delete_payment, paged=True).register(routes)


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
