"""What a load tells while it works and when it is done."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from webapp.domain.batches import BatchType
from webapp.domain.ingest.grouping import Refused


class Stage(StrEnum):
    """What a load is at."""

    READING = "Reading"
    STORING = "Storing"


Progress = Callable[[Stage, int, int], object]
"""Told the stage, how far it is and how far it goes: bytes while reading, then documents."""


@dataclass(frozen=True)
class BatchMade:
    """An open batch that a load made. ``value`` is ex GST."""

    number: str
    type: BatchType
    documents: int
    value: Decimal


@dataclass(frozen=True)
class LoadReport:
    """What became of a file.

    Attributes:
        documents: how many invoices and credits were made.
        lines: how many lines they hold.
        value: their sum ex GST, in the currency of the file.
        already_loaded: how many invoices of the file were there before, line for line.
        refused: the rows that did not go in, by row number.
        batches: the open batches that hold what was made.
        made: how many records of each other kind were made, by its name in plural.
    """

    documents: int
    lines: int
    value: Decimal
    already_loaded: int
    refused: tuple[Refused, ...]
    batches: tuple[BatchMade, ...]
    made: dict[str, int]
