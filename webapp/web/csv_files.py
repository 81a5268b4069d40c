"""A list as a file for a spreadsheet."""

import csv
import datetime as dt
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal

from flask import Response

from webapp.domain.spreadsheets import defused

Cell = str | int | Decimal | dt.date | dt.datetime | None


def csv_file(name: str, headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Response:
    """Answer with a CSV file: a row of headings, then the rows, nothing in them a formula.

    Args:
        name: the file's name, without its ending.
        headings: of the columns.
        rows: cells as they are kept; amounts in the currency the row names.
    """
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(headings)
    writer.writerows([_written(cell) for cell in row] for row in rows)
    return Response(
        # The mark in front tells spreadsheets that it is UTF-8.
        file.getvalue().encode("utf-8-sig"),
        mimetype="text/csv",
        headers={
            "Content-Disposition": f'attachment; filename="{name}.csv"',
            "Cache-Control": "no-store",
        },
    )


def _written(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case bool():
            return "yes" if cell else "no"
        case dt.datetime():
            return cell.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M")
        case dt.date():
            return cell.isoformat()
        case Decimal() | int():
            # Bookkeepers' parentheses are a number to spreadsheets; a minus begins a formula.
            return f"({_number(-cell)})" if cell < 0 else _number(cell)
    return defused(cell)


def _number(number: Decimal | int) -> str:
    """A whole number as it is; any other with the places that say something, two at least."""
    if isinstance(number, int):
        return str(number)
    whole, _, places = f"{number:f}".partition(".")
    return f"{whole}.{places.rstrip('0'):0<2}"
