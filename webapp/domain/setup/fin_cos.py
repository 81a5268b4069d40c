"""The fields of a Financial Company (workbench 2.4)."""

import re
from collections.abc import Mapping

from webapp.domain.setup.fields import Field, FieldKind

NEW_FIELDS = (
    Field(name="code", label="Code", longest=10, required=True, fixed=True),
    Field(
        name="base_currency",
        label="Base currency",
        longest=3,
        required=True,
        fixed=True,
        hint="Three letters, as that of its organisation in Xero. It stays as it is.",
    ),
)

FIELDS = (
    Field(name="description", label="Description", longest=100, required=True),
    Field(name="bank_account_no", label="Bank Account No", longest=40),
    Field(name="default_location", label="Default Location", kind=FieldKind.CHOICE),
    Field(
        name="template_company",
        label="Template Company",
        kind=FieldKind.COMPANY,
        hint="New companies take from it what a contact in Xero does not have. "
        "Type part of its name or its account.",
    ),
    Field(
        name="retention_job",
        label="Retention Job",
        kind=FieldKind.JOB,
        hint="The job that retentions are kept on. Type part of its code or description.",
    ),
    Field(
        name="inter_company_gl_account",
        label="Inter-Company GL Account",
        kind=FieldKind.ACCOUNT,
        longest=20,
        whole=True,
        hint="Needed where several financial companies work for each other.",
    ),
    Field(
        name="stock_control_job",
        label="Stock Control Job",
        kind=FieldKind.JOB,
        hint="What is issued from stock is credited to its DR GL Account. Type part of the job's "
        "code or description.",
    ),
)

LATER = frozenset({"template_company", "retention_job", "stock_control_job"})
"""What a Financial Company can have only once it is there."""

FIRST_FIELDS = (*NEW_FIELDS, *(field for field in FIELDS if field.name not in LATER))
"""The form of a new one."""

_CODE = re.compile(r"[A-Za-z0-9._-]+")
_CURRENCY = re.compile(r"[A-Z]{3}")
RESERVED = "new"
"""The address of the form of a new one, where others have their code."""


def first_faults(given: Mapping[str, str]) -> dict[str, str]:
    """What else is wrong with the code and the currency of a new one."""
    found = {}
    if not _CODE.fullmatch(given["code"]) or given["code"].lower() == RESERVED:
        found["code"] = "Letters, digits, dots and hyphens only, like 01 or NZ-2."
    if not _CURRENCY.fullmatch(given["base_currency"]):
        found["base_currency"] = "Three capital letters, like NZD."
    return found
