"""Opens what a person named on the command line, and says plainly why it cannot be taken."""

import datetime as dt
import errno
import os
import stat
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path

from webapp.domain.ingest.cells import Broken, Cell, shown
from webapp.domain.ingest.errors import FileRefused, MappingRefused
from webapp.domain.ingest.grouping import Grouped, group
from webapp.domain.ingest.lines import BadLine, Line, read_line
from webapp.domain.ingest.mapping import ColumnMapping, Field
from webapp.domain.ingest.mapping_file import parse_mapping
from webapp.domain.ingest.settings import LoadMapping
from webapp.services.loading.report import Progress, Stage
from webapp.services.loading.tables import guess_encoding, is_workbook, opened, refuse_file

LARGEST_FILE = 50_000_000
LARGEST_MAPPING = 1_000_000
_ROWS_BETWEEN_NEWS = 500


def read_mapping(path: Path) -> ColumnMapping:
    """Read and check a mapping file.

    Raises:
        FileRefused: it cannot be opened or is no text.
        MappingRefused: with everything that is wrong in it.
    """
    _size(path, LARGEST_MAPPING)
    try:
        return parse_mapping(path.read_text("utf-8-sig"))
    except UnicodeDecodeError:
        raise MappingRefused(["it is not written in UTF-8"]) from None


def read_file(path: Path, mapping: ColumnMapping, progress: Progress) -> Grouped:
    """Read a file of purchase invoices and put its rows together. Touches no database.

    Raises:
        FileRefused: the file as a whole cannot be taken.
    """
    return group(rows_of(path, mapping, progress))


def rows_of(path: Path, mapping: ColumnMapping, progress: Progress) -> Iterator[Line | BadLine]:
    """The rows of a CSV file or a workbook, one at a time.

    Raises:
        FileRefused: the file as a whole cannot be taken.
    """
    size = _size(path, LARGEST_FILE)
    refuse_file(path)
    told = LoadMapping(
        columns={field.value: heading for field, heading in mapping.columns.items()},
        encoding=_encoding(path, mapping),
        delimiter=mapping.delimiter,
    )
    with opened(path, told) as table:
        positions = {
            field: table.headings.index(heading) for field, heading in mapping.columns.items()
        }
        for count, (row, cells) in enumerate(table.rows, start=1):
            if count % _ROWS_BETWEEN_NEWS == 0:
                progress(Stage.READING, table.position(), size)
            yield _line(row, {field: cells[at] for field, at in positions.items()}, mapping)
    progress(Stage.READING, size, size)


def _line(row: int, cells: Mapping[Field, Cell], mapping: ColumnMapping) -> Line | BadLine:
    texts = {field: _as_text(cell, mapping) for field, cell in cells.items()}
    line = read_line(row, texts, mapping)
    broken = [
        f"the {field.replace('_', ' ')} {cell.reason}"
        for field, cell in cells.items()
        if isinstance(cell, Broken)
    ]
    if not broken:
        return line
    reference = line.reference
    return BadLine(row, line.supplier_account, line.number, reference, "; ".join(broken))


def _as_text(cell: Cell, mapping: ColumnMapping) -> str:
    """A cell as the mapping expects it in a text: a workbook keeps days and numbers as such."""
    if isinstance(cell, dt.date):
        return cell.strftime(mapping.date_formats[0])
    if isinstance(cell, Decimal):
        return shown(cell).replace(".", mapping.decimal_mark)
    return shown(cell)


def _encoding(path: Path, mapping: ColumnMapping) -> str | None:
    if mapping.encoding is not None or is_workbook(path):
        return mapping.encoding
    guess = guess_encoding(path)
    if guess.certain:
        return guess.value
    raise FileRefused(
        "The file is not in UTF-8, and nothing in it tells which other encoding it is in.",
        "Save it as “CSV UTF-8”. If it comes from an older Windows program, put "
        'encoding = "cp1252" under [file] in the mapping.',
    )


def _size(path: Path, largest: int) -> int:
    try:
        found = path.stat()
    except FileNotFoundError:
        raise FileRefused(
            "There is no such file.", "Check the name and the folder you are in."
        ) from None
    except OSError as error:
        raise _closed(error) from None
    if not stat.S_ISREG(found.st_mode):
        raise FileRefused("It is not a file.", "Name the file itself.")
    if found.st_size > largest:
        raise FileRefused(
            f"The file has {found.st_size / 1_000_000:.0f} MB; the limit is "
            f"{largest // 1_000_000} MB.",
            "Export a shorter time, such as one month, or split the file between invoices.",
        )
    if not os.access(path, os.R_OK):
        raise _closed(PermissionError(errno.EACCES, os.strerror(errno.EACCES)))
    return found.st_size


def _closed(error: OSError) -> FileRefused:
    return FileRefused(f"The file cannot be opened: {error.strerror}.", "Check who may read it.")
