"""Recognises how a file is written. What has two readings is never guessed in silence."""

import csv
import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from io import StringIO

from webapp.domain.ingest.values import CellRefused, amount, day, serial_day

DATE_FORMATS = (
    "%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%d-%m-%Y", "%m-%d-%Y", "%Y/%m/%d", "%Y%m%d",
    "%d %b %Y", "%d-%b-%Y", "%d-%b-%y", "%d %B %Y", "%b %d, %Y", "%d/%m/%y", "%m/%d/%y",
    "%d.%m.%y", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%d/%m/%Y %H:%M:%S",
    "%m/%d/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M",
)  # fmt: skip
EXCEL_SERIAL = "excel-serial"
"""Days counted since the end of 1899, as spreadsheets keep them."""
DELIMITERS = (",", ";", "\t", "|")
_BOMS = (
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_ONE_BYTE = ("cp1252", "iso-8859-1", "iso-8859-15", "cp850", "mac-roman")
_LINES = 50
_REMEMBERED = 10_000
"""Cells that were seen are not read again; beyond so many different ones they are."""


@dataclass(frozen=True)
class Guess:
    """What something probably is, and whether it can be anything else.

    ``value`` is None only where nothing fits; ``choices`` are all that fit, the likeliest first.
    """

    value: str | None
    certain: bool
    choices: tuple[str, ...]


def encoding_of(head: bytes, *, is_utf8: bool) -> Guess:
    """The encoding of a text file.

    Args:
        head: its first bytes.
        is_utf8: whether all of the file reads as UTF-8.
    """
    for mark, name in _BOMS:
        if head.startswith(mark):
            return Guess(name, certain=True, choices=(name,))
    even = head if len(head) % 2 == 0 else head[:-1]
    if _is_utf_16(even):
        name = "utf-16-le" if even[1::2].count(0) else "utf-16-be"
        return Guess(name, certain=True, choices=(name,))
    if is_utf8:
        # A text of another encoding that happens to be valid UTF-8 is next to impossible.
        return Guess("utf-8", certain=True, choices=("utf-8",))
    return Guess(_ONE_BYTE[0], certain=False, choices=_ONE_BYTE)


def delimiter_of(text: str) -> Guess:
    """The mark between the cells, from the first lines of a file.

    Certain where under only one mark all lines have the same number of cells, of two or more.
    """
    lines = text.splitlines(keepends=True)[:_LINES]
    widths = {mark: _widths(lines, mark) for mark in DELIMITERS}
    even = [mark for mark, found in widths.items() if len(set(found)) == 1 and found[0] > 1]
    splits = [mark for mark, found in widths.items() if found and found[0] > 1]
    if len(even) == 1:
        return Guess(even[0], certain=True, choices=(even[0],))
    if even:
        likely = sorted(even, key=lambda mark: -widths[mark][0])
        return Guess(likely[0], certain=False, choices=tuple(likely))
    if len(splits) == 1:
        return Guess(splits[0], certain=True, choices=(splits[0],))
    if splits:
        likely = sorted(splits, key=lambda mark: -widths[mark][0])
        return Guess(likely[0], certain=False, choices=tuple(likely))
    return Guess(",", certain=True, choices=(",",))  # one column: no mark does anything


class Readings:
    """Which ways of reading fit all the cells that were shown so far, and whether they agree."""

    def __init__(self, ways: Mapping[str, Callable[[str], object]]) -> None:
        self._ways = ways
        self._said: dict[str, int] = dict.fromkeys(ways, 0)
        self._seen: set[str] = set()

    def show(self, cell: str) -> None:
        """Take one cell into account; an empty one says nothing."""
        text = cell.strip()
        if not text or not self._said or text in self._seen:
            return
        if len(self._seen) < _REMEMBERED:
            self._seen.add(text)
        said = {}
        for way, before in self._said.items():
            try:
                said[way] = hash((before, self._ways[way](text)))
            except CellRefused:
                continue
        self._said = said

    @property
    def was_shown(self) -> bool:
        """Whether any cell said something."""
        return bool(self._seen)

    def guess(self) -> Guess | None:
        """What they are written in; None where no way fits, or nothing was shown.

        Certain where one way fits alone, or all that fit read the same.
        """
        if not self._seen or not self._said:
            return None
        choices = tuple(self._said)
        certain = len(set(self._said.values())) == 1
        return Guess(choices[0], certain=certain, choices=choices)


def date_readings() -> Readings:
    """Readings of cells that may be days; the ways are formats of strptime, and EXCEL_SERIAL."""
    return Readings({one: partial(day_written, way=one) for one in (*DATE_FORMATS, EXCEL_SERIAL)})


def day_written(text: str, way: str) -> dt.date:
    """Read a day in one way.

    Raises:
        CellRefused: it is not written so.
    """
    if way != EXCEL_SERIAL:
        return day(text, (way,))
    bare = text.strip()
    if not (bare.isascii() and bare.isdigit()):
        raise CellRefused(f"“{text}” is not the serial number of a day")
    return serial_day(Decimal(bare))


def decimal_readings() -> Readings:
    """Readings of cells that may be numbers; the ways are decimal marks."""
    return Readings({one: partial(_number, decimal_mark=one) for one in (".", ",")})


def _number(text: str, decimal_mark: str) -> object:
    return amount(text, decimal_mark, places=8)


def _is_utf_16(head: bytes) -> bool:
    if not head or 0 not in head:
        return False
    halves = head[0::2].count(0), head[1::2].count(0)
    return min(halves) == 0 and max(halves) > len(head) // 8


def _widths(lines: Sequence[str], mark: str) -> list[int]:
    try:
        rows = list(csv.reader(StringIO("".join(lines)), delimiter=mark))
    except csv.Error:
        return []
    # The last line may have been cut off in the middle.
    whole = rows[:-1] if len(rows) > 2 else rows  # noqa: PLR2004 - header and a row are all there is
    return [len(row) for row in whole if any(cell.strip() for cell in row)]
