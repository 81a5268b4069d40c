"""Reads XLSX workbooks, piece by piece, after making sure that they are what they claim."""

import datetime as dt
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.datetime import WINDOWS_EPOCH
from openpyxl.utils.exceptions import InvalidFileException

from webapp.domain.ingest.cells import Broken, Cell
from webapp.domain.ingest.errors import FileRefused

LARGEST_UNPACKED = 300_000_000
LARGEST_RATIO = 200
"""XML of numbers packs to a tenth or a thirtieth; what packs to less holds nothing."""
_SMALL = 1_000_000
_MOST_PARTS = 2000
_PIECE = 1 << 20
_SIGNIFICANT = ".15g"
"""A spreadsheet keeps fifteen digits; the rest of its binary number is noise."""
_AGAIN = "Save it again in the spreadsheet as “Excel Workbook (.xlsx)”, or as “CSV UTF-8”."
_UNREADABLE = (
    InvalidFileException, zipfile.BadZipFile, ParseError, KeyError, ValueError, TypeError,
    AttributeError, IndexError, EOFError, OSError, NotImplementedError, zlib.error,
)  # fmt: skip


def refuse_workbook(path: Path) -> None:
    """Refuse what cannot be a workbook of values, before any of it is unpacked.

    Raises:
        FileRefused: it is damaged, holds macros, or would unpack to far more than it is.
    """
    try:
        with zipfile.ZipFile(path) as packed:
            _refuse_parts(packed.infolist(), path.stat().st_size)
            for part in packed.infolist():
                if part.filename.endswith((".xml", ".rels")):
                    with packed.open(part) as file:
                        _refuse_declarations(file.read(2048))
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError, EOFError):
        raise FileRefused(
            "The workbook is damaged or locked with a password.", f"Open it. {_AGAIN}"
        ) from None


def _refuse_parts(parts: list[zipfile.ZipInfo], size: int) -> None:
    names = [part.filename for part in parts]
    if any("vbaproject" in name.lower() for name in names):
        raise FileRefused("The workbook holds macros, which are not taken in.", _AGAIN)
    if "[Content_Types].xml" not in names or not any(n.startswith("xl/") for n in names):
        raise FileRefused("The file is zipped, but it is no Excel workbook.", _AGAIN)
    unpacked = sum(part.file_size for part in parts)
    worst = max(
        (part.file_size / max(part.compress_size, 1) for part in parts if part.file_size > _SMALL),
        default=0,
    )
    if unpacked > LARGEST_UNPACKED or worst > LARGEST_RATIO or len(parts) > _MOST_PARTS:
        raise FileRefused(
            f"The workbook has {size / 1_000_000:.1f} MB and would unpack to "
            f"{unpacked / 1_000_000:.0f} MB, so it was not opened.",
            "Copy the rows that are meant into a new workbook, or save them as “CSV UTF-8”.",
        )


def _refuse_declarations(head: bytes) -> None:
    if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
        raise FileRefused("The workbook holds a document type of its own.", _AGAIN)


def sheet_names(path: Path) -> tuple[str, ...]:
    """The sheets of a workbook, hidden ones left out.

    Raises:
        FileRefused: it cannot be read.
    """
    with _opened(path, values=True) as book:
        return tuple(one.title for one in book.worksheets if one.sheet_state == "visible")


def rows_of(path: Path, sheet: str | None) -> Iterator[tuple[int, list[Cell]]]:
    """The rows of a sheet that hold anything, each with its number.

    Raises:
        FileRefused: there is no such sheet, or it cannot be read.
    """
    with _opened(path, values=True) as book:
        if book.epoch != WINDOWS_EPOCH:
            raise FileRefused("The workbook counts its days from 1904, not from 1900.", _AGAIN)
        title = _title(book, sheet)
        if not _has_formulas(path):
            yield from _values(book[title])
            return
        with _opened(path, values=False) as formulas:
            yield from _with_formulas(book[title], formulas[title])


def _title(book: Any, sheet: str | None) -> str:
    visible = [one.title for one in book.worksheets if one.sheet_state == "visible"]
    if sheet is None and visible:
        return str(visible[0])
    if sheet is None or sheet not in visible:
        raise FileRefused(
            f"The workbook has no sheet “{sheet}”. Its sheets are: {', '.join(visible) or 'none'}.",
            "Choose one of them.",
        )
    return sheet


def _values(sheet: Any) -> Iterator[tuple[int, list[Cell]]]:
    for number, cells in enumerate(_read(sheet, values_only=True), start=1):
        row = [_cell(value) for value in cells]
        if any(cell != "" for cell in row):
            yield number, row


def _with_formulas(values: Any, formulas: Any) -> Iterator[tuple[int, list[Cell]]]:
    both = zip(_read(values, values_only=True), _read(formulas), strict=False)
    for number, (cells, said) in enumerate(both, start=1):
        row = [_cell(value) for value in cells]
        for position, cell in enumerate(said):
            if cell.data_type == "f" and row[position] == "":
                row[position] = Broken("holds a formula whose result the file does not hold")
        if any(cell != "" for cell in row):
            yield number, row


def _read(sheet: Any, *, values_only: bool = False) -> Iterator[Any]:
    sheet.reset_dimensions()  # what a file says of its own size need not be so
    try:
        yield from sheet.iter_rows(values_only=values_only)
    except FileRefused:
        raise
    except _UNREADABLE as error:
        raise _unreadable(error) from None


def _cell(value: object) -> Cell:
    cell: Cell
    match value:
        case None:
            cell = ""
        case bool():
            cell = "yes" if value else "no"
        case int():
            cell = Decimal(value)
        case dt.datetime():
            cell = value.date()
        case dt.date():
            cell = value
        case str():
            text = value.strip()
            is_error = text.startswith("#") and text.endswith(("!", "?", "/A"))
            cell = Broken(f"holds the error {text}") if is_error else value if text else ""
        case dt.time() | dt.timedelta():
            cell = str(value)
        case _:
            cell = Decimal(format(value, _SIGNIFICANT))
    return cell


def _has_formulas(path: Path) -> bool:
    with zipfile.ZipFile(path) as packed:
        for part in packed.infolist():
            if not part.filename.startswith("xl/worksheets/"):
                continue
            with packed.open(part) as file:
                tail = b""
                while piece := file.read(_PIECE):
                    if b"<f>" in tail + piece or b"<f " in tail + piece:
                        return True
                    tail = piece[-2:]
    return False


@contextmanager
def _opened(path: Path, *, values: bool) -> Iterator[Any]:
    with path.open("rb") as file:  # by its name openpyxl would judge what it is
        try:
            book = load_workbook(file, read_only=True, data_only=values, keep_links=False)
        except _UNREADABLE as error:
            raise _unreadable(error) from None
        try:
            yield book
        finally:
            book.close()


def _unreadable(error: Exception) -> FileRefused:
    return FileRefused(
        f"The workbook cannot be read ({type(error).__name__}).", f"Open it. {_AGAIN}"
    )
