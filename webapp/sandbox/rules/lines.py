"""The lines of invoices and credit notes: amounts, account, tax, tracking (d.7.2, d.7.4)."""

from dataclasses import dataclass
from decimal import Decimal

from webapp.sandbox.books import Books, new_id
from webapp.sandbox.errors import Problems
from webapp.sandbox.money import ZERO, number, round_to
from webapp.sandbox.rules.accounts import account_on_line
from webapp.sandbox.rules.tax import rate_on_line, tax_of_line
from webapp.sandbox.rules.tracking import tracking_on_line
from webapp.sandbox.wire import JsonObject

_LARGEST = Decimal("9999999999.99")
_LONGEST_DESCRIPTION = 4000


@dataclass(frozen=True)
class LineContext:
    """What the lines of a document are judged by."""

    books: Books
    amount_types: str
    unit_places: int
    approved: bool
    """The document is SUBMITTED or AUTHORISED: accounts are required."""
    discounts: bool
    """Discounts exist on sales invoices only."""


def build_lines(
    context: LineContext, payload: list[JsonObject], existing: list[JsonObject], problems: Problems
) -> list[JsonObject]:
    """Make the lines of a document.

    A line whose LineItemID is not sent is gone; one without an id is new.
    """
    known = {line["LineItemID"]: line for line in existing}
    built = []
    for position, sent in enumerate(payload):
        before = known.get(str(sent.get("LineItemID") or "").lower())
        line = _build(context, {**_kept(before, sent), **sent}, position, problems)
        line["LineItemID"] = before["LineItemID"] if before else new_id()
        built.append(line)
    return built


def _kept(before: JsonObject | None, sent: JsonObject) -> JsonObject:
    """Give what an existing line keeps when it is not sent: never its computed amounts."""
    if before is None:
        return {}
    computed = {"LineAmount", "TaxAmount"}
    if sent.get("AccountID") or sent.get("AccountCode"):
        computed |= {"AccountCode", "AccountID"}
    return {key: value for key, value in before.items() if key not in computed}


def _build(context: LineContext, sent: JsonObject, position: int, problems: Problems) -> JsonObject:
    line: JsonObject = {}
    description = sent.get("Description")
    if description is not None:
        if len(str(description)) > _LONGEST_DESCRIPTION:
            problems.add_line(position, "The description must not be longer than 4000 characters.")
        line["Description"] = str(description)
    elif context.approved:
        problems.add_line(position, "Description cannot be empty.")
    _amounts(context, sent, line, position, problems)
    _ledger(context, sent, line, problems)
    line["Tracking"], messages = tracking_on_line(context.books, sent.get("Tracking"))
    for message in messages:
        problems.add_line(position, message)
    if sent.get("ItemCode"):
        problems.add_line(position, f"Item code '{sent['ItemCode']}' is not valid.")
    return line


def is_text_only(sent: JsonObject) -> bool:
    """Say whether a line is a remark: a description and nothing else."""
    return all(
        sent.get(member) is None
        for member in ("Quantity", "UnitAmount", "LineAmount", "AccountCode", "AccountID")
    )


def _amounts(
    context: LineContext, sent: JsonObject, line: JsonObject, position: int, problems: Problems
) -> None:
    for member in ("Quantity", "UnitAmount", "LineAmount", "TaxAmount"):
        if sent.get(member) not in (None, "") and number(sent[member]) is None:
            problems.add_line(position, f"{member} is not a valid number.")
    quantity, unit = number(sent.get("Quantity")), number(sent.get("UnitAmount"))
    stated = number(sent.get("LineAmount"))
    if unit is not None:
        unit = round_to(unit, context.unit_places)
    if unit is None and stated is not None:
        quantity = quantity or Decimal(1)
        unit = round_to(stated / quantity, context.unit_places)
    elif quantity is None and unit is not None:
        quantity = stated / unit if stated is not None and unit else Decimal(1)
    quantity = round_to(quantity if quantity is not None else ZERO, 4)
    unit = unit if unit is not None else round_to(ZERO, context.unit_places)
    gross = quantity * unit
    expected = round_to(gross - _discount(context, sent, line, gross, position, problems), 2)
    all_three = stated is not None and all(
        number(sent.get(member)) is not None for member in ("Quantity", "UnitAmount")
    )
    if all_three and stated is not None and round_to(stated, 2) != expected:
        problems.add_line(
            position,
            f"The line total {round_to(stated, 2)} does not match the expected line total"
            f" {expected}",
        )
    amount = round_to(stated, 2) if stated is not None else expected
    if abs(amount) > _LARGEST:
        problems.add_line(position, "The line amount is too large.")
    line |= {"Quantity": quantity, "UnitAmount": unit, "LineAmount": amount}


def _discount(
    context: LineContext,
    sent: JsonObject,
    line: JsonObject,
    gross: Decimal,
    position: int,
    problems: Problems,
) -> Decimal:
    rate, amount = number(sent.get("DiscountRate")), number(sent.get("DiscountAmount"))
    if not rate and not amount:
        return ZERO
    if not context.discounts:
        problems.add_line(position, "Discounts are allowed on sales invoices only.")
        return ZERO
    if rate:
        line["DiscountRate"] = rate
        return gross * rate / 100
    line["DiscountAmount"] = amount
    return amount or ZERO


def _ledger(context: LineContext, sent: JsonObject, line: JsonObject, problems: Problems) -> None:
    line["TaxAmount"] = ZERO
    if sent.get("AccountCode") or sent.get("AccountID"):
        account = account_on_line(context.books, sent, journal=False, problems=problems)
    else:
        account = None
        if context.approved and not is_text_only(sent):
            problems.add("Account code must be specified.")
    if account is None:
        if sent.get("TaxType"):
            line["TaxType"] = sent["TaxType"]
        return
    line["AccountCode"] = account["Code"]
    line["AccountID"] = account["AccountID"]
    no_tax = context.amount_types == "NoTax"
    tax_type = "NONE" if no_tax else str(sent.get("TaxType") or account["TaxType"])
    rate = rate_on_line(context.books, tax_type, account, problems)
    if rate is None:
        return
    line["TaxType"] = rate["TaxType"]
    stated = number(sent.get("TaxAmount"))
    if stated is not None and not no_tax:
        line["TaxAmount"] = round_to(stated, 2)
    else:
        line["TaxAmount"] = tax_of_line(
            line["LineAmount"], rate["EffectiveRate"], context.amount_types
        )


def totals(lines: list[JsonObject], amount_types: str) -> dict[str, Decimal]:
    """Sum the lines: tax was rounded on each line before it is summed."""
    amount = sum((line["LineAmount"] for line in lines), ZERO)
    tax = sum((line["TaxAmount"] for line in lines), ZERO)
    if amount_types == "Inclusive":
        return {"SubTotal": amount - tax, "TotalTax": tax, "Total": amount}
    return {"SubTotal": amount, "TotalTax": tax, "Total": amount + tax}
