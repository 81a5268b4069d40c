"""Invoices and credit notes: creating, changing, approving, voiding (d.7, d.8)."""

from decimal import Decimal

from webapp.sandbox.books import Books, new_id
from webapp.sandbox.dates import day_string, parse_day, wire_day
from webapp.sandbox.errors import Problems
from webapp.sandbox.money import ZERO, number, round_to
from webapp.sandbox.rules import header
from webapp.sandbox.rules.contacts import contact_of_document, mark_used
from webapp.sandbox.rules.document_kinds import DocumentKind
from webapp.sandbox.rules.lifecycle import APPROVED, FINAL, has_money_on_it, next_status
from webapp.sandbox.rules.lines import LineContext, build_lines, totals
from webapp.sandbox.rules.refused import ElementRefused
from webapp.sandbox.wire import JsonObject

_PAID_EDIT = "This document cannot be edited as it has a payment or credit note allocated to it."
_CHECKED = ("SubTotal", "TotalTax", "Total")
_LINE_AMOUNTS = ("LineItemID", "Quantity", "UnitAmount", "LineAmount", "TaxAmount", "TaxType")


def save_document(
    books: Books,
    sort: DocumentKind,
    payload: JsonObject,
    existing: JsonObject | None,
    *,
    unit_places: int,
) -> JsonObject:
    """Make or change a document.

    Raises:
        ElementRefused: it breaks a rule; all messages that were found are in it.
    """
    problems = Problems()
    own_id = existing[sort.kind.id_field] if existing else None
    document = {**existing} if existing else _blank(sort, payload, problems)
    status = next_status(existing, payload.get("Status"), sort.noun, problems)
    if problems:
        raise ElementRefused(problems, own_id)
    if existing and status in FINAL:
        document = _end(books, sort, document, status)
    else:
        _fill(books, sort, document, payload, status, unit_places, problems)
        if existing:
            _check_paid_edit(sort, existing, document, problems)
        if problems:
            raise ElementRefused(problems, own_id)
        _approve(books, sort, existing, document, status)
    books.save(sort.kind, document)
    return document


def _blank(sort: DocumentKind, payload: JsonObject, problems: Problems) -> JsonObject:
    if payload.get("Type") not in (sort.sales_type, sort.purchase_type):
        problems.add(f"The {sort.noun} type is not valid.")
    document: JsonObject = {
        "Type": payload.get("Type"),
        sort.kind.id_field: new_id(),
        sort.number_field: "",
        "Reference": "",
        "Payments": [],
        "CurrencyRate": None,
        "HasAttachments": False,
        "HasErrors": False,
        "Contact": {},
        "Status": "DRAFT",
        "LineAmountTypes": "Exclusive",
        "LineItems": [],
        "SubTotal": ZERO,
        "TotalTax": ZERO,
        "Total": ZERO,
        "UpdatedDateUTC": "",
        "UpdatedDateUTCString": "",
        "CurrencyCode": None,
        sort.left_field: ZERO,
    }
    if sort.due_date_needed:
        document |= {
            "CreditNotes": [], "Prepayments": [], "Overpayments": [],
            "AmountPaid": ZERO, "AmountCredited": ZERO, "SentToContact": False,
            "IsDiscounted": False,
        }  # fmt: skip
    else:
        document |= {"Allocations": [], "AppliedAmount": ZERO, "SentToContact": False}
    return document


def _fill(
    books: Books,
    sort: DocumentKind,
    document: JsonObject,
    payload: JsonObject,
    status: str,
    unit_places: int,
    problems: Problems,
) -> None:
    approved = status != "DRAFT"
    _take_head(books, sort, document, payload, problems)
    day = header.set_day(document, payload, "Date", problems)
    if day is None:
        day = books.clock.today(books.organisation.zone)
        document["DateString"], document["Date"] = day_string(day), wire_day(day)
    header.check_lock_dates(books, day, problems)
    due = header.set_day(document, payload, "DueDate", problems)
    if approved and sort.due_date_needed and due is None:
        problems.add("The document due date must be specified.")
    if not sort.due_date_needed and due is None:
        document["DueDateString"], document["DueDate"] = day_string(day), wire_day(day)
    context = LineContext(
        books=books,
        amount_types=document["LineAmountTypes"],
        unit_places=unit_places,
        approved=approved,
        discounts=sort.discounts and sort.is_sales(document),
    )
    _take_lines(context, document, payload, problems)
    _sum(sort, document, payload, status, problems)
    document["Status"] = "PAID" if document["Status"] == "PAID" else status


def _take_head(
    books: Books, sort: DocumentKind, document: JsonObject, payload: JsonObject, problems: Problems
) -> None:
    if "Contact" in payload or not document["Contact"]:
        contact = contact_of_document(books, payload.get("Contact"), problems)
        if contact is not None:
            document["Contact"] = {"ContactID": contact["ContactID"], "Name": contact["Name"]}
            mark_used(books, contact, sales=sort.is_sales(document))
    header.set_amount_types(document, payload, problems)
    header.set_currency(books, document, payload, problems)
    header.set_link(document, payload, problems)
    texts: tuple[str, ...] = (sort.number_field, "BrandingThemeID")
    if sort.is_sales(document):
        texts = (*texts, "Reference")
    header.set_texts(document, payload, texts, problems)
    header.set_day(document, payload, "ExpectedPaymentDate", problems)
    header.set_day(document, payload, "PlannedPaymentDate", problems)
    if isinstance(payload.get("SentToContact"), bool):
        document["SentToContact"] = payload["SentToContact"]
    _number(books, sort, document, problems)


