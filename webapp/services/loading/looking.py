"""Looks at a file that was handed in: what it is, and what has to be asked of the person."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from webapp.db import db
from webapp.domain.ingest.cells import Cell, shown
from webapp.domain.ingest.errors import MappingRefused
from webapp.domain.ingest.recognise import Guess, Readings, date_readings, decimal_readings
from webapp.domain.ingest.settings import LoadMapping
from webapp.domain.ingest.target import NUMERIC, Kind, Target
from webapp.domain.ingest.values import same_name
from webapp.models import LoadRun
from webapp.services.loading.found import ColumnLook, Look
from webapp.services.loading.loaders import target_of
from webapp.services.loading.tables import guess_delimiter, guess_encoding, is_workbook, opened
from webapp.services.loading.workbook import sheet_names

_ROWS = 20
_SAMPLES = 5


@dataclass
class _Column:
    """What is learnt of one column while all of its cells go by."""

    samples: dict[str, None] = field(default_factory=dict)
    dates: Readings = field(default_factory=date_readings)
    numbers: Readings = field(default_factory=decimal_readings)

    def show(self, cell: Cell) -> None:
        """Take a cell into account. Only text can be read in more than one way."""
        if isinstance(cell, str):
            self.dates.show(cell)
            self.numbers.show(cell)
        if len(self.samples) < _SAMPLES and (text := shown(cell).strip()):
            self.samples[text[:80]] = None


def look(run_id: int, mapping: LoadMapping | None = None) -> Look:
    """See what a file is, by all of its rows.

    Args:
        run_id: its run.
        mapping: what was told already: encoding, delimiter, sheet, header row, columns.

    Raises:
        FileRefused: it cannot be read so.
    """
    run = db.session.get_one(LoadRun, run_id)
    return looked_at(Path(run.stored_path), target_of(run.target), mapping or LoadMapping())


def looked_at(path: Path, target: Target, mapping: LoadMapping) -> Look:
    """The same of a file at a place."""
    workbook = is_workbook(path)
    sheets = sheet_names(path) if workbook else ()
    encoding = None if workbook else guess_encoding(path)
    spoken = mapping.encoding or (encoding.value if encoding else None) or "utf-8"
    delimiter = None if workbook else guess_delimiter(path, spoken, mapping.header_row)
    with opened(path, mapping, whole=False) as table:
        columns = {name: _Column() for name in table.headings if name}
        feeds = {name: one for one, name in mapping.columns.items()} or _guessed(
            table.headings, target
        )
        together = _together(feeds, target)
        empty = frozenset(same_name(word) for word in mapping.empty_words)
        rows: list[tuple[int, tuple[str, ...]]] = []
        for row, cells in table.rows:
            if len(rows) < _ROWS:
                rows.append((row, tuple(shown(cell) for cell in cells[: len(table.headings)])))
            for name, cell in zip(table.headings, cells, strict=False):
                if not name or (isinstance(cell, str) and same_name(cell) in empty):
                    continue
                columns[name].show(cell)
                readings = together.get(name)
                if readings is not None and isinstance(cell, str):
                    readings.show(cell)
    return Look(
        is_workbook=workbook,
        sheets=sheets,
        sheet=mapping.sheet or next(iter(sheets), None),
        encoding=encoding,
        delimiter=delimiter,
        header_row=mapping.header_row,
        columns=tuple(
            ColumnLook(
                name,
                tuple(one.samples),
                feeds.get(name),
                one.dates.guess(),
                one.numbers.guess(),
            )
            for name, one in columns.items()
        ),
        rows=tuple(rows),
        date_format=_of_kind(together, feeds, target, dates=True),
        decimal_mark=_of_kind(together, feeds, target, dates=False),
    )


def suggested(run_id: int, found: Look) -> LoadMapping:
    """A mapping from what was recognised; what is not certain is left open."""
    run = db.session.get_one(LoadRun, run_id)
    certain = {
        name: guess.value
        for name in ("encoding", "delimiter", "date_format", "decimal_mark")
        if (guess := getattr(found, name)) is not None and guess.certain
    }
    options = {one.name: one.default for one in target_of(run.target).options if one.default}
    return LoadMapping(
        columns={one.field: one.name for one in found.columns if one.field},
        options=options,
        sheet=found.sheet if found.is_workbook else None,
        header_row=found.header_row,
        **certain,
    )


def completed(path: Path, target: Target, mapping: LoadMapping) -> LoadMapping:
    """The mapping with what is certain of the file filled in.

    Raises:
        MappingRefused: what has still to be told, with the choices.
        FileRefused: the file cannot be read.
    """
    with opened(path, mapping):
        pass  # the columns are there
    found = looked_at(path, target, mapping)
    problems = []
    filled: dict[str, str | None] = {}
    asked = {
        "encoding": found.encoding,
        "delimiter": found.delimiter,
        "date_format": found.date_format,
        "decimal_mark": found.decimal_mark,
    }
    for name, guess in asked.items():
        if getattr(mapping, name) is not None or guess is None:
            continue
        if guess.certain:
            filled[name] = guess.value
        else:
            choices = " or ".join(repr(one) for one in guess.choices)
            fit = f"it can be {choices}" if choices else "nothing fits all of its cells"
            problems.append(f"{name}: the file does not tell; {fit}")
    if problems:
        raise MappingRefused(problems)
    return replace(mapping, **filled)  # type: ignore[arg-type]


def _together(feeds: Mapping[str, str], target: Target) -> dict[str, Readings]:
    """One reading for all columns that feed dates, and one for all that feed numbers."""
    dates, numbers = date_readings(), decimal_readings()
    found = {}
    for name, feeding in feeds.items():
        one = target.field(feeding)
        if one is not None and one.kind is Kind.DATE:
            found[name] = dates
        elif one is not None and one.kind in NUMERIC:
            found[name] = numbers
    return found


def _of_kind(
    together: Mapping[str, Readings], feeds: Mapping[str, str], target: Target, *, dates: bool
) -> Guess | None:
    for name, readings in together.items():
        one = target.field(feeds[name])
        if one is not None and (one.kind is Kind.DATE) is dates:
            if not readings.was_shown:
                return None
            return readings.guess() or Guess(None, certain=False, choices=())
    return None


def _guessed(headings: Sequence[str], target: Target) -> dict[str, str]:
    """Which field each column probably feeds, by its heading alone."""
    words: dict[str, list[str]] = defaultdict(list)
    for one in target.fields:
        for word in (one.label, one.name.replace("_", " "), one.name):
            words[same_name(word)].append(one.name)
    for one in target.fields:
        for word in one.also:
            words[word].append(one.name)
    found: dict[str, str] = {}
    for heading in headings:
        for name in words.get(same_name(heading), ()):
            if name not in found.values():
                found[heading] = name
                break
    return found
