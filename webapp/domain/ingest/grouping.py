"""Which rows are one invoice. An invoice goes in whole or not at all."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from webapp.domain.documents import DocumentKind
from webapp.domain.ingest.lines import BadLine, Line
from webapp.domain.ingest.values import LARGEST
from webapp.domain.money import total


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that did not go in, and why."""

    row: int
    reference: str
    """The line's own reference, or the invoice number where it has none."""
    reason: str


@dataclass(frozen=True)
class Draft:
    """The lines of one supplier under one invoice number, in the order of the file."""

    supplier_account: str
    number: str
    lines: tuple[Line, ...]

    @property
    def value(self) -> Decimal:
        """The sum of the lines, ex GST."""
        return total(line.value for line in self.lines)

    @property
    def kind(self) -> DocumentKind:
        """A sum below zero makes it a credit, whatever the signs of its lines."""
        return DocumentKind.AP_CREDIT if self.value < 0 else DocumentKind.AP_INVOICE

    @property
    def date(self) -> dt.date:
        """The latest date of the lines.

        Where the lines of one invoice differ, the document cannot be older than its youngest
        line; an earlier date would also make it due too soon.
        """
        return max(line.date for line in self.lines)


@dataclass(frozen=True)
class Grouped:
    """The invoices of a file, and the rows that make none."""

    drafts: tuple[Draft, ...]
    refused: tuple[Refused, ...]


def group(rows: Iterable[Line | BadLine]) -> Grouped:
    """Put the rows of a file together by supplier and invoice number.

    The order of the rows only decides the order of lines and invoices, never what they hold. A
    row without supplier or number stands alone: nobody can say which invoice it is part of.
    """
    invoices: dict[tuple[str, str], list[Line | BadLine]] = {}
    refused: list[Refused] = []
    for row in rows:
        if isinstance(row, BadLine) and not (row.supplier_account and row.number):
            refused.append(Refused(row.row, row.reference or row.number, row.reason))
        else:
            invoices.setdefault((row.supplier_account, row.number), []).append(row)
    drafts: list[Draft] = []
    for (account, number), members in invoices.items():
        bad = {row.row: row.reason for row in members if isinstance(row, BadLine)}
        lines = tuple(row for row in members if isinstance(row, Line))
        draft = Draft(account, number, lines)
        if bad:
            refused += refuse_rows(members, bad)
        elif abs(draft.value) >= LARGEST:
            refused += refuse_whole(draft, f"invoice {number} adds up to {draft.value}: too large")
        else:
            drafts.append(draft)
    return Grouped(tuple(drafts), tuple(sorted(refused, key=lambda one: one.row)))


def refuse_rows(rows: Sequence[Line | BadLine], reasons: Mapping[int, str]) -> list[Refused]:
    """Refuse all rows of an invoice, some for a reason of their own (by row number)."""
    first = min(reasons)
    rest = f"row {first} of the same invoice is refused, and an invoice goes in whole or not at all"
    return [
        Refused(row.row, row.reference or row.number, reasons.get(row.row, rest)) for row in rows
    ]


def refuse_whole(draft: Draft, reason: str) -> list[Refused]:
    """Refuse an invoice for one reason that concerns all its rows."""
    return [Refused(line.row, line.reference or line.number, reason) for line in draft.lines]
