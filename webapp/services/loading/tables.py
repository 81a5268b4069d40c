"""Opens a stored file as a table: headings, and rows of cells one after the other."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path

from webapp.domain.ingest.cells import Cell, shown
from webapp.domain.ingest.errors import FileRefused
from webapp.domain.ingest.reading import (
    records,
    refuse_by_first_bytes,
    refuse_header,
    refuse_ragged,
)
from webapp.domain.ingest.recognise import Guess, delimiter_of, encoding_of
from webapp.domain.ingest.settings import LoadMapping
from webapp.domain.ingest.values import tidy
from webapp.services.loading.workbook import refuse_workbook, rows_of

HEAD = 65_536
MOST_COLUMNS = 500
_ZIP = b"PK\x03\x04"
_WIDE = ("utf-16", "utf-16-le", "utf-16-be")
_PIECE = 1 << 20


@dataclass(frozen=True)
class Table:
    """A table as it is being read."""

    headings: tuple[str, ...]
    rows: Iterator[tuple[int, list[Cell]]]
    position: Callable[[], int]
    """How many bytes of a CSV file were read so far; 0 for a workbook."""


def is_workbook(path: Path) -> bool:
    """Whether a file is zipped, as workbooks are."""
    with path.open("rb") as file:
        return file.read(len(_ZIP)) == _ZIP


def refuse_file(path: Path) -> None:
    """Refuse what can be no table.

    Raises:
        FileRefused: it is empty, damaged, of another kind, or a danger.
    """
    if is_workbook(path):
        refuse_workbook(path)
        return
    with path.open("rb") as file:
        head = file.read(HEAD)
    if guess_encoding(path).value not in _WIDE:
        refuse_by_first_bytes(head)


def guess_encoding(path: Path) -> Guess:
    """The encoding of a CSV file, for which all of it is looked at."""
    with path.open("rb") as file:
        return encoding_of(file.read(HEAD), is_utf8=_is_utf8(path))


def guess_delimiter(path: Path, encoding: str, header_row: int) -> Guess:
    """The mark between its cells."""
    with path.open("rb") as file:
        text = file.read(HEAD).decode(_codec(encoding), errors="replace")
    return delimiter_of("".join(text.splitlines(keepends=True)[header_row - 1 :]))


@contextmanager
def opened(path: Path, mapping: LoadMapping, *, whole: bool = True) -> Iterator[Table]:
    """Open a table by what is told of it, or certain of itself.

    Args:
        path: where the file lies.
        mapping: what is told of it.
        whole: whether the columns of the mapping have to be there.

    Raises:
        FileRefused: also while its rows are read: it cannot be trusted as a whole.
    """
    if is_workbook(path):
        headings, rows = _split(rows_of(path, mapping.sheet), mapping, whole=whole)
        yield Table(headings, _below(rows, len(headings), ragged=False), lambda: 0)
        return
    encoding = mapping.encoding or str(guess_encoding(path).value)
    delimiter = mapping.delimiter or str(guess_delimiter(path, encoding, mapping.header_row).value)
    with (
        path.open("rb") as file,
        TextIOWrapper(file, encoding=_codec(encoding), newline="") as text,
    ):
        cells: Iterator[tuple[int, list[Cell]]] = (
            (row, list(one)) for row, one in records(_decoded(text, encoding), delimiter)
        )
        headings, rows = _split(cells, mapping, whole=whole)
        yield Table(headings, _below(rows, len(headings), ragged=True), file.tell)


def _split(
    rows: Iterator[tuple[int, list[Cell]]], mapping: LoadMapping, *, whole: bool
) -> tuple[tuple[str, ...], Iterator[tuple[int, list[Cell]]]]:
    header = next((cells for row, cells in rows if row >= mapping.header_row), None)
    if header is None:
        raise FileRefused("The file holds no rows.", "Export it again, or choose another sheet.")
    headings = tuple(tidy(shown(cell)) for cell in header)
    while headings and not headings[-1]:
        headings = headings[:-1]
    if len(headings) > MOST_COLUMNS:
        raise FileRefused(
            f"The header has {len(headings)} columns; at most {MOST_COLUMNS} are taken.",
            "Leave out the columns that are not needed.",
        )
    refuse_header(headings, mapping.columns.values() if whole else ())
    return headings, rows


def _below(
    rows: Iterable[tuple[int, list[Cell]]], width: int, *, ragged: bool
) -> Iterator[tuple[int, list[Cell]]]:
    some = False
    for row, cells in rows:
        some = True
        if len(cells) != width:
            if ragged:
                refuse_ragged(row, [shown(cell) for cell in cells], width)
            blank: list[Cell] = [""] * (width - len(cells))
            cells = cells + blank  # noqa: PLW2901
        yield row, cells
    if not some:
        raise FileRefused(
            "The file has a header and no rows below it.",
            "Export it again from the system it comes from, for a period that has any.",
        )


def _codec(encoding: str) -> str:
    return "utf-8-sig" if encoding == "utf-8" else encoding


def _decoded(text: TextIOWrapper, encoding: str) -> Iterator[str]:
    count = 0
    try:
        for line in text:
            count += 1
            yield line
    except UnicodeError:
        raise FileRefused(
            f"The file is not in {encoding.upper()}: what follows line {count} means nothing "
            "there.",
            "Choose the encoding it was saved in, or save it as “CSV UTF-8”.",
        ) from None


def _is_utf8(path: Path) -> bool:
    try:
        with path.open(encoding="utf-8-sig", newline="") as text:
            while text.read(_PIECE):
                pass
    except UnicodeDecodeError:
        return False
    return True
