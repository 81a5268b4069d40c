"""What the engine of loading and the targets say to each other."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple, Protocol

from webapp.domain.ingest.cells import Value
from webapp.services.loading.spool import Record


class Outcome(StrEnum):
    """What becomes of a record."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    BAD = "bad"


@dataclass(frozen=True)
class Fault:
    """Why a record cannot be stored: at one of its rows, and at a field where one is to blame."""

    row: int
    field: str | None
    reason: str


class Verdict(NamedTuple):
    """What would become of a record, with what writing it needs.

    ``warnings`` are what somebody should look at, though the record can be stored. ``value`` and
    ``gst`` are of documents that would be created, ex GST and of GST. ``shown`` gives its fields
    as texts by their labels; only the first records of a preview are ever asked for them.
    """

    record: Record
    outcome: Outcome
    faults: tuple[Fault, ...] = ()
    payload: Any = None
    value: Decimal | None = None
    gst: Decimal | None = None
    shown: Callable[[], Mapping[str, str]] = dict
    warnings: tuple[str, ...] = ()


class Loader(Protocol):
    """Judges and writes the records of one target."""

    def key(self, values: Mapping[str, Value]) -> str | None:
        """What rows of one record have in common; None for a row that stands alone."""

    def prepare(self, records: Callable[[], Iterator[Record]], /) -> None:
        """See all records before any is judged; raises what refuses the file as a whole."""

    def judge(self, records: Sequence[Record]) -> list[Verdict]:
        """What would become of records whose rows could all be read. Writes nothing."""

    def write(self, verdicts: Sequence[Verdict]) -> None:
        """Store those that are created or updated, in the transaction that is open."""

    def result(self) -> dict[str, Any]:
        """What came of it beside the counts, as plain values."""

    def resume(self, result: Mapping[str, Any], /) -> None:
        """Go on from where a run left off, with what its result says."""


def bad(record: Record, faults: Sequence[Fault], word: str) -> Verdict:
    """A record that cannot be stored: each of its rows says why, or which other row is to blame."""
    blamed = {fault.row for fault in faults}
    first = min(blamed, default=record.rows[0][0])
    rest = tuple(
        Fault(row, None, f"row {first} of the same {word} is bad, and a {word} goes in whole")
        for row, _ in record.rows
        if row not in blamed
    )
    return Verdict(record=record, outcome=Outcome.BAD, faults=(*faults, *rest))
