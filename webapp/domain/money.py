"""Money: the one place where amounts are rounded."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
ZERO = Decimal("0.00")


def to_cents(amount: Decimal) -> Decimal:
    """Round to two places, halves away from zero, as Xero rounds (R99)."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def gst_of(value: Decimal, percent: Decimal) -> Decimal:
    """GST on one line, rounded on the line as Xero does (xero-api d.7.4).

    Args:
        value: the line's value ex GST, in the document's currency.
        percent: the rate in percent, 15 for 15 %.
    """
    return to_cents(value * percent / 100)


def total(amounts: Iterable[Decimal]) -> Decimal:
    """Sum with two places even when there is nothing to add."""
    return sum(amounts, ZERO)
