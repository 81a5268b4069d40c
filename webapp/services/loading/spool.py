"""The rows of a file on disk, put together into records, so that no file has to fit in memory."""

import datetime as dt
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from webapp.domain.ingest.cells import Value
from webapp.domain.ingest.target import NUMERIC, Kind, Target
from webapp.services.loading.found import RowProblem

_DDL = """
CREATE TABLE runs (row INTEGER PRIMARY KEY, key TEXT NOT NULL, spoiled INTEGER, rows INTEGER,
    cells TEXT);
CREATE TABLE names (name TEXT);
CREATE TABLE bad (row INTEGER, position INTEGER, heading TEXT, value TEXT, reason TEXT);
CREATE TABLE complete (yes INTEGER);
"""
_PART = 500
_READ: dict[Kind, Callable[[str], Value]] = {
    **dict.fromkeys(NUMERIC, Decimal),
    Kind.DATE: dt.date.fromisoformat,
}
_as_json = json.JSONEncoder(default=str, ensure_ascii=False, check_circular=False).encode


@dataclass(frozen=True)
class Record:
    """The rows that make one record, in the order of the file."""

    position: int
    """From 1, in the order in which records begin in the file."""
    rows: tuple[tuple[int, dict[str, Value]], ...]
    spoiled: bool
    """Whether one of its rows could not be read, so that it cannot be stored."""

    @property
    def first(self) -> dict[str, Value]:
        """The values of its first row."""
        return self.rows[0][1]


class Spool:
    """The rows of one file, each with the key of the record it is part of."""

    def __init__(self, path: Path, target: Target) -> None:
        self._path = path
        self._kinds = {one.name: one.kind for one in target.fields}
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.execute("PRAGMA synchronous=OFF")

    @property
    def is_complete(self) -> bool:
        """Whether it holds the whole file, from a process that may be gone."""
        try:
            # An older version's spool has no runs: it is filled anew.
            return self._db.execute("SELECT 1 FROM complete, runs").fetchone() is not None
        except sqlite3.Error:
            return False

    def fill(
        self, lines: Iterable[tuple[int, str, dict[str, Value] | None, list[RowProblem]]]
    ) -> None:
        """Take all rows in: number, key, values (None where they cannot be read), problems."""
        self._db.executescript(
            "DROP TABLE IF EXISTS runs; DROP TABLE IF EXISTS names; DROP TABLE IF EXISTS bad;"
            "DROP TABLE IF EXISTS complete; DROP TABLE IF EXISTS records;" + _DDL
        )
        self._db.execute("BEGIN")
        self._db.executemany("INSERT INTO runs VALUES (?, ?, ?, ?, ?)", self._runs(lines))
        self._db.execute("CREATE INDEX runs_key ON runs (key)")
        self._db.execute(
            "CREATE TABLE records AS SELECT key, max(spoiled) AS spoiled"
            " FROM runs GROUP BY key ORDER BY min(row)"
        )
        self._db.execute("INSERT INTO complete VALUES (1)")
        self._db.execute("COMMIT")

    def _runs(
        self, lines: Iterable[tuple[int, str, dict[str, Value] | None, list[RowProblem]]]
    ) -> Iterator[tuple[int, str, bool, int, str]]:
        """Rows of one key that follow each other are kept as one, for most files have them so."""
        named = False
        for key, run in groupby(lines, itemgetter(1)):
            rows: list[list[Any]] = []
            spoiled = False
            for row, _, values, problems in run:
                if values is None:
                    rows.append([row])
                    spoiled = True
                    self.add_bad(0, problems)
                    continue
                if not named:
                    self._db.executemany("INSERT INTO names VALUES (?)", [(one,) for one in values])
                    named = True
                rows.append([*values.values(), row])
            yield rows[0][-1], key, spoiled, len(rows), _as_json(rows)

    def counts(self) -> tuple[int, int]:
        """How many rows, and how many records."""
        rows = self._db.execute("SELECT sum(rows) FROM runs").fetchone()[0]
        return rows, self._db.execute("SELECT count(*) FROM records").fetchone()[0]

    def records(self, after: int, until: int) -> list[Record]:
        """The records after one position, up to another."""
        found: dict[int, tuple[bool, list[tuple[int, dict[str, Value]]]]] = {}
        names = [name for (name,) in self._db.execute("SELECT name FROM names ORDER BY rowid")]
        typed = [
            (place, read)
            for place, name in enumerate(names)
            if (read := _READ.get(self._kinds[name])) is not None
        ]
        for position, spoiled, cells in self._db.execute(
            "SELECT r.rowid, r.spoiled, o.cells FROM records r JOIN runs o"
            " ON o.key = r.key WHERE r.rowid > ? AND r.rowid <= ? ORDER BY r.rowid, o.row",
            (after, until),
        ):
            rows = found.setdefault(position, (bool(spoiled), []))[1]
            for row in json.loads(cells):
                if len(row) == 1:
                    rows.append((row[0], {}))
                    continue
                for place, read in typed:
                    if row[place] is not None:
                        row[place] = read(row[place])
                rows.append((row.pop(), dict(zip(names, row, strict=True))))
        return [
            Record(position, tuple(rows), spoiled) for position, (spoiled, rows) in found.items()
        ]

    def all_records(self) -> Iterator[Record]:
        """Every record, a few at a time."""
        count = self.counts()[1]
        for after in range(0, count, _PART):
            yield from self.records(after, after + _PART)

    def add_bad(self, position: int, problems: Iterable[RowProblem]) -> None:
        """Note problems, with the record they were found at; 0 where it was reading its cells."""
        found = [(one.row, position, one.column, one.value, one.reason) for one in problems]
        self._db.executemany("INSERT INTO bad VALUES (?, ?, ?, ?, ?)", found)

    def forget_bad(self, after: int) -> None:
        """Forget what was found at records after a position: they are judged again."""
        self._db.execute("DELETE FROM bad WHERE position > ?", (after,))

    def problems(self, limit: int) -> list[RowProblem]:
        """The first problems, by row."""
        return [
            RowProblem(*found)
            for found in self._db.execute(
                "SELECT row, heading, value, reason FROM bad ORDER BY row, rowid LIMIT ?", (limit,)
            )
        ]

    def bad_rows(self) -> int:
        """How many rows have a problem."""
        return int(self._db.execute("SELECT count(DISTINCT row) FROM bad").fetchone()[0])

    def reasons(self) -> Iterator[tuple[int, str]]:
        """Every bad row with all that is wrong with it, by row."""
        yield from self._db.execute(
            "SELECT row, group_concat(reason, '; ') FROM"
            " (SELECT row, reason FROM bad ORDER BY row, rowid) GROUP BY row ORDER BY row"
        )

    def reasons_of(self, rows: Iterable[int]) -> dict[int, str]:
        """The first problem of each of these rows that has one."""
        found: dict[int, str] = {}
        for row in rows:
            one = self._db.execute("SELECT reason FROM bad WHERE row = ? LIMIT 1", (row,))
            if told := one.fetchone():
                found[row] = told[0]
        return found

    def close(self) -> None:
        """Let go of the file; it stays."""
        self._db.close()


@contextmanager
def spooled(path: Path, target: Target) -> Iterator[Spool]:
    """Open a spool while the block works with it."""
    spool = Spool(path, target)
    try:
        yield spool
    finally:
        spool.close()
