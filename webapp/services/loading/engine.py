"""Reads a file once into a spool, and judges its records piece by piece."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from webapp.domain.ingest.cells import Cell, RowReader, Value
from webapp.domain.ingest.settings import LoadMapping
from webapp.domain.ingest.target import Target
from webapp.domain.money import ZERO
from webapp.services.loading.found import RowProblem
from webapp.services.loading.judging import Fault, Loader, Outcome, Verdict, bad
from webapp.services.loading.spool import Record, Spool, spooled
from webapp.services.loading.tables import opened

PIECE = 500
_LOOK_EVERY = 1000
_NEWS_EVERY = 0.5
"""Seconds between two tellings how far the reading of the rows is."""


@dataclass
class Tally:
    """How many records became what, and the totals of new documents."""

    outcomes: dict[Outcome, int] = field(default_factory=lambda: dict.fromkeys(Outcome, 0))
    value: Decimal = ZERO
    gst: Decimal = ZERO

    def add(self, verdicts: Sequence[Verdict]) -> None:
        """Count these."""
        for one in verdicts:
            self.outcomes[one.outcome] += 1
            self.value += one.value or ZERO
            self.gst += one.gst or ZERO


class Engine:
    """A file, its mapping and its target, on the way into the database."""

    def __init__(
        self, path: Path, target: Target, mapping: LoadMapping, loader: Loader, spool: Spool
    ) -> None:
        self._path = path
        self._target = target
        self._mapping = mapping
        self._loader = loader
        self.spool = spool

    def read(self, told: Callable[[int], object]) -> tuple[int, int]:
        """Put the rows on disk unless they are; give how many rows and records there are.

        Raises:
            FileRefused: the file as a whole cannot be trusted.
            ServiceError: the target can take nothing of it.
        """
        if not self.spool.is_complete:
            with opened(self._path, self._mapping) as table:
                reader = RowReader(self._target, self._mapping, table.headings)
                self.spool.fill(self._lines(table.rows, reader, told))
        self._loader.prepare(self.spool.all_records)
        return self.spool.counts()

    def judged(self, after: int) -> list[Verdict]:
        """What would become of the next piece of records after a position; their faults noted."""
        records = self.spool.records(after, after + PIECE)
        whole = [one for one in records if not one.spoiled]
        found = {one.record.position: one for one in self._loader.judge(whole)}
        verdicts = [found.get(one.position) or self._spoiled(one) for one in records]
        for one in verdicts:
            if one.faults:
                self.spool.add_bad(
                    one.record.position, [self._problem(one.record, fault) for fault in one.faults]
                )
        return verdicts

    def _lines(
        self,
        rows: Iterator[tuple[int, list[Cell]]],
        reader: RowReader,
        told: Callable[[int], object],
    ) -> Iterator[tuple[int, str, dict[str, Value] | None, list[RowProblem]]]:
        keys = {one.name for one in self._target.fields if one.key}
        news = time.monotonic()
        for count, (row, cells) in enumerate(rows, start=1):
            if count % _LOOK_EVERY == 0 and time.monotonic() - news > _NEWS_EVERY:
                told(count)
                news = time.monotonic()
            values, problems = reader.read(cells)
            if not problems:
                yield row, self._loader.key(values) or _alone(row), values, []
                continue
            whole = not keys & {one.field for one in problems}
            key = self._loader.key(values) if whole else None
            told_of = [RowProblem(row, one.column, one.value, one.reason) for one in problems]
            yield row, key or _alone(row), None, told_of

    def _spoiled(self, record: Record) -> Verdict:
        reasons = self.spool.reasons_of(row for row, _ in record.rows)
        verdict = bad(record, [Fault(row, None, told) for row, told in reasons.items()], "record")
        rest = tuple(fault for fault in verdict.faults if fault.row not in reasons)
        return Verdict(record=record, outcome=Outcome.BAD, faults=rest)

    def _problem(self, record: Record, fault: Fault) -> RowProblem:
        value = dict(record.rows).get(fault.row, {}).get(fault.field or "")
        return RowProblem(
            fault.row,
            self._mapping.columns.get(fault.field) if fault.field else None,
            None if value is None else str(value)[:200],
            fault.reason,
        )


def _alone(row: int) -> str:
    """A key that no other row has."""
    return f"\x00{row}"


@contextmanager
def engine(
    path: Path, spool: Path, target: Target, mapping: LoadMapping, loader: Loader
) -> Iterator[Engine]:
    """Open the spool of a file while the block works on it."""
    with spooled(spool, target) as kept:
        yield Engine(path, target, mapping, loader, kept)
