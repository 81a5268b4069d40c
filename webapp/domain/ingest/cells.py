"""From the cells of a row to the values of a target's fields."""

import datetime as dt
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial

from webapp.domain.ingest.recognise import day_written
from webapp.domain.ingest.settings import LoadMapping
from webapp.domain.ingest.target import Kind, Target, TargetField
from webapp.domain.ingest.values import (
    LARGEST,
    CellRefused,
    amount,
    same_name,
    serial_day,
    tidy,
)

_YES = frozenset({"yes", "y", "true", "1", "x", "ja", "oui", "ticked"})
_NO = frozenset({"no", "n", "false", "0", "nein", "non", "-"})
_WHOLE_BELOW = 10**9
_SEEN = 4096
"""As many different cells of a column are remembered."""


@dataclass(frozen=True)
class Broken:
    """A cell of a workbook that holds no value, with the reason."""

    reason: str


Cell = str | Decimal | dt.date | Broken
Value = str | Decimal | dt.date | bool | int | None


@dataclass(frozen=True)
class CellProblem:
    """What is wrong with one cell; ``column`` is its heading, None where no column feeds it."""

    field: str
    column: str | None
    value: str
    reason: str


def shown(cell: Cell) -> str:
    """A cell as text."""
    match cell:
        case Decimal():
            text = format(cell, "f")
            return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"
        case dt.date():
            return cell.isoformat()
        case Broken():
            return ""
    return cell


@dataclass(frozen=True)
class _Step:
    """What becomes of one column.

    ``seen`` holds what good cells came to: most columns of most files say the same again and
    again, and to look that up is ten times as fast as to read it.
    """

    feeds: TargetField
    position: int | None
    constant: str
    read: Callable[[Cell], Value]
    seen: dict[Cell, Value] = field(default_factory=dict)


class RowReader:
    """Reads rows by a mapping whose columns are known to be there."""

    def __init__(self, target: Target, mapping: LoadMapping, headings: Sequence[str]) -> None:
        self._empty = frozenset(same_name(word) for word in mapping.empty_words)
        plan: list[_Step] = []
        for one in target.fields:
            column = mapping.columns.get(one.name)
            constant = mapping.constants.get(one.name, "")
            if column or constant:
                position = headings.index(column) if column else None
                plan.append(_Step(one, position, constant, _reading(one, mapping)))
        self._quick = [(step.feeds.name, step.position, step.seen, step) for step in plan]
        self._columns = mapping.columns

    def read(self, cells: Sequence[Cell]) -> tuple[dict[str, Value], list[CellProblem]]:
        """The values of a row, and all that is wrong with it; a bad cell has no value."""
        values: dict[str, Value] = {}
        problems: list[CellProblem] = []
        for name, position, seen, step in self._quick:
            cell: Cell = "" if position is None else cells[position]
            try:
                values[name] = seen[cell]
            except KeyError:
                self._read_anew(step, cell, values, problems)
        return values, problems

    def _read_anew(
        self, step: "_Step", seen: Cell, values: dict[str, Value], problems: list[CellProblem]
    ) -> None:
        one, cell = step.feeds, seen
        if isinstance(cell, str) and (
            not cell or cell.isspace() or (self._empty and same_name(cell) in self._empty)
        ):
            cell = step.constant
        if cell == "":
            values[one.name] = None
            if one.key:
                problems.append(self._problem(one, "", "is empty"))
                return
        else:
            try:
                values[one.name] = step.read(cell)
            except CellRefused as refused:
                problems.append(self._problem(one, shown(cell), str(refused)))
                return
        if len(step.seen) >= _SEEN:
            step.seen.clear()
        step.seen[seen] = values[one.name]

    def _problem(self, one: TargetField, value: str, reason: str) -> CellProblem:
        return CellProblem(
            one.name, self._columns.get(one.name), value[:200], f"{one.label}: {reason}"
        )


def _reading(one: TargetField, mapping: LoadMapping) -> Callable[[Cell], Value]:
    if one.kind is Kind.CHOICE:
        return partial(_choice, words={same_name(word): word for word in one.choices})
    readings: dict[Kind, Callable[[Cell], Value]] = {
        Kind.MONEY: partial(_number, longest=one.longest, mark=mapping.decimal_mark or "."),
        Kind.NUMBER: partial(_number, longest=one.longest, mark=mapping.decimal_mark or "."),
        Kind.WHOLE: _whole,
        # Without a format only the one that can mean nothing else is read.
        Kind.DATE: partial(_date, way=mapping.date_format or "%Y-%m-%d"),
        Kind.YES_NO: _yes_no,
        Kind.ACCOUNT: partial(_account, longest=one.longest),
        Kind.TEXT: partial(_text, longest=one.longest, as_written=one.as_written),
    }
    return readings[one.kind]


def _whole_cell(cell: Cell) -> Cell:
    if isinstance(cell, Broken):
        raise CellRefused(cell.reason)
    return cell


def _text(cell: Cell, longest: int, *, as_written: bool = False) -> str:
    text = shown(_whole_cell(cell))
    text = text.strip() if as_written else tidy(text)
    if longest and len(text) > longest:
        raise CellRefused(f"is longer than {longest} characters")
    if not text.isprintable() and any(unicodedata.category(one) == "Cc" for one in text):
        raise CellRefused("holds a control character")
    return text


def _account(cell: Cell, longest: int) -> str:
    text = _text(cell, longest)
    if " " in text or text == "@":
        raise CellRefused("an account code has no spaces in it")
    return text


def _number(cell: Cell, longest: int, mark: str) -> Decimal:
    known = _whole_cell(cell)
    if isinstance(known, str):
        return amount(known, mark, places=longest)
    if isinstance(known, dt.date):
        raise CellRefused(f"“{known.isoformat()}” is a date, not a number")
    assert isinstance(known, Decimal)
    if known != round(known, longest):
        places = "two" if longest == 2 else str(longest)  # noqa: PLR2004 - the cents
        raise CellRefused(f"the amount “{shown(known)}” has more than {places} decimal places")
    if abs(known) >= LARGEST:
        raise CellRefused(f"the amount “{shown(known)}” is too large")
    return known


def _whole(cell: Cell) -> int:
    text = shown(_whole_cell(cell)).strip()
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit()) or int(digits) >= _WHOLE_BELOW:
        raise CellRefused(f"“{text}” is not a whole number")
    return int(text)


def _date(cell: Cell, way: str) -> dt.date:
    known = _whole_cell(cell)
    if isinstance(known, dt.date):
        return known
    if isinstance(known, Decimal):
        return serial_day(known)
    assert isinstance(known, str)
    return day_written(known, way)


def _yes_no(cell: Cell) -> bool:
    word = same_name(shown(_whole_cell(cell)))
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise CellRefused(f"“{word}” is neither yes nor no")


def _choice(cell: Cell, words: Mapping[str, str]) -> str:
    text = shown(_whole_cell(cell))
    found = words.get(same_name(text))
    if found is None:
        raise CellRefused(f"“{tidy(text)}” is none of {', '.join(words.values())}")
    return found
