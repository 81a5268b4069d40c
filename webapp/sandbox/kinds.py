"""The collections of the accounting API and which of their members are indexed."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from webapp.sandbox.dates import parse_day
from webapp.sandbox.money import cents
from webapp.sandbox.wire import JsonObject

Index = dict[str, str | int | None]


@dataclass(frozen=True)
class Kind:
    """One collection: its names, its id member, and how a record is indexed."""

    plural: str
    singular: str
    id_field: str
    index: Callable[[JsonObject], Index]
    where: dict[str, str]
    """Members a ``where`` or ``order`` may name, lower-case, and the column behind each."""


def fold(value: object) -> str | None:
    """Give the form in which texts are compared: no case, no outer spaces; None for nothing."""
    return str(value).strip().casefold() if value else None


def _day(value: object) -> str | None:
    read = parse_day(value)
    return read.isoformat() if read else None


def _amount(value: object) -> int | None:
    return cents(Decimal(str(value))) if value is not None else None


def _contact(data: JsonObject) -> Index:
    return {
        "number": fold(data.get("ContactNumber")),
        "alt": fold(data.get("AccountNumber")),
        "name": fold(data.get("Name")),
        "email": fold(data.get("EmailAddress")),
        "status": data["ContactStatus"],
    }


def _document(number: str, left: str) -> Callable[[JsonObject], Index]:
    def index(data: JsonObject) -> Index:
        return {
            "number": fold(data.get(number)),
            "type": data["Type"],
            "status": data["Status"],
            "contact": data["Contact"]["ContactID"],
            "date": _day(data.get("Date")),
            "due": _day(data.get("DueDate")),
            "reference": fold(data.get("Reference")),
            "sub_total": _amount(data["SubTotal"]),
            "total": _amount(data["Total"]),
            "amount_due": _amount(data[left]),
            "amount_paid": _amount(data.get("AmountPaid")),
        }

    return index


def _journal(data: JsonObject) -> Index:
    return {"status": data["Status"], "date": _day(data.get("Date"))}


def _payment(data: JsonObject) -> Index:
    target = data.get("Invoice") or data.get("CreditNote") or {}
    return {
        "type": data["PaymentType"],
        "status": data["Status"],
        "date": _day(data["Date"]),
        "document": target.get("InvoiceID") or target.get("CreditNoteID"),
        "reference": fold(data.get("Reference")),
        "total": _amount(data["Amount"]),
    }


def _batch_payment(data: JsonObject) -> Index:
    return {
        "type": data["Type"],
        "status": data["Status"],
        "date": _day(data["Date"]),
        "total": _amount(data["TotalAmount"]),
    }


def _account(data: JsonObject) -> Index:
    return {
        "number": fold(data.get("Code")),
        "name": fold(data["Name"]),
        "type": data["Type"],
        "status": data["Status"],
    }


def _tax_rate(data: JsonObject) -> Index:
    return {
        "number": fold(data["TaxType"]),
        "name": fold(data["Name"]),
        "status": data["Status"],
    }


def _currency(data: JsonObject) -> Index:
    return {"number": fold(data["Code"]), "name": fold(data["Description"])}


def _named(data: JsonObject) -> Index:
    return {"name": fold(data["Name"]), "status": data["Status"]}


_UPDATED = {"updateddateutc": "updated"}
_DOCUMENT_WHERE = {
    **_UPDATED,
    "type": "type",
    "status": "status",
    "contact.contactid": "contact",
    "reference": "reference",
    "date": "date",
    "duedate": "due",
    "total": "total",
}

CONTACTS = Kind(
    "Contacts",
    "Contact",
    "ContactID",
    _contact,
    {
        **_UPDATED,
        "contactid": "id",
        "name": "name",
        "emailaddress": "email",
        "accountnumber": "alt",
        "contactnumber": "number",
        "contactstatus": "status",
    },
)
INVOICES = Kind(
    "Invoices",
    "Invoice",
    "InvoiceID",
    _document("InvoiceNumber", "AmountDue"),
    {
        **_DOCUMENT_WHERE,
        "invoiceid": "id",
        "invoicenumber": "number",
        "amountdue": "amount_due",
        "amountpaid": "amount_paid",
    },
)
CREDIT_NOTES = Kind(
    "CreditNotes",
    "CreditNote",
    "CreditNoteID",
    _document("CreditNoteNumber", "RemainingCredit"),
    {
        **_DOCUMENT_WHERE,
        "creditnoteid": "id",
        "creditnotenumber": "number",
        "remainingcredit": "amount_due",
    },
)
MANUAL_JOURNALS = Kind(
    "ManualJournals",
    "ManualJournal",
    "ManualJournalID",
    _journal,
    {**_UPDATED, "manualjournalid": "id", "status": "status", "date": "date"},
)
PAYMENTS = Kind(
    "Payments",
    "Payment",
    "PaymentID",
    _payment,
    {
        **_UPDATED,
        "paymentid": "id",
        "paymenttype": "type",
        "status": "status",
        "date": "date",
        "invoice.invoiceid": "document",
        "reference": "reference",
        "amount": "total",
    },
)
BATCH_PAYMENTS = Kind(
    "BatchPayments",
    "BatchPayment",
    "BatchPaymentID",
    _batch_payment,
    {**_UPDATED, "batchpaymentid": "id", "status": "status", "date": "date", "type": "type"},
)
ACCOUNTS = Kind(
    "Accounts",
    "Account",
    "AccountID",
    _account,
    {
        **_UPDATED,
        "accountid": "id",
        "code": "number",
        "name": "name",
        "type": "type",
        "status": "status",
    },
)
TAX_RATES = Kind(
    "TaxRates",
    "TaxRate",
    "TaxType",
    _tax_rate,
    {"taxtype": "number", "name": "name", "status": "status"},
)
CURRENCIES = Kind("Currencies", "Currency", "Code", _currency, {"code": "number"})
TRACKING = Kind(
    "TrackingCategories",
    "TrackingCategory",
    "TrackingCategoryID",
    _named,
    {"trackingcategoryid": "id", "name": "name", "status": "status"},
)
CONTACT_GROUPS = Kind(
    "ContactGroups",
    "ContactGroup",
    "ContactGroupID",
    _named,
    {"contactgroupid": "id", "name": "name", "status": "status"},
)

FOLDED_COLUMNS = frozenset(
    {"id", "number", "alt", "name", "email", "contact", "document", "reference"}
)
DAY_COLUMNS = frozenset({"date", "due"})
MONEY_COLUMNS = frozenset({"sub_total", "total", "amount_due", "amount_paid"})
