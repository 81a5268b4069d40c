"""Payments and allocations: what they take from a document, and giving it back (d.8, d.9)."""

from decimal import Decimal

from webapp.sandbox.books import Books, new_id
from webapp.sandbox.dates import parse_day, wire_day
from webapp.sandbox.errors import Problems
from webapp.sandbox.kinds import CREDIT_NOTES, INVOICES, PAYMENTS, fold
from webapp.sandbox.money import number, round_to
from webapp.sandbox.rules.accounts import payment_account
from webapp.sandbox.rules.document_kinds import CREDIT_NOTE, INVOICE, DocumentKind
from webapp.sandbox.rules.documents import settle
from webapp.sandbox.rules.header import check_lock_dates
from webapp.sandbox.rules.refused import ElementRefused, refuse
from webapp.sandbox.wire import JsonObject

_PAYMENT_TYPE = {
    "ACCREC": "ACCRECPAYMENT",
    "ACCPAY": "ACCPAYPAYMENT",
    "ACCRECCREDIT": "ARCREDITPAYMENT",
    "ACCPAYCREDIT": "APCREDITPAYMENT",
}
NOT_APPROVED = "Payments can only be made against Authorised documents"
TOO_MUCH = "Payment amount exceeds the amount outstanding on this document"


def create_payment(books: Books, payload: JsonObject) -> JsonObject:
    """Pay an invoice or refund a credit note.

    Raises:
        ElementRefused: it breaks a rule.
    """
    sort, document = _target(books, payload)
    account = payment_account(books, _account_named(payload))
    amount = number(payload.get("Amount"))
    if amount is None or round_to(amount, 2) <= 0:
        raise refuse("Payment amount must be greater than zero.")
    amount = round_to(amount, 2)
    if document["Status"] != "AUTHORISED":
        raise refuse(NOT_APPROVED)
    if amount > document[sort.left_field]:
        raise refuse(TOO_MUCH)
    day = parse_day(payload.get("Date")) or books.clock.today(books.organisation.zone)
    problems = Problems()
    check_lock_dates(books, day, problems, "payment")
    if problems:
        raise ElementRefused(problems)
    payment = new_payment(books, payload, sort, document, account, amount)
    payment["Date"] = wire_day(day)
    books.save(PAYMENTS, payment)
    document["Payments"] = [*document["Payments"], on_document(payment)]
    settle(sort, document)
    books.save(sort.kind, document)
    return payment


def on_document(payment: JsonObject) -> JsonObject:
    """Give a payment as the document it pays shows it."""
    return {
        "PaymentID": payment["PaymentID"],
        "Date": payment["Date"],
        "Amount": payment["Amount"],
        "Reference": payment["Reference"],
        "CurrencyRate": payment["CurrencyRate"],
        "HasAccount": True,
        "HasValidationErrors": False,
    }


def delete_payment(books: Books, payment: JsonObject, payload: JsonObject) -> JsonObject:
    """Remove a payment: the body may hold its status only; the document is open again.

    Raises:
        ElementRefused: the body holds more, or the payment is gone already.
    """
    own_id = str(payment["PaymentID"])
    if set(payload) - {"Status", "PaymentID"}:
        raise refuse("Only Status accepted for updates.", own_id)
    if payload.get("Status") != "DELETED":
        raise refuse("The only Status a payment can be set to is DELETED.", own_id)
    if payment["Status"] == "DELETED":
        raise refuse("Payment not of valid status for modification", own_id)
    problems = Problems()
    day = parse_day(payment["Date"])
    if day:
        check_lock_dates(books, day, problems, "payment")
    if problems:
        raise ElementRefused(problems, own_id)
    sort = INVOICE if "Invoice" in payment else CREDIT_NOTE
    named = payment[sort.kind.singular]
    document = books.get(sort.kind, named[sort.kind.id_field])
    if document is not None:
        document["Payments"] = [
            part for part in document["Payments"] if part["PaymentID"] != own_id
        ]
        settle(sort, document)
        books.save(sort.kind, document)
    gone = {**payment, "Status": "DELETED"}
    books.save(PAYMENTS, gone)
    return gone


def allocate(books: Books, note: JsonObject, payload: JsonObject) -> JsonObject:
    """Set a credit note off against an invoice of the same contact and currency (d.8).

    Raises:
        ElementRefused: it breaks a rule.
    """
    named = payload.get("Invoice") or {}
    invoice = books.get(INVOICES, named.get("InvoiceID"))
    if invoice is None:
        raise refuse("The invoice to allocate to could not be found.")
    amount = number(payload.get("Amount"))
    day = parse_day(payload.get("Date")) or parse_day(note["Date"])
    if amount is None or round_to(amount, 2) <= 0:
        raise refuse("The allocated amount must be greater than zero.")
    amount = round_to(amount, 2)
    _check_allocation(note, invoice, amount)
    allocation: JsonObject = {
        "AllocationID": new_id(),
        "Invoice": {
            "InvoiceID": invoice["InvoiceID"],
            "InvoiceNumber": invoice["InvoiceNumber"],
        },
        "Amount": amount,
        "Date": wire_day(day) if day else note["Date"],
    }
    note["Allocations"] = [*note["Allocations"], allocation]
    part = {
        "CreditNoteID": note["CreditNoteID"],
        "CreditNoteNumber": note["CreditNoteNumber"],
        "ID": note["CreditNoteID"],
        "Total": note["Total"],
        "AppliedAmount": amount,
        "AllocationID": allocation["AllocationID"],
    }
    invoice["CreditNotes"] = [*invoice["CreditNotes"], part]
    for sort, document in ((CREDIT_NOTE, note), (INVOICE, invoice)):
        settle(sort, document)
        books.save(sort.kind, document)
    return allocation


