"""Tax: which rate may stand on which account, and what it comes to (d.4, d.7.4)."""

from decimal import Decimal

from webapp.sandbox.books import Books
from webapp.sandbox.errors import Problems
from webapp.sandbox.kinds import TAX_RATES
from webapp.sandbox.money import ZERO, round_to
from webapp.sandbox.wire import JsonObject

_APPLIES = {
    "ASSET": "CanApplyToAssets",
    "EQUITY": "CanApplyToEquity",
    "EXPENSE": "CanApplyToExpenses",
    "LIABILITY": "CanApplyToLiabilities",
    "REVENUE": "CanApplyToRevenue",
}


def rate_on_line(
    books: Books, tax_type: str, account: JsonObject, problems: Problems
) -> JsonObject | None:
    """Find a tax rate and check that it may be used with the account's class."""
    found = books.find(TAX_RATES, "number", tax_type)
    rate = found[0] if found else None
    if rate is None or rate["Status"] != "ACTIVE":
        problems.add(
            f"The TaxType code '{tax_type}' does not exist or cannot be used for this type of"
            " transaction."
        )
        return None
    if not rate[_APPLIES[account["Class"]]]:
        problems.add(
            f"The TaxType code '{tax_type}' cannot be used with account code '{account['Code']}'."
        )
        return None
    return rate


def tax_of_line(line_amount: Decimal, rate: Decimal, amount_types: str) -> Decimal:
    """Compute the tax of one line, rounded half up to the cent.

    ``rate`` is in percent; ``amount_types`` is Exclusive, Inclusive or NoTax.
    """
    if amount_types == "NoTax":
        return ZERO
    if amount_types == "Inclusive":
        return round_to(line_amount - line_amount / (1 + rate / 100), 2)
    return round_to(line_amount * rate / 100, 2)
