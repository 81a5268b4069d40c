"""From the text of a CSV file to its rows, refusing files that cannot be what they claim."""

import csv
import difflib
from collections.abc import Iterable, Iterator, Sequence

from webapp.domain.ingest.errors import FileRefused

_SIGNATURES = (
    (b"PK\x03\x04", "an Excel workbook or another zipped file"),
    (b"\xd0\xcf\x11\xe0", "an Excel 97 workbook"),
    (b"%PDF", "a PDF"),
    (b"\x1f\x8b", "a compressed file"),
)
_UTF_16_OR_32 = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
_AS_CSV = "Open it in a spreadsheet and save it as “CSV UTF-8”, then load that."
_SHOWN = 40
_LONGEST_HEADING = 500


def refuse_by_first_bytes(head: bytes) -> None:
    """Refuse what is no text of one byte or UTF-8 characters.

    Raises:
        FileRefused: it is empty, UTF-16, a workbook or otherwise binary.
    """
    if not head.removeprefix(b"\xef\xbb\xbf").strip():
        raise FileRefused("The file is empty.", "Export it again from the system it comes from.")
    for signature, what in _SIGNATURES:
        if head.startswith(signature):
            raise FileRefused(f"The file is {what}, not a CSV file.", _AS_CSV)
    # Text in UTF-16 has a NUL beside each plain letter, always on the same side.
    halves = head[0::2].count(0), head[1::2].count(0)
    one_sided = min(halves) == 0 and max(halves) > len(head) // 8
    if head.startswith(_UTF_16_OR_32) or one_sided:
        raise FileRefused("The file is in UTF-16, not in UTF-8.", _AS_CSV)
    if 0 in head:
        raise FileRefused("The file holds NUL bytes, so it is not a text file.", _AS_CSV)


def records(text: Iterable[str], delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Number the records as a spreadsheet does, leaving blank ones out."""
    reader = csv.reader(_without_nul(text), delimiter=delimiter, strict=True)
    row = 0
    while True:
        row += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise _malformed(row, str(error)) from None
        if any(map(str.strip, cells)):
            yield row, cells


def _without_nul(text: Iterable[str]) -> Iterator[str]:
    for line in text:
        if "\0" in line:
            raise FileRefused("The file holds NUL bytes, so it is not a text file.", _AS_CSV)
        yield line


def _malformed(row: int, error: str) -> FileRefused:
    if "field limit" in error:
        return FileRefused(
            f"Row {row} has a cell of more than {csv.field_size_limit():,} characters, which no "
            "record has.",
            "If a quotation mark is opened in that row and never closed, close it. Otherwise the "
            "file is no table: export it again as CSV.",
        )
    if "unexpected end" in error:
        return FileRefused(
            f"A quotation mark opened in row {row} is never closed.",
            "Close it there, or double it where it is part of the text, then load the file again.",
        )
    return FileRefused(
        f"Row {row} cannot be read as CSV: {error}.",
        "A quotation mark inside a quoted cell must be doubled. Correct that row, then load the "
        "file again.",
    )


def refuse_header(names: Sequence[str], wanted: Iterable[str]) -> None:
    """Refuse a header that names a column twice, or has not the columns that are wanted.

    Raises:
        FileRefused: with the names, or with the column whose heading cannot be one.
    """
    for column, name in enumerate(names, start=1):
        if len(name) > _LONGEST_HEADING:
            raise FileRefused(
                f"The heading of column {column} has {len(name):,} characters, so the row it "
                "stands in is no header.",
                "Name the row that holds the headings; where there is none, add one. If the file "
                "is no table, export it again as CSV.",
            )
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if twice:
        raise FileRefused(
            f"The header names these columns twice: {_quoted(twice)}.",
            "Give each column a name of its own, so that it is certain which one is meant.",
        )
    missing = [name for name in wanted if name not in names]
    if missing:
        there = [name for name in names if name]
        raise FileRefused(
            f"The file has no column {_quoted(dict.fromkeys(missing))}. "
            f"Its columns are: {_quoted(there[:_SHOWN])}{', …' if there[_SHOWN:] else ''}.",
            _advice(missing, there),
        )


def _advice(missing: list[str], there: list[str]) -> str:
    near = {name: difflib.get_close_matches(name, there, n=1) for name in missing}
    hints = [f"“{name}” may now be “{found[0]}”" for name, found in near.items() if found]
    if len(there) == 1:
        hints.append("the cells may be separated by another mark than the mapping's delimiter")
    advice = "Correct the names under [columns] in the mapping, or export the file with them."
    return f"{advice} Note: {'; '.join(hints)}." if hints else advice


def refuse_ragged(row: int, cells: Sequence[str], width: int) -> None:
    """Refuse a file a row of which is shorter or longer than its header.

    Raises:
        FileRefused: naming the row.
    """
    if len(cells) < width or any(cell.strip() for cell in cells[width:]):
        raise FileRefused(
            f"Row {row} has {len(cells)} cells where the header has {width}, so its cells may "
            "stand under the wrong names.",
            "A cell that holds a comma must be in quotes. Correct that row, then load the file "
            "again.",
        )


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f"“{name}”" for name in names)
