"""The XML form of bodies and answers: what the service speaks where JSON is not asked for."""

from decimal import Decimal
from typing import Any
from xml.etree import ElementTree as ET

from webapp.sandbox.dates import wire_to_iso
from webapp.sandbox.money import plain
from webapp.sandbox.wire import JsonObject

SINGULAR = {
    "Accounts": "Account", "Actions": "Action", "Addresses": "Address",
    "Allocations": "Allocation", "Attachments": "Attachment", "BatchPayments": "BatchPayment",
    "ContactGroups": "ContactGroup",
    "ContactPersons": "ContactPerson", "Contacts": "Contact", "CreditNotes": "CreditNote",
    "Currencies": "Currency", "Elements": "DataContractBase", "ExternalLinks": "ExternalLink",
    "HistoryRecords": "HistoryRecord", "Invoices": "Invoice", "JournalLines": "JournalLine",
    "LineItems": "LineItem", "ManualJournals": "ManualJournal", "Options": "Option",
    "Organisations": "Organisation", "Payments": "Payment", "Phones": "Phone",
    "TaxComponents": "TaxComponent", "TaxRates": "TaxRate", "Tracking": "TrackingCategory",
    "TrackingCategories": "TrackingCategory", "ValidationErrors": "ValidationError",
    "Warnings": "Warning",
}  # fmt: skip


def parse(text: bytes) -> JsonObject:
    """Read an XML body into the members JSON would have.

    Raises:
        ValueError: it is not XML, or declares a document type.
    """
    if b"<!DOCTYPE" in text.upper():
        raise ValueError("a document type is not allowed")
    try:
        root = ET.fromstring(text)  # noqa: S314 - no document type, so no entities of its own
    except ET.ParseError as error:
        raise ValueError(str(error)) from error
    return {_name(root): _value(root)}


def write(body: JsonObject, root: str = "Response") -> bytes:
    """Write an answer's members as XML."""
    element = ET.Element(root)
    for key, value in body.items():
        _append(element, key, value)
    return bytes(ET.tostring(element, encoding="utf-8", xml_declaration=True))


def _name(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def _value(element: ET.Element) -> Any:
    children = list(element)
    name = _name(element)
    if name in SINGULAR and all(_name(child) == SINGULAR[name] for child in children):
        return [_value(child) for child in children]
    if not children:
        text = element.text or ""
        return {"true": True, "false": False}.get(text.strip().lower(), text)
    return {_name(child): _value(child) for child in children}


def _append(parent: ET.Element, key: str, value: Any) -> None:
    if value is None or key.endswith(("DateString", "UTCString")):
        return
    element = ET.SubElement(parent, key)
    if isinstance(value, dict):
        for name, member in value.items():
            _append(element, name, member)
    elif isinstance(value, list):
        for item in value:
            _append(element, SINGULAR.get(key, "Item"), item)
    elif isinstance(value, bool):
        element.text = "true" if value else "false"
    elif isinstance(value, Decimal):
        element.text = plain(value)
    else:
        element.text = wire_to_iso(str(value)) or str(value)
