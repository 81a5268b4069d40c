"""Opens what a person named on the command line, and says plainly why it cannot be taken."""

import stat
from collections.abc import Iterator
from io import TextIOWrapper
from pathlib import Path
from typing import BinaryIO

from webapp.domain.ingest.errors import FileRefused, MappingRefused
from webapp.domain.ingest.grouping import Grouped, group
from webapp.domain.ingest.mapping import ColumnMapping
from webapp.domain.ingest.mapping_file import parse_mapping
from webapp.domain.ingest.reading import read_rows, refuse_by_first_bytes
from webapp.services.loading.report import Progress, Stage

LARGEST_FILE = 50_000_000
LARGEST_MAPPING = 1_000_000
_HEAD = 4096
_LINES_BETWEEN_NEWS = 500


def read_mapping(path: Path) -> ColumnMapping:
    """Read and check a mapping file.

    Raises:
        FileRefused: it cannot be opened or is no text.
        MappingRefused: with everything that is wrong in it.
    """
    with _opened(path, LARGEST_MAPPING) as file:
        content = file.read()
    try:
        return parse_mapping(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise MappingRefused(["it is not written in UTF-8"]) from None


def read_file(path: Path, mapping: ColumnMapping, progress: Progress) -> Grouped:
    """Read a file of purchase invoices and put its rows together. Touches no database.

    Raises:
        FileRefused: the file as a whole cannot be taken.
    """
    with _opened(path, LARGEST_FILE) as file:
        size = path.stat().st_size
        refuse_by_first_bytes(file.read(_HEAD))
        file.seek(0)
        encoding = "utf-8-sig" if mapping.encoding == "utf-8" else mapping.encoding
        with TextIOWrapper(file, encoding=encoding, newline="") as text:
            return group(read_rows(_told(text, file, size, mapping, progress), mapping))


def _opened(path: Path, largest: int) -> BinaryIO:
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise FileRefused("It is not a file.", "Name the file itself.")
        if found.st_size > largest:
            raise FileRefused(
                f"The file has {found.st_size / 1_000_000:.0f} MB; the limit is "
                f"{largest // 1_000_000} MB.",
                "Export a shorter time, such as one month, or split the file between invoices.",
            )
        return path.open("rb")
    except FileNotFoundError:
        raise FileRefused(
            "There is no such file.", "Check the name and the folder you are in."
        ) from None
    except OSError as error:
        raise FileRefused(
            f"The file cannot be opened: {error.strerror}.", "Check who may read it."
        ) from None


def _told(
    text: TextIOWrapper, file: BinaryIO, size: int, mapping: ColumnMapping, progress: Progress
) -> Iterator[str]:
    count = 0
    try:
        for count, line in enumerate(text, start=1):
            if count % _LINES_BETWEEN_NEWS == 0:
                progress(Stage.READING, file.tell(), size)
            yield line
    except UnicodeDecodeError as error:
        byte = error.object[error.start]
        raise FileRefused(
            f"The file is not in {mapping.encoding.upper()}: byte 0x{byte:02X} after line {count} "
            "means nothing there.",
            "Save it as “CSV UTF-8”. If it comes from an older Windows program, put "
            'encoding = "cp1252" under [file] in the mapping.',
        ) from None
    progress(Stage.READING, size, size)
