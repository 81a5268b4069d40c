"""Which table each list is kept in: its key, what it refers to, and its rules beyond one cell."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from webapp.db import Base
from webapp.domain.ingest.cells import Value
from webapp.domain.setup.activities import FIELDS, dropped, foreign
from webapp.domain.setup.fields import account_faults
from webapp.domain.setup.gst_types import MOST_PERCENT
from webapp.domain.setup.jobs import FIELDS as JOB_FIELDS
from webapp.models import (
    Activity,
    Company,
    Currency,
    GlAccount,
    GstType,
    Job,
    JobGroup,
    JobType,
    Location,
    Period,
    ProfitCentre,
    SalesCode,
    WorkCentre,
)
from webapp.queries.setup.choices import group_told
from webapp.services.loading.set_checks import period_rule

Values = Mapping[str, Value]
Rule = Callable[[Values], dict[str, str]]
_CURRENCY = 3


@dataclass(frozen=True)
class Reference:
    """A record that a field names by its code."""

    model: type[Base]
    column: str
    """The column that keeps its key."""
    code: str = "code"
    key: str = "id"
    name: str | None = None
    """By what else it may be named, where just one is called so."""
    what: str = ""
    per_fin_co: bool = False
    above: bool = False
    """Whether a row above may make it."""


@dataclass(frozen=True)
class Several:
    """Records of which a field names any number."""

    model: type[Base]
    what: str
    told: Callable[[Any], str]


@dataclass(frozen=True, kw_only=True)
class MasterTable:
    """A list as it is kept.

    Attributes:
        model: its table.
        word: what one record is called.
        keys: the fields a record is recognised by.
        references: the fields that name other records.
        several: those that name any number of others; the model has a relation of that name.
        fin_co: whether the table itself says which FinCo a record belongs to.
        capitals: whether codes that differ by capitals alone are two; on most screens they are one.
        rule: what is wrong with a whole record, by field.
        drops: the fields that go from a record as it was, for what is given.
    """

    model: type[Base]
    word: str
    keys: tuple[str, ...] = ("code",)
    references: Mapping[str, Reference] = field(default_factory=dict)
    several: Mapping[str, Several] = field(default_factory=dict)
    fin_co: bool = False
    capitals: bool = False
    rule: Rule | None = None
    drops: Callable[[Values, Values], frozenset[str]] | None = None


def _activity(values: Values) -> dict[str, str]:
    code_type = values.get("code_type")
    found = account_faults(FIELDS, values)
    return found if code_type is None else {**found, **foreign(str(code_type), values)}


def _dropped(before: Values, given: Values) -> frozenset[str]:
    return dropped(before.get("code_type"), str(given.get("code_type", before.get("code_type"))))


def _job(values: Values) -> dict[str, str]:
    return account_faults(JOB_FIELDS, values)


def _gst_type(values: Values) -> dict[str, str]:
    found = {}
    percent = values.get("percent")
    if isinstance(percent, Decimal) and not 0 <= percent <= MOST_PERCENT:
        found["percent"] = "a rate is from 0 to 100: write 15 for 15 %"
    if values.get("reciprocal_code") and values.get("reciprocal_code") == values.get("code"):
        found["reciprocal_code"] = "the reciprocal of a GST Type is another one"
    return found


def _currency(values: Values) -> dict[str, str]:
    code, rate = str(values["code"]), values.get("conversion_rate")
    found = {}
    if len(code) != _CURRENCY or not (code.isascii() and code.isalpha() and code.isupper()):
        found["code"] = "a currency is three capital letters, as NZD"
    if isinstance(rate, Decimal) and rate <= 0:
        found["conversion_rate"] = "a rate is above zero"
    return found


_GST = Reference(GstType, "gst_type_id", what="GST Type")
_CENTRE = Reference(WorkCentre, "work_centre_id", what="Work Centre")
_LOCATION = Reference(Location, "location_id", what="Location")

TABLES: Mapping[str, MasterTable] = {
    "companies": MasterTable(
        model=Company,
        word="Company",
        capitals=True,
        keys=("ap_account", "ar_account", "name"),
        references={
            "location": _LOCATION,
            "currency": Reference(Currency, "currency_code", key="code", what="Currency"),
        },
        fin_co=True,
    ),
    "jobs": MasterTable(
        model=Job,
        word="Job",
        capitals=True,
        keys=("profit_centre", "code"),
        references={
            "profit_centre": Reference(
                ProfitCentre, "profit_centre_id", what="Profit Centre", per_fin_co=True
            ),
            "job_type": Reference(JobType, "job_type_id", what="Job Type"),
            "client": Reference(
                Company,
                "client_id",
                code="ar_account",
                name="name",
                what="client",
                per_fin_co=True,
            ),
            "parent": Reference(Job, "parent_id", what="job", per_fin_co=True, above=True),
        },
        several={"groups": Several(JobGroup, "Job Group", group_told)},
        rule=_job,
    ),
    "profit-centres": MasterTable(
        model=ProfitCentre,
        word="Profit Centre",
        references={"location": _LOCATION},
        fin_co=True,
    ),
    "activities": MasterTable(
        model=Activity,
        word="Activity",
        references={
            "gst_type": _GST,
            "work_centre": _CENTRE,
            "sales_code": Reference(SalesCode, "sales_code_id", what="Sales Code"),
        },
        rule=_activity,
        drops=_dropped,
    ),
    "sales-codes": MasterTable(
        model=SalesCode, word="Sales Code", references={"gst_type": _GST, "work_centre": _CENTRE}
    ),
    "gst-types": MasterTable(model=GstType, word="GST Type", capitals=True, rule=_gst_type),
    "gl-accounts": MasterTable(model=GlAccount, word="GL Account", fin_co=True, capitals=True),
    "currencies": MasterTable(model=Currency, word="Currency", rule=_currency),
    "periods": MasterTable(
        model=Period, word="Period", keys=("year", "number"), capitals=True, rule=period_rule
    ),
}
