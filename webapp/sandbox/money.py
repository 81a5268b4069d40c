"""Exact decimal arithmetic, rounded the way the ledger rounds."""

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

CENT = Decimal("0.01")
ZERO = Decimal("0.00")


def round_to(value: Decimal, places: int) -> Decimal:
    """Round half up, away from zero, to so many decimals."""
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def cents(value: Decimal) -> int:
    """Give an amount as whole hundredths, for exact sums in SQL."""
    return int(round_to(value, 2) * 100)


def from_cents(value: int | None) -> Decimal:
    """Give hundredths back as an amount."""
    return (Decimal(value or 0) / 100).quantize(CENT)


def number(value: Any) -> Decimal | None:
    """Read a number from a body: JSON numbers and numeric text; None where it is none."""
    if value is None or isinstance(value, bool) or value == "":
        return None
    try:
        read = Decimal(str(value))
    except InvalidOperation:
        return None
    return read if read.is_finite() else None


def plain(value: Decimal) -> str:
    """Print a decimal without an exponent."""
    return format(value, "f")