def remove_allocation(books: Books, note: JsonObject, allocation_id: str) -> JsonObject | None:
    """Undo an allocation; None when the note has none of that id."""
    wanted = allocation_id.lower()
    found = [one for one in note["Allocations"] if one["AllocationID"] == wanted]
    if not found:
        return None
    note["Allocations"] = [one for one in note["Allocations"] if one["AllocationID"] != wanted]
    settle(CREDIT_NOTE, note)
    books.save(CREDIT_NOTES, note)
    invoice = books.get(INVOICES, found[0]["Invoice"]["InvoiceID"])
    if invoice is not None:
        invoice["CreditNotes"] = [
            one for one in invoice["CreditNotes"] if one["AllocationID"] != wanted
        ]
        settle(INVOICE, invoice)
        books.save(INVOICES, invoice)
    return {**found[0], "IsDeleted": True}


def _check_allocation(note: JsonObject, invoice: JsonObject, amount: Decimal) -> None:
    if note["Status"] != "AUTHORISED" or invoice["Status"] != "AUTHORISED":
        raise refuse(NOT_APPROVED)
    sales = (note["Type"] == "ACCRECCREDIT", invoice["Type"] == "ACCREC")
    if sales[0] != sales[1]:
        raise refuse("The credit note and the invoice are not of the same side.")
    if note["Contact"]["ContactID"] != invoice["Contact"]["ContactID"]:
        raise refuse("The credit note and the invoice must have the same contact.")
    if note["CurrencyCode"] != invoice["CurrencyCode"]:
        raise refuse("The credit note and the invoice must have the same currency.")
    if amount > note["RemainingCredit"] or amount > invoice["AmountDue"]:
        raise refuse(TOO_MUCH)


def _target(books: Books, payload: JsonObject) -> tuple[DocumentKind, JsonObject]:
    for sort in (INVOICE, CREDIT_NOTE):
        named = payload.get(sort.kind.singular)
        wanted_number = payload.get(sort.number_field)
        if not named and not wanted_number:
            continue
        named = named or {}
        document = books.get(sort.kind, named.get(sort.kind.id_field))
        if document is None and not named.get(sort.kind.id_field):
            found = books.find(sort.kind, "number", named.get(sort.number_field) or wanted_number)
            document = found[0] if len(found) == 1 else None
        if document is None:
            raise refuse(f"The {sort.noun} to be paid could not be found.")
        return sort, document
    raise refuse("A payment must name an invoice or a credit note.")


def _account_named(payload: JsonObject) -> JsonObject:
    named = payload.get("Account")
    return named if isinstance(named, dict) else {"Code": payload.get("Code")}


def new_payment(
    books: Books,
    payload: JsonObject,
    sort: DocumentKind,
    document: JsonObject,
    account: JsonObject,
    amount: Decimal,
) -> JsonObject:
    """Make a whole payment record of a document; its day is still to be set."""
    rate = number(payload.get("CurrencyRate")) or document["CurrencyRate"]
    bank = number(payload.get("BankAmount"))
    same = fold(document["CurrencyCode"]) == fold(books.organisation.base_currency)
    if bank is None:
        bank = amount if same else amount / Decimal(rate)
    return {
        "PaymentID": new_id(),
        "Date": "",
        "BankAmount": round_to(bank, 2),
        "Amount": amount,
        "Reference": str(payload.get("Reference") or ""),
        "CurrencyRate": rate,
        "PaymentType": _PAYMENT_TYPE[document["Type"]],
        "Status": "AUTHORISED",
        "UpdatedDateUTC": "",
        "UpdatedDateUTCString": "",
        "HasAccount": True,
        "IsReconciled": payload.get("IsReconciled") is True,
        "Account": {
            "AccountID": account["AccountID"],
            "Code": account["Code"],
            "Name": account["Name"],
        },
        sort.kind.singular: {
            "Type": document["Type"],
            sort.kind.id_field: document[sort.kind.id_field],
            sort.number_field: document[sort.number_field],
            "Contact": document["Contact"],
            "CurrencyCode": document["CurrencyCode"],
            "HasErrors": False,
        },
        "HasValidationErrors": False,
    }
