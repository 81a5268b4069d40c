"""What is known of the FinCo's records, as far as the given documents name them."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from webapp.domain.batches import BatchType

Terms = tuple[int | None, str | None]
"""Days, and Xero's word for what they count from (domain.terms)."""


@dataclass(frozen=True, kw_only=True)
class Party:
    """A company of the FinCo."""

    id: int
    name: str
    active: bool
    is_client: bool
    is_supplier: bool
    """Or subcontractor."""
    currency: str | None
    terms: Terms


@dataclass(frozen=True, kw_only=True)
class JobKnown:
    """A job of the FinCo."""

    id: int
    code: str
    profit_centre: str
    active: bool


@dataclass(frozen=True, kw_only=True)
class CodeKnown:
    """An activity or a sales code."""

    id: int
    code: str
    active: bool
    is_retention: bool
    gst_type: str | None
    work_centre_id: int | None


@dataclass(frozen=True, kw_only=True)
class GstKnown:
    """A GST Type; ``percent`` is 15 for 15 %."""

    id: int
    code: str
    percent: Decimal
    use_for_ap: bool
    use_for_ar: bool


@dataclass(frozen=True, kw_only=True)
class Books:
    """The batch the documents go into, and the FinCo it belongs to."""

    fin_co: str
    base_currency: str
    template_terms: Terms
    batch_number: str
    batch_type: BatchType
    batch_date: dt.date


@dataclass(frozen=True, kw_only=True)
class Known:
    """The records that the given documents name, by what they are named by."""

    parties: Mapping[int, Party] = field(default_factory=dict)
    suppliers: Mapping[str, Party] = field(default_factory=dict)
    """By AP Account."""
    clients: Mapping[str, Party] = field(default_factory=dict)
    """By AR Account."""
    jobs: Mapping[str, tuple[JobKnown, ...]] = field(default_factory=dict)
    """By code: a code may stand for a job in each of several profit centres."""
    activities: Mapping[str, CodeKnown] = field(default_factory=dict)
    sales_codes: Mapping[str, CodeKnown] = field(default_factory=dict)
    work_centres: Mapping[str, int] = field(default_factory=dict)
    gst_types: Mapping[str, GstKnown] = field(default_factory=dict)
    currencies: Mapping[str, Decimal | None] = field(default_factory=dict)
    """The active ones and their rates."""
