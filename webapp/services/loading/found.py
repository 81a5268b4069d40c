"""What is told of a file before it is loaded: what it looks like, and what it would do."""

from dataclasses import dataclass
from decimal import Decimal

from webapp.domain.ingest.recognise import Guess


@dataclass(frozen=True)
class ColumnLook:
    """A column of the file: its heading, a few of its cells, and the field it probably feeds.

    ``date_format`` and ``decimal_mark`` are None where its cells are no text dates or numbers.
    """

    name: str
    samples: tuple[str, ...]
    field: str | None
    date_format: Guess | None
    decimal_mark: Guess | None


@dataclass(frozen=True, kw_only=True)
class Look:
    """What a file is. A guess that is not certain must be asked of the person.

    Attributes:
        is_workbook: whether it is XLSX; then encoding and delimiter are None.
        sheets: the sheets of a workbook that hold anything.
        sheet: the one that was looked at.
        encoding: of a CSV file.
        delimiter: of a CSV file.
        header_row: the line of the headings.
        columns: in the order of the file, as the likeliest encoding and delimiter show them.
        rows: the first rows below the header, each with its number.
        date_format: over all columns that feed a date; None where no text feeds one.
        decimal_mark: over all columns that feed a number; None where no text feeds one.
    """

    is_workbook: bool
    sheets: tuple[str, ...]
    sheet: str | None
    encoding: Guess | None
    delimiter: Guess | None
    header_row: int
    columns: tuple[ColumnLook, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    date_format: Guess | None
    decimal_mark: Guess | None


@dataclass(frozen=True)
class RowProblem:
    """Why a row cannot go in. ``column`` is its heading; None where the whole row is to blame."""

    row: int
    column: str | None
    value: str | None
    reason: str


@dataclass(frozen=True)
class PreviewRow:
    """A record as it would be: its rows in the file, its fields, and what would become of it.

    ``outcome`` is created, updated, unchanged or bad; ``values`` are texts by the field's label.
    """

    rows: tuple[int, ...]
    outcome: str
    values: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What a load would do. Totals are of documents that would be created; None for lists.

    Attributes:
        rows: how many rows the file has below its header.
        records: how many records they make.
        problems: the first of them, by row.
        warnings: what to look at though it would go in, by row; the first of them.
        bad_rows: how many rows would not go in.
        first: the first records.
        value_ex_gst: in the currencies of the documents, added up as they stand.
    """

    rows: int
    records: int
    created: int
    updated: int
    unchanged: int
    bad: int
    bad_rows: int
    problems: tuple[RowProblem, ...]
    warnings: tuple[RowProblem, ...]
    first: tuple[PreviewRow, ...]
    value_ex_gst: Decimal | None
    gst: Decimal | None

    @property
    def total(self) -> Decimal | None:
        """Including GST."""
        if self.value_ex_gst is None or self.gst is None:
            return None
        return self.value_ex_gst + self.gst