def _number(books: Books, sort: DocumentKind, document: JsonObject, problems: Problems) -> None:
    """Sales numbers are unique over the organisation, also voided ones; bills' are not."""
    if not sort.is_sales(document):
        return
    own_id = document[sort.kind.id_field]
    while not document[sort.number_field]:
        made = books.next_number(sort.kind.plural, sort.prefix)
        if not books.find(sort.kind, "number", made):
            document[sort.number_field] = made
    for found in books.find(sort.kind, "number", document[sort.number_field]):
        if found["Type"] == sort.sales_type and found[sort.kind.id_field] != own_id:
            problems.add(sort.not_unique)


def _take_lines(
    context: LineContext, document: JsonObject, payload: JsonObject, problems: Problems
) -> None:
    sent = payload.get("LineItems")
    if isinstance(sent, list):
        lines = [line for line in sent if isinstance(line, dict)]
    else:
        lines = document["LineItems"]
    document["LineItems"] = build_lines(context, lines, document["LineItems"], problems)
    if not document["LineItems"] and context.approved:
        problems.add("One or more line items must be specified")


def _sum(
    sort: DocumentKind,
    document: JsonObject,
    payload: JsonObject,
    status: str,
    problems: Problems,
) -> None:
    document |= totals(document["LineItems"], document["LineAmountTypes"])
    for member in _CHECKED:
        stated = number(payload.get(member))
        if stated is not None and round_to(stated, 2) != document[member]:
            problems.add(
                "The invoice total does not equal the sum of the lines."
                if member == "Total"
                else f"The {member} {stated} does not match the expected {document[member]}"
            )
    negative = document["Total"] < 0
    if negative and (status != "DRAFT" or not sort.due_date_needed):
        problems.add(f"The {sort.noun} total must not be negative.")
    if any("DiscountRate" in line or "DiscountAmount" in line for line in document["LineItems"]):
        document["IsDiscounted"] = True
    document[sort.left_field] = document["Total"] - spent(document)


def spent(document: JsonObject) -> Decimal:
    """Sum what payments and allocations have taken from a document."""
    parts = [
        *document.get("Payments", []),
        *document.get("Allocations", []),
    ]
    credited = sum((note["AppliedAmount"] for note in document.get("CreditNotes", [])), ZERO)
    return sum((part["Amount"] for part in parts), ZERO) + Decimal(credited)


def _check_paid_edit(
    sort: DocumentKind, existing: JsonObject, document: JsonObject, problems: Problems
) -> None:
    """Once money stands against a document its amounts are closed (d.7.2, 19 March 2026)."""
    if not has_money_on_it(existing) and existing["Status"] != "PAID":
        return
    same = all(
        existing.get(member) == document.get(member)
        for member in ("Date", "CurrencyCode", "LineAmountTypes", *_CHECKED)
    ) and _amounts(existing) == _amounts(document)
    if sort.is_sales(existing) or not same:
        problems.add(_PAID_EDIT)


def _amounts(document: JsonObject) -> list[tuple[object, ...]]:
    return [tuple(line.get(member) for member in _LINE_AMOUNTS) for line in document["LineItems"]]


def _end(books: Books, sort: DocumentKind, document: JsonObject, status: str) -> JsonObject:
    """Delete a draft or void an approved document."""
    problems = Problems()
    day = parse_day(document["Date"])
    if day and status == "VOIDED":
        header.check_lock_dates(books, day, problems)
    if problems:
        raise ElementRefused(problems, document[sort.kind.id_field])
    return {**document, "Status": status, sort.left_field: ZERO}


def _approve(
    books: Books,
    sort: DocumentKind,
    existing: JsonObject | None,
    document: JsonObject,
    status: str,
) -> None:
    if status != "AUTHORISED":
        return
    newly = existing is None or existing["Status"] not in APPROVED
    if newly and sort.due_date_needed and books.organisation.approval_limit is not None:
        left = books.connection.execute(
            "UPDATE organisations SET approval_limit=approval_limit-1"
            " WHERE org=? AND approval_limit>0",
            (books.organisation.org,),
        ).rowcount
        if not left:
            raise ElementRefused(
                Problems(["You have reached the limit of invoices you can approve"]),
                existing[sort.kind.id_field] if existing else None,
            )
    settle(sort, document)


def settle(sort: DocumentKind, document: JsonObject) -> None:
    """Make an approved document PAID when nothing is open, and AUTHORISED again when it is."""
    taken = spent(document)
    document[sort.left_field] = document["Total"] - taken
    if sort.due_date_needed:
        credited = sum((note["AppliedAmount"] for note in document["CreditNotes"]), ZERO)
        document["AmountCredited"] = credited
        document["AmountPaid"] = taken - credited
    else:
        document["AppliedAmount"] = taken
    if document["Status"] not in APPROVED:
        return
    if document[sort.left_field] == 0:
        document["Status"] = "PAID"
        days = [part["Date"] for part in document["Payments"]] or [document["Date"]]
        document["FullyPaidOnDate"] = max(days)
    else:
        document["Status"] = "AUTHORISED"
        document.pop("FullyPaidOnDate", None)
