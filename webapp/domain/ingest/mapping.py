"""The column mapping: how a file of another system reads in Workbench's words."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from webapp.domain.ingest.codes import code_from_name
from webapp.domain.ingest.values import same_name

ACTIVITY_CODE = 10
PROFIT_CENTRE_CODE = 20


class Field(StrEnum):
    """What a column can feed. The words are the keys of the mapping file."""

    SUPPLIER_ACCOUNT = "supplier_account"
    SUPPLIER_NAME = "supplier_name"
    INVOICE_NUMBER = "invoice_number"
    LINE_REFERENCE = "line_reference"
    INVOICE_DATE = "invoice_date"
    VALUE = "value"
    ACTIVITY = "activity"
    PROFIT_CENTRE = "profit_centre"
    JOB = "job"
    DESCRIPTION = "description"


OPTIONAL = frozenset({Field.LINE_REFERENCE, Field.DESCRIPTION})
"""A line may come without these."""

COLUMN_ONLY = frozenset(
    {Field.SUPPLIER_ACCOUNT, Field.INVOICE_NUMBER, Field.INVOICE_DATE, Field.VALUE}
)
"""Nothing may stand in for these: one value for all would merge invoices or invent money."""


class Unknown(StrEnum):
    """What happens to a name the mapping does not list."""

    FROM_NAME = "from-name"
    REFUSE = "refuse"


@dataclass(frozen=True)
class ActivityTarget:
    """The Activity a category becomes, and the GL account that activity is made with."""

    code: str
    account: str


@dataclass(frozen=True)
class Creatable:
    """Which records a load may make when they are not there."""

    suppliers: bool
    activities: bool
    profit_centres: bool
    jobs: bool


@dataclass(frozen=True, kw_only=True)
class ColumnMapping:
    """A mapping that has been checked. Names are kept in the form of ``same_name``."""

    encoding: str | None
    """None: the file tells it."""
    delimiter: str
    empty_words: frozenset[str]
    columns: Mapping[Field, str]
    date_formats: tuple[str, ...]
    decimal_mark: str
    gst_type: str
    currency: str | None
    """None: the FinCo's base currency."""
    fallbacks: Mapping[Field, str]
    create: Creatable
    activities: Mapping[str, ActivityTarget]
    unknown_activity: Unknown
    unknown_account: str | None
    """The GL account of activities made from unlisted names; None: the account is the code."""
    profit_centres: Mapping[str, str]
    unknown_profit_centre: Unknown

    def activity(self, name: str) -> ActivityTarget | None:
        """The Activity of a category, or None where the mapping refuses unlisted ones."""
        listed = self.activities.get(same_name(name))
        if listed is not None or self.unknown_activity is Unknown.REFUSE:
            return listed
        code = code_from_name(name, ACTIVITY_CODE, check=4)
        return ActivityTarget(code, self.unknown_account or code)

    def activity_is_listed(self, name: str) -> bool:
        """Whether a person chose the Activity of this category."""
        return same_name(name) in self.activities

    def profit_centre(self, name: str) -> str | None:
        """The Profit Centre code of an area, or None where unlisted ones are refused."""
        listed = self.profit_centres.get(same_name(name))
        if listed is not None or self.unknown_profit_centre is Unknown.REFUSE:
            return listed
        return code_from_name(name, PROFIT_CENTRE_CODE, check=5)

    def profit_centre_is_listed(self, name: str) -> bool:
        """Whether a person chose the Profit Centre of this area."""
        return same_name(name) in self.profit_centres
