"""What one cell says: a name, an amount, a day. A cell that could mean two things is refused."""

import datetime as dt
import re
from collections.abc import Sequence
from decimal import Decimal

LARGEST = Decimal(10) ** 12
"""Amounts from here on are taken for a slip of the file, not for an invoice."""

CENTS = 2
_GROUPED = {
    ".": re.compile(r"[0-9]{1,3}(,[0-9]{3})+|[0-9]+"),
    ",": re.compile(r"[0-9]{1,3}([. '][0-9]{3})+|[0-9]+"),
}
FIRST_SERIAL, LAST_SERIAL = 36526, 73050
"""A spreadsheet's numbers of the first and the last day of the years below."""
_YEARS = range(2000, 2100)


class CellRefused(ValueError):
    """The cell does not say what its column should hold; the text is the reason."""


def tidy(text: str) -> str:
    """Drop outer spaces and make every run of white space one blank.

    Xero refuses names with outer or double spaces (xero-api d.2), and people do not see them.
    """
    return " ".join(text.split())


def same_name(text: str) -> str:
    """The form of a name under which two spellings count as one."""
    return tidy(text).casefold()


def amount(text: str, decimal_mark: str, places: int = CENTS) -> Decimal:
    """Read an amount with at most so many decimal places, those of money unless told.

    A minus before or after it and parentheses around it make it negative; digits may be grouped
    in threes by the mark that is not the decimal one.

    Raises:
        CellRefused: it is not such an amount.
    """
    bare = text.strip().replace("\N{MINUS SIGN}", "-").replace("\N{NO-BREAK SPACE}", " ")
    negative = False
    if bare.startswith("(") and bare.endswith(")"):
        negative, bare = True, bare[1:-1].strip()
    elif bare.startswith("-"):
        negative, bare = True, bare[1:].strip()
    elif bare.endswith("-"):
        negative, bare = True, bare[:-1].strip()
    whole, mark, decimals = bare.partition(decimal_mark)
    if not _GROUPED[decimal_mark].fullmatch(whole) or not re.fullmatch(r"[0-9]*", decimals):
        raise CellRefused(f"the amount “{text}” is not a number written with “{decimal_mark}”")
    if mark and not decimals:
        raise CellRefused(f"the amount “{text}” ends after its decimal mark")
    if decimals.rstrip("0")[places:]:
        many = "two" if places == CENTS else str(places)
        raise CellRefused(f"the amount “{text}” has more than {many} decimal places")
    digits = re.sub(r"[^0-9]", "", whole)
    value = Decimal(f"{digits}.{decimals[:places]:0<2}")
    if value >= LARGEST:
        raise CellRefused(f"the amount “{text}” is too large for an invoice")
    return -value if negative and value else value


def day(text: str, formats: Sequence[str]) -> dt.date:
    """Read a calendar day in the first of ``formats`` that fits.

    Raises:
        CellRefused: none fits, there is no such day, or its year is not of this century.
    """
    for pattern in formats:
        try:
            found = dt.datetime.strptime(text.strip(), pattern).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
        if found.year not in _YEARS:
            raise CellRefused(f"the date “{text}” is in the year {found.year}")
        return found
    shapes = " or ".join(example(pattern) for pattern in formats)
    raise CellRefused(f"the date “{text}” is not a day written like {shapes}")


def serial_day(number: Decimal) -> dt.date:
    """The day of a spreadsheet's serial number, counted from the end of 1899.

    Raises:
        CellRefused: it is no whole number of a day of this century.
    """
    if FIRST_SERIAL <= number <= LAST_SERIAL and number == number.to_integral_value():
        return dt.date(1899, 12, 30) + dt.timedelta(days=int(number))
    raise CellRefused(f"the number “{number}” is no day of this century")


def example(pattern: str) -> str:
    """A day written in a format, for messages."""
    return dt.date(2022, 7, 31).strftime(pattern)


def names_a_day(pattern: str) -> bool:
    """Whether a date format tells day, month and year apart."""
    known = dt.date(2022, 7, 31)
    try:
        read = dt.datetime.strptime(known.strftime(pattern), pattern)  # noqa: DTZ007 - as above
    except ValueError:
        return False
    return read.date() == known
