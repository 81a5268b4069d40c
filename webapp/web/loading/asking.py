"""What a file leaves open, asked with examples from the file in each of its readings."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from webapp.domain.ingest.recognise import DATE_FORMATS, EXCEL_SERIAL, Guess, day_written
from webapp.domain.ingest.settings import LoadMapping
from webapp.domain.ingest.target import NUMERIC, Kind, Target
from webapp.domain.ingest.values import CellRefused, amount, example
from webapp.queries.loading.encodings import readings
from webapp.services.loading.found import Look
from webapp.web.formats import day

ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "cp1252": "Windows, Western Europe (cp1252)",
    "iso-8859-1": "ISO Latin 1",
    "iso-8859-15": "ISO Latin 9, with the euro sign",
    "cp850": "DOS, Western Europe (cp850)",
    "mac-roman": "Macintosh",
}
DELIMITERS = {",": "Comma ,", ";": "Semicolon ;", "\t": "Tab", "|": "Bar |"}
DECIMAL_MARKS = {".": "Point, as in 1,234.50", ",": "Comma, as in 1.234,50"}
_NONE_FITS = (
    "No one way of writing {} fits all cells of the columns chosen for them. See that these "
    "are the right columns; if they are, choose how most cells are written, and you are told which "
    "rows are not:"
)
_SHOWN = 3
_PLACES = 8


@dataclass(frozen=True)
class Answer:
    """One reading: its value in the mapping, its words, and pieces of the file read so."""

    value: str
    words: str
    examples: tuple[str, ...] = ()


@dataclass(frozen=True)
class Asked:
    """One thing about how a file is written.

    Attributes:
        name: of the mapping's member.
        label: what people call it.
        why: what the file says about it.
        answers: that can be chosen.
        certain: whether it is known without anybody's choice, which "" stands for.
        chosen: what the mapping says.
    """

    name: str
    label: str
    why: str
    answers: tuple[Answer, ...]
    certain: bool
    chosen: str | None

    @property
    def is_open(self) -> bool:
        """Whether it has still to be told."""
        return not self.certain and self.chosen is None


def questions(path: Path, look: Look, mapping: LoadMapping, target: Target) -> tuple[Asked, ...]:
    """Everything that was recognised of a file or has to be told, in the order of reading."""
    found = []
    if look.encoding is not None:
        found.append(_encoding(path, look.encoding, mapping.encoding))
    if look.delimiter is not None:
        found.append(_delimiter(look.delimiter, mapping.delimiter))
    if look.date_format is not None:
        cells = _cells(look, mapping, target, {Kind.DATE})
        found.append(_dates(look.date_format, mapping.date_format, cells))
    if look.decimal_mark is not None:
        cells = _cells(look, mapping, target, NUMERIC)
        found.append(_numbers(look.decimal_mark, mapping.decimal_mark, cells))
    return tuple(found)


def _encoding(path: Path, guess: Guess, chosen: str | None) -> Asked:
    if _is_certain(guess):
        return _certain(
            "encoding", "Encoding", ENCODINGS, guess, chosen, "All of the file can be read so."
        )
    read = readings(path, guess.choices)
    return Asked(
        "encoding",
        "Encoding",
        "The file does not say which letters it means. Choose the line that reads right:",
        tuple(
            Answer(one, ENCODINGS.get(one, one), tuple(f"“{piece}”" for piece in pieces))
            for one, pieces in read.items()
        ),
        certain=False,
        chosen=chosen if chosen in read else None,
    )


def _delimiter(guess: Guess, chosen: str | None) -> Asked:
    if _is_certain(guess):
        why = "With no other mark the lines have equally many cells."
        return _certain("delimiter", "Between cells", DELIMITERS, guess, chosen, why)
    return Asked(
        "delimiter",
        "Between cells",
        "The lines of the file can be divided in more than one way. Choose the right one:",
        tuple(Answer(one, DELIMITERS[one]) for one in guess.choices),
        certain=False,
        chosen=chosen,
    )


def _dates(guess: Guess, chosen: str | None, cells: list[str]) -> Asked:
    label = "Dates"
    if _is_certain(guess):
        known = {one: _date_words(one) for one in guess.choices}
        why = "All dates of the file can be read so, and no other way says anything else."
        return _certain("date_format", label, known, guess, chosen, why)
    why = "The dates of the file can be read in more than one way. Choose the right one:"
    if not guess.choices:
        why = _NONE_FITS.format("dates")
    offered = guess.choices or DATE_FORMATS
    answers = tuple(_answers(offered, _date_words, cells, _day))
    return Asked("date_format", label, why, answers, certain=False, chosen=chosen)


def _numbers(guess: Guess, chosen: str | None, cells: list[str]) -> Asked:
    label = "Decimals"
    if _is_certain(guess):
        why = "All numbers of the file can be read so, and the other way says nothing else."
        return _certain("decimal_mark", label, DECIMAL_MARKS, guess, chosen, why)
    why = "The numbers of the file can be read in two ways. Choose the right one:"
    if not guess.choices:
        why = _NONE_FITS.format("numbers")
    offered = guess.choices or tuple(DECIMAL_MARKS)
    answers = tuple(_answers(offered, DECIMAL_MARKS.__getitem__, cells, _number))
    return Asked("decimal_mark", label, why, answers, certain=False, chosen=chosen)


def _is_certain(guess: Guess) -> bool:
    return guess.certain and guess.value is not None


def _certain(
    name: str, label: str, known: dict[str, str], guess: Guess, chosen: str | None, why: str
) -> Asked:
    recognised = str(guess.value)
    answers = [Answer("", f"{known.get(recognised, recognised.upper())} (recognised)")]
    answers += [Answer(value, words) for value, words in known.items() if value != recognised]
    other = chosen if chosen != recognised else None
    return Asked(name, label, why, tuple(answers), certain=True, chosen=other)


def _cells(look: Look, mapping: LoadMapping, target: Target, kinds: Iterable[Kind]) -> list[str]:
    wanted = set(kinds)
    names = {
        heading
        for name, heading in mapping.columns.items()
        if (field := target.field(name)) is not None and field.kind in wanted
    }
    return [cell for column in look.columns if column.name in names for cell in column.samples]


def _answers(
    choices: Iterable[str],
    words: Callable[[str], str],
    cells: list[str],
    read: Callable[[str, str], str | None],
) -> Iterator[Answer]:
    offered = tuple(choices)
    apart = [
        cell
        for cell in dict.fromkeys(cells)
        if cell.strip() and len({read(cell, one) for one in offered}) > 1
    ][:_SHOWN]
    for one in offered:
        told = tuple(f"{cell} is {read(cell, one) or 'not to be read'}" for cell in apart)
        yield Answer(one, words(one), told)


def _day(cell: str, way: str) -> str | None:
    try:
        return day(day_written(cell, way))
    except CellRefused:
        return None


def _number(cell: str, mark: str) -> str | None:
    try:
        return f"{amount(cell, mark, places=_PLACES):,f}"
    except CellRefused:
        return None


def _date_words(pattern: str) -> str:
    if pattern == EXCEL_SERIAL:
        return "Days counted by a spreadsheet, as 44773"
    order = {"%d": "day first", "%m": "month first", "%Y": "year first"}
    told = order.get(pattern[:2], "")
    return f"As {example(pattern)}{', ' if told else ''}{told}"
