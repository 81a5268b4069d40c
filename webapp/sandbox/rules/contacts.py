"""Contacts: names and numbers that must be unique, archived ones that are closed (d.2)."""

import re
import uuid

from webapp.sandbox.books import Books
from webapp.sandbox.errors import Problems
from webapp.sandbox.kinds import CONTACTS
from webapp.sandbox.rules.refused import ElementRefused, refuse
from webapp.sandbox.wire import JsonObject

_LENGTHS = {
    "Name": 255, "FirstName": 255, "LastName": 255, "EmailAddress": 255, "ContactNumber": 50,
    "AccountNumber": 50, "CompanyNumber": 50, "TaxNumber": 50,
}  # fmt: skip
_TEXTS = (*_LENGTHS, "AccountsReceivableTaxType", "AccountsPayableTaxType", "DefaultCurrency",
          "SalesDefaultAccountCode", "PurchasesDefaultAccountCode", "Website", "PaymentTerms",
          "BankAccountDetails")  # fmt: skip
_EMAIL = re.compile(r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$")
_MOST_PERSONS = 5
_ADDRESS_TYPES = ("POBOX", "STREET", "DELIVERY")
_PHONE_TYPES = ("DEFAULT", "DDI", "MOBILE", "FAX", "OFFICE")
ARCHIVED = "Archived contacts cannot currently be edited via the API."


def blank_contact() -> JsonObject:
    """Make an active contact with the members every contact has."""
    return {
        "ContactID": str(uuid.uuid4()),
        "ContactStatus": "ACTIVE",
        "Name": "",
        "EmailAddress": "",
        "BankAccountDetails": "",
        "Addresses": [
            {"AddressType": kind, "City": "", "Region": "", "PostalCode": "", "Country": ""}
            for kind in ("STREET", "POBOX")
        ],
        "Phones": [
            {"PhoneType": kind, "PhoneNumber": "", "PhoneAreaCode": "", "PhoneCountryCode": ""}
            for kind in ("DDI", "DEFAULT", "FAX", "MOBILE")
        ],
        "UpdatedDateUTC": "",
        "ContactPersons": [],
        "IsSupplier": False,
        "IsCustomer": False,
        "SalesTrackingCategories": [],
        "PurchasesTrackingCategories": [],
        "HasAttachments": False,
        "HasValidationErrors": False,
    }


def find_contact(books: Books, payload: JsonObject) -> JsonObject | None:
    """Find the contact a payload means: by id, else by number, else by name."""
    if payload.get("ContactID"):
        return books.get(CONTACTS, payload["ContactID"])
    for member, column in (("ContactNumber", "number"), ("Name", "name")):
        found = books.find(CONTACTS, column, payload.get(member))
        active = [one for one in found if one["ContactStatus"] == "ACTIVE"]
        if active or found:
            return (active or found)[0]
    return None


def save_contact(books: Books, payload: JsonObject, existing: JsonObject | None) -> JsonObject:
    """Make a contact, or change one.

    Raises:
        ElementRefused: it breaks a rule.
    """
    own_id = existing["ContactID"] if existing else None
    if existing and existing["ContactStatus"] != "ACTIVE":
        raise refuse(f"The contact {existing['Name']} matched an archived contact. {ARCHIVED}",
                     own_id)  # fmt: skip
    contact = {**(existing or blank_contact())}
    contact |= {key: payload[key] for key in _TEXTS if payload.get(key) is not None}
    problems = Problems()
    _check_texts(contact, problems)
    _check_unique(books, contact, problems)
    _merge_parts(contact, payload, problems)
    status = payload.get("ContactStatus", contact["ContactStatus"])
    if status not in ("ACTIVE", "ARCHIVED"):
        problems.add("The contact status is not valid.")
    if problems:
        raise ElementRefused(problems, own_id)
    contact["ContactStatus"] = status
    books.save(CONTACTS, contact)
    return contact


def contact_of_document(books: Books, payload: object, problems: Problems) -> JsonObject | None:
    """Find or make the contact of a document.

    Members beside the id change the contact, as the service does (d.2).
    """
    if not isinstance(payload, dict) or not payload:
        problems.add("A Contact must be specified for this type of transaction.")
        return None
    found = find_contact(books, payload)
    if found is None and payload.get("ContactID"):
        problems.add_contact("The contact with the specified ContactID could not be found.")
        return None
    if found is not None and found["ContactStatus"] != "ACTIVE":
        problems.add_contact(f"The contact {found['Name']} matched an archived contact. {ARCHIVED}")
        return None
    others = {key for key, value in payload.items() if value is not None}
    others -= {"ContactID", "ContactStatus", "ValidationErrors", "HasValidationErrors"}
    unchanged = found is not None and all(payload[key] == found.get(key) for key in others)
    if found is not None and unchanged:
        return found
    try:
        return save_contact(books, payload, found)
    except ElementRefused as refused:
        for message in refused.problems.messages:
            problems.add_contact(message)
        return None


def mark_used(books: Books, contact: JsonObject, *, sales: bool) -> None:
    """Note that a contact is a customer or supplier; that does not count as a change of it."""
    member = "IsCustomer" if sales else "IsSupplier"
    if not contact[member]:
        contact[member] = True
        books.save(CONTACTS, contact, touch=False)


def _check_texts(contact: JsonObject, problems: Problems) -> None:
    name = str(contact["Name"])
    if not name.strip():
        problems.add("The Contact Name cannot be empty.")
    elif name != name.strip() or "  " in name or "<" in name or ">" in name:
        problems.add(
            "The Contact Name must not hold angle brackets, outer spaces or double spaces."
        )
    for member, longest in _LENGTHS.items():
        if len(str(contact.get(member) or "")) > longest:
            problems.add(f"The field {member} must not be longer than {longest} characters.")
    email = contact.get("EmailAddress")
    if email and not _EMAIL.match(str(email)):
        problems.add("Email address must be valid.")


def _check_unique(books: Books, contact: JsonObject, problems: Problems) -> None:
    name = contact["Name"]
    for found in books.find(CONTACTS, "name", name):
        if found["ContactID"] != contact["ContactID"] and found["ContactStatus"] == "ACTIVE":
            problems.add(
                f"The contact name {name} is already assigned to another contact."
                " The contact name must be unique across all active contacts."
            )
    for column, member, message in (
        ("alt", "AccountNumber",
         "The Account Number already exists. Please enter a different Account Number."),
        ("number", "ContactNumber",
         "The Contact Number already exists. Please enter a different Contact Number."),
    ):  # fmt: skip
        found_ids = {one["ContactID"] for one in books.find(CONTACTS, column, contact.get(member))}
        if found_ids - {contact["ContactID"]}:
            problems.add(message)


def _merge_parts(contact: JsonObject, payload: JsonObject, problems: Problems) -> None:
    persons = payload.get("ContactPersons")
    if isinstance(persons, list):
        if len(persons) > _MOST_PERSONS:
            problems.add("A contact can have at most 5 contact persons.")
        contact["ContactPersons"] = persons
    for member, kind, allowed in (
        ("Addresses", "AddressType", _ADDRESS_TYPES),
        ("Phones", "PhoneType", _PHONE_TYPES),
    ):
        for part in payload.get(member) or []:
            if part.get(kind) not in allowed:
                problems.add(f"{kind} is not valid.")
                continue
            others = [one for one in contact[member] if one[kind] != part[kind]]
            contact[member] = [*others, part]
