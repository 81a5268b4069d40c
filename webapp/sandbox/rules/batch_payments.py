"""Batch payments: one line on the bank statement that pays several documents (d.9)."""

from decimal import Decimal

from webapp.sandbox.books import Books, new_id
from webapp.sandbox.dates import parse_day, wire_day
from webapp.sandbox.kinds import BATCH_PAYMENTS, PAYMENTS
from webapp.sandbox.rules.payments import create_payment, delete_payment
from webapp.sandbox.rules.refused import refuse
from webapp.sandbox.wire import JsonObject

_TYPE = {"ACCRECPAYMENT": "RECBATCH", "ACCPAYPAYMENT": "PAYBATCH"}


def create_batch_payment(books: Books, payload: JsonObject) -> JsonObject:
    """Pay every invoice the batch names, from one account on one day.

    Raises:
        ElementRefused: one of its payments breaks a rule, or they are not all of one side.
    """
    named = payload.get("Payments") or []
    if not named:
        raise refuse("A batch payment must hold at least one payment.")
    day = parse_day(payload.get("Date")) or books.clock.today(books.organisation.zone)
    given = {"Account": payload.get("Account"), "Date": day.isoformat()}
    children = [
        create_payment(books, {**one, **given, "Reference": one.get("Reference")}) for one in named
    ]
    kinds = {_TYPE.get(child["PaymentType"]) for child in children}
    if len(kinds) != 1 or None in kinds:
        raise refuse("The payments of a batch must all be of bills, or all of sales invoices.")
    batch: JsonObject = {
        "BatchPaymentID": new_id(),
        "Account": {"AccountID": children[0]["Account"]["AccountID"]},
        "Reference": str(payload.get("Reference") or ""),
        "Date": wire_day(day),
        "DateString": f"{day.isoformat()}T00:00:00",
        "Type": kinds.pop(),
        "Status": "AUTHORISED",
        "TotalAmount": sum((child["Amount"] for child in children), Decimal(0)),
        "IsReconciled": False,
        "UpdatedDateUTC": "",
        "Payments": [
            {
                "PaymentID": child["PaymentID"],
                "Amount": child["Amount"],
                "BankAmount": child["BankAmount"],
                "Reference": child["Reference"],
                "Invoice": {"InvoiceID": child["Invoice"]["InvoiceID"]},
            }
            for child in children
        ],
    }
    books.save(BATCH_PAYMENTS, batch)
    for child in children:
        books.save(PAYMENTS, {**child, **_mark(batch)})
    return batch


def delete_batch_payment(books: Books, batch: JsonObject, payload: JsonObject) -> JsonObject:
    """Remove a batch and with it every payment it made.

    Raises:
        ElementRefused: the body holds more than the status, or the batch is gone already.
    """
    own_id = str(batch["BatchPaymentID"])
    if set(payload) - {"Status", "BatchPaymentID"} or payload.get("Status") != "DELETED":
        raise refuse("The only change of a batch payment is to Status DELETED.", own_id)
    if batch["Status"] == "DELETED":
        raise refuse("Batch payment not of valid status for modification", own_id)
    for child in batch["Payments"]:
        payment = books.get(PAYMENTS, child["PaymentID"])
        if payment is not None and payment["Status"] != "DELETED":
            delete_payment(books, payment, {"Status": "DELETED"})
    gone = {**batch, "Status": "DELETED"}
    books.save(BATCH_PAYMENTS, gone)
    return gone


def _mark(batch: JsonObject) -> JsonObject:
    shown = ("BatchPaymentID", "Date", "DateString", "Type", "Status", "TotalAmount")
    return {
        "BatchPaymentID": batch["BatchPaymentID"],
        "BatchPayment": {member: batch[member] for member in shown},
    }
