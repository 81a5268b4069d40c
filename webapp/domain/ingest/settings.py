"""The mapping of a load: what a person said about a file, as it is remembered."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from webapp.domain.ingest.errors import MappingRefused
from webapp.domain.ingest.recognise import DELIMITERS, EXCEL_SERIAL
from webapp.domain.ingest.target import NUMERIC, Kind, Target
from webapp.domain.ingest.values import names_a_day

ENCODINGS = (
    "utf-8", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "iso-8859-1", "iso-8859-15", "cp850",
    "mac-roman",
)  # fmt: skip
DECIMAL_MARKS = (".", ",")
_LAST_HEADER_ROW = 100


@dataclass(frozen=True, kw_only=True)
class LoadMapping:
    """How a file reads. What is None is certain from the file itself, or was not told yet.

    Attributes:
        columns: the heading of the column that feeds each field, by the field's name.
        constants: what stands where a field's cell is empty, or no column feeds it.
        options: the target's options that were chosen.
        encoding: of a CSV file; one of ENCODINGS.
        delimiter: of a CSV file; one of DELIMITERS.
        sheet: of a workbook.
        header_row: the line of the headings, counted from 1.
        date_format: how dates are written where they are text, for strptime.
        decimal_mark: what stands before the decimals where numbers are text.
        empty_words: words that stand for an empty cell.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    header_row: int = 1
    date_format: str | None = None
    decimal_mark: str | None = None
    empty_words: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """As it is kept."""
        return {**asdict(self), "empty_words": list(self.empty_words)}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "LoadMapping":
        """As it was kept, or written by hand.

        Raises:
            MappingRefused: a member is unknown or of another kind.
        """
        known = {one.name for one in fields(cls)}
        problems = [
            f"{name}: unknown. Known: {', '.join(sorted(known))}"
            for name in sorted(set(kept) - known)
        ]
        for name, value in kept.items():
            if name in {"columns", "constants", "options"}:
                fits = isinstance(value, Mapping) and all(
                    isinstance(one, str) for one in value.values()
                )
                wanted = "a section of texts"
            elif name == "header_row":
                fits = isinstance(value, int) and 1 <= value <= _LAST_HEADER_ROW
                wanted = f"a whole number from 1 to {_LAST_HEADER_ROW}"
            elif name == "empty_words":
                fits = isinstance(value, list) and all(isinstance(one, str) for one in value)
                wanted = "a list of texts"
            else:
                fits, wanted = value is None or isinstance(value, str), "a text"
            if not fits and name in known:
                problems.append(f"{name}: must be {wanted}")
        if problems:
            raise MappingRefused(problems)
        given = dict(kept)
        return cls(**{**given, "empty_words": tuple(given.get("empty_words") or ())})

    def problems(self, target: Target) -> list[str]:
        """What keeps it from being used for this target, whatever the file."""
        found = [
            f"{name}: {target.label} have no such field"
            for name in sorted({*self.columns, *self.constants})
            if target.field(name) is None
        ]
        for one in target.fields:
            fed = self.columns.get(one.name) or (
                self.constants.get(one.name) and not one.column_only
            )
            if one.key and not fed:
                found.append(f"{one.label}: say which column holds it")
            if self.constants.get(one.name) and one.column_only:
                found.append(f"{one.label}: one value for all rows would make no sense")
        found += self._format_problems()
        return found + self._option_problems(target)

    def asks_dates(self, target: Target) -> bool:
        """Whether a date feeds it."""
        return any(one.kind is Kind.DATE and one.name in self.columns for one in target.fields)

    def asks_numbers(self, target: Target) -> bool:
        """Whether a number with decimals feeds it."""
        return any(one.kind in NUMERIC and one.name in self.columns for one in target.fields)

    def _format_problems(self) -> list[str]:
        found = []
        for name, value, known in (
            ("encoding", self.encoding, ENCODINGS),
            ("delimiter", self.delimiter, DELIMITERS),
            ("decimal_mark", self.decimal_mark, DECIMAL_MARKS),
        ):
            if value is not None and value not in known:
                found.append(f"{name}: must be one of {', '.join(map(repr, known))}")
        if self.date_format not in {None, EXCEL_SERIAL} and not names_a_day(str(self.date_format)):
            found.append(f"date_format: {self.date_format!r} does not name day, month and year")
        return found

    def _option_problems(self, target: Target) -> list[str]:
        options = {one.name: one for one in target.options}
        found = []
        for name, value in self.options.items():
            option = options.get(name)
            if option is None:
                found.append(f"options: {target.label} have no option {name}")
            elif option.kind is Kind.CHOICE and value not in option.choices:
                found.append(f"{option.label}: must be one of {', '.join(option.choices)}")
            elif option.kind is Kind.YES_NO and value not in {"yes", "no", ""}:
                found.append(f"{option.label}: must be yes or no")
        return found
