"""What a file can be loaded as: the shape in which every target says what it takes."""

from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What the cells of a field hold."""

    TEXT = "text"
    MONEY = "money"
    NUMBER = "number"
    WHOLE = "whole number"
    DATE = "date"
    YES_NO = "yes or no"
    CHOICE = "choice"
    ACCOUNT = "account"


NUMERIC = frozenset({Kind.MONEY, Kind.NUMBER})
"""The kinds whose cells read otherwise under another decimal mark."""


@dataclass(frozen=True, kw_only=True)
class TargetField:
    """What one column can feed.

    Attributes:
        name: stable name, the key of a mapping's columns.
        label: what people call it.
        kind: what its cells hold.
        key: part of what a record is recognised by; a file cannot do without it.
        required: a new record cannot do without it.
        longest: the most characters of a text, or decimal places of a number.
        choices: the words of a CHOICE.
        refers: the target whose codes it holds, where it names another record.
        example: a cell as it may look.
        meaning: what it is, for whoever maps a column to it.
        also: other headings under which files have it, in small letters.
        as_written: inner spaces are part of it.
        column_only: one value for all rows would make no sense.
    """

    name: str
    label: str
    kind: Kind = Kind.TEXT
    key: bool = False
    required: bool = False
    longest: int = 0
    choices: tuple[str, ...] = ()
    refers: str | None = None
    example: str = ""
    meaning: str = ""
    also: tuple[str, ...] = ()
    as_written: bool = False
    column_only: bool = False


@dataclass(frozen=True, kw_only=True)
class TargetOption:
    """A choice that holds for a whole file; ``default`` is what stands where none is made."""

    name: str
    label: str
    kind: Kind
    default: str = ""
    choices: tuple[str, ...] = ()
    meaning: str = ""


@dataclass(frozen=True, kw_only=True)
class Target:
    """What the rows of a file become."""

    name: str
    label: str
    meaning: str
    fields: tuple[TargetField, ...]
    options: tuple[TargetOption, ...] = field(default=())
    per_fin_co: bool = True
    """Whether its records belong to one FinCo; the others all FinCos share."""
    is_documents: bool = False
    """Whether several rows may make one record, and records have totals."""

    def field(self, name: str) -> TargetField | None:
        """The field of that name."""
        return next((one for one in self.fields if one.name == name), None)
