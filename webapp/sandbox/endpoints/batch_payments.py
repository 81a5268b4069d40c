"""Batch payments (d.9); their children are listed under Payments."""

from webapp.sandbox.call import Call, EndpointAnswer, single
from webapp.sandbox.endpoints.writing import write_all, write_one
from webapp.sandbox.errors import not_found
from webapp.sandbox.kinds import BATCH_PAYMENTS
from webapp.sandbox.listing import list_records
from webapp.sandbox.routing import Routes
from webapp.sandbox.rules.batch_payments import create_batch_payment, delete_batch_payment
from webapp.sandbox.rules.refused import refuse
from webapp.sandbox.wire import JsonObject

routes = Routes()

_FLAG = "HasValidationErrors"


@routes.on("GET", "BatchPayments")
def batch_payments(call: Call) -> EndpointAnswer:
    """List batch payments, removed ones too; this list knows no pages."""
    listed = list_records(call, BATCH_PAYMENTS, paged=False)
    return listed.answer(BATCH_PAYMENTS, listed.records)


@routes.on("GET", "BatchPayments/{id}")
def batch_payment(call: Call) -> EndpointAnswer:
    """Give one batch payment."""
    return single(BATCH_PAYMENTS, _batch(call))


@routes.on("PUT POST", "BatchPayments")
def write_batch_payments(call: Call) -> EndpointAnswer:
    """Pay in batches; a POST that names a batch removes it."""

    def save(payload: JsonObject) -> JsonObject:
        if call.method == "POST" and payload.get("BatchPaymentID"):
            found = call.books.get(BATCH_PAYMENTS, payload["BatchPaymentID"])
            if found is None:
                raise refuse("The batch payment could not be found.")
            return delete_batch_payment(call.books, found, payload)
        return create_batch_payment(call.books, payload)

    return write_all(call, BATCH_PAYMENTS, _FLAG, save)


@routes.on("POST", "BatchPayments/{id}")
def remove_batch_payment(call: Call) -> EndpointAnswer:
    """Remove a batch payment: the body holds its status only."""
    found = _batch(call)
    saved = write_one(
        BATCH_PAYMENTS,
        call.element(BATCH_PAYMENTS),
        _FLAG,
        lambda payload: delete_batch_payment(call.books, found, payload),
    )
    return single(BATCH_PAYMENTS, saved)


def _batch(call: Call) -> JsonObject:
    found = call.books.get(BATCH_PAYMENTS, call.path["id"])
    if found is None:
        raise not_found()
    return found
