"""A document that may be stored: every name resolved, every amount known."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from webapp.domain.entry.given import DocumentGiven


class ReadyLine(NamedTuple):
    """One line. Amounts are in the document's currency."""

    value: Decimal
    gst: Decimal
    gst_overridden: bool
    gst_type_id: int | None
    job_id: int | None
    activity_id: int | None
    sales_code_id: int | None
    work_centre_id: int | None
    is_retention: bool


@dataclass(frozen=True, kw_only=True)
class ReadyDocument:
    """What ``given`` comes to; ``lines`` stand in its order."""

    given: DocumentGiven
    company_id: int | None
    job_id: int | None
    due_date: dt.date | None
    currency: str
    currency_rate: Decimal | None
    """None in the base currency."""
    lines: tuple[ReadyLine, ...]
    value: Decimal
    """Ex GST."""
    gst: Decimal
    """The sum of the lines' GST, never GST on the sum (workbench 8.2)."""
