"""One row of a file of purchase invoices."""

import datetime as dt
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from webapp.domain.ingest.mapping import OPTIONAL, ColumnMapping, Field
from webapp.domain.ingest.values import CellRefused, amount, day, same_name, tidy

_LONGEST = {
    Field.SUPPLIER_ACCOUNT: 50,
    Field.SUPPLIER_NAME: 255,
    Field.INVOICE_NUMBER: 255,
    Field.LINE_REFERENCE: 100,
    Field.PROFIT_CENTRE: 100,
    Field.JOB: 20,
    Field.ACTIVITY: 100,
    Field.DESCRIPTION: 3700,
}
"""Xero's limits on AccountNumber, names, invoice numbers and tracking options (xero-api d.2, d.6,
d.7.2), and the lengths of Workbench's own codes. A description leaves room for a name before it."""

AS_WRITTEN = frozenset({Field.INVOICE_NUMBER, Field.SUPPLIER_ACCOUNT, Field.LINE_REFERENCE})
"""The supplier's own marks: inner spaces are theirs."""

_LABELS = {
    Field.SUPPLIER_ACCOUNT: "supplier account",
    Field.SUPPLIER_NAME: "supplier name",
    Field.INVOICE_NUMBER: "invoice number",
    Field.LINE_REFERENCE: "line reference",
    Field.INVOICE_DATE: "invoice date",
    Field.VALUE: "value",
    Field.ACTIVITY: "activity",
    Field.PROFIT_CENTRE: "profit centre",
    Field.JOB: "job",
    Field.DESCRIPTION: "description",
}


@dataclass(frozen=True, slots=True)
class Line:
    """A row that can be read. ``value`` is ex GST, in the mapping's currency."""

    row: int
    """Its number as a spreadsheet counts: the header is row 1."""
    supplier_account: str
    supplier_name: str
    number: str
    reference: str
    date: dt.date
    value: Decimal
    activity: str
    profit_centre: str
    job: str
    description: str


@dataclass(frozen=True, slots=True)
class BadLine:
    """A row that cannot be read, with as much of its invoice's identity as it tells."""

    row: int
    supplier_account: str
    number: str
    reference: str
    reason: str


def read_line(row: int, cells: Mapping[Field, str], mapping: ColumnMapping) -> Line | BadLine:
    """Read one row; all that is wrong with it is told together."""
    texts = {field: _text(field, cells, mapping) for field in Field}
    reasons = [reason for field in Field for reason in _text_reasons(field, texts[field])]
    date, value = dt.date.min, Decimal(0)
    if texts[Field.INVOICE_DATE]:
        try:
            date = day(texts[Field.INVOICE_DATE], mapping.date_formats)
        except CellRefused as refused:
            reasons.append(str(refused))
    if texts[Field.VALUE]:
        try:
            value = amount(texts[Field.VALUE], mapping.decimal_mark)
        except CellRefused as refused:
            reasons.append(str(refused))
    account, number = texts[Field.SUPPLIER_ACCOUNT], texts[Field.INVOICE_NUMBER]
    reference = texts[Field.LINE_REFERENCE]
    if reasons:
        return BadLine(row, account, number, reference, "; ".join(reasons))
    return Line(
        row=row,
        supplier_account=account,
        supplier_name=texts[Field.SUPPLIER_NAME],
        number=number,
        reference=reference,
        date=date,
        value=value,
        activity=texts[Field.ACTIVITY],
        profit_centre=texts[Field.PROFIT_CENTRE],
        job=texts[Field.JOB],
        description=texts[Field.DESCRIPTION],
    )


def _text(field: Field, cells: Mapping[Field, str], mapping: ColumnMapping) -> str:
    cell = cells.get(field, "")
    text = cell.strip() if field in AS_WRITTEN else tidy(cell)
    if not text or same_name(text) in mapping.empty_words:
        return mapping.fallbacks.get(field, "")
    return text


def _text_reasons(field: Field, text: str) -> list[str]:
    label = _LABELS[field]
    if not text:
        return [] if field in OPTIONAL else [f"the {label} is empty"]
    reasons = []
    if len(text) > _LONGEST.get(field, len(text)):
        reasons.append(f"the {label} is longer than {_LONGEST[field]} characters")
    if any(unicodedata.category(character) == "Cc" for character in text):
        reasons.append(f"the {label} holds a control character, such as a line break")
    return reasons
