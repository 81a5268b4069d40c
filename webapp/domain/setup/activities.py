"""Which fields an Activity has, by its Code Type (workbench 2.5)."""

from collections.abc import Mapping

from webapp.domain.setup.fields import Field, FieldKind

TIME = "Time"
PURCHASE = "Purchase"
"""Of an Activity that comes from another system without one."""
CODE_TYPES = (
    TIME,
    "Disbursement",
    PURCHASE,
    "Stock",
    "Plant",
    "Internal",
    "Subcontract",
    "Retention",
    "Revenue",
)
SUB_TYPES = (
    "Charge",
    "No Charge",
    "Admin",
    "Leave",
    "Other",
    "Proposal",
    "Statutory",
    "Lieu",
    "KMs",
)
"""Of Time only."""

_RATED = frozenset({TIME, "Stock", "Plant", "Internal"})
_BOUGHT = frozenset({"Disbursement", "Purchase", "Subcontract", "Retention", "Revenue"})

FIELDS = (
    Field(name="code", label="Activity Code", longest=10, required=True, fixed=True),
    Field(name="description", label="Description", longest=50, required=True),
    Field(name="code_type", label="Code Type", kind=FieldKind.CHOICE, required=True),
    Field(name="sub_type", label="Sub Type", kind=FieldKind.CHOICE),
    Field(name="cost_category", label="Cost Category", longest=20),
    Field(
        name="cost_rate",
        label="Cost Rate",
        kind=FieldKind.NUMBER,
        longest=4,
        hint="Per unit, ex GST, in the base currency.",
    ),
    Field(name="unit", label="Unit", longest=10),
    Field(name="payroll_code", label="Payroll Code", longest=100),
    Field(name="include_in_payroll", label="Include in Payroll", kind=FieldKind.TICK),
    Field(name="gst_type", label="GST Type", kind=FieldKind.CHOICE),
    Field(name="work_centre", label="Work Centre", kind=FieldKind.CHOICE),
    Field(name="sales_code", label="Sales Code", kind=FieldKind.CHOICE),
    Field(name="dr_gl_account", label="DR GL Account", kind=FieldKind.ACCOUNT, longest=20),
    Field(name="cr_gl_account", label="CR GL Account", kind=FieldKind.ACCOUNT, longest=20),
    Field(name="active", label="Active", kind=FieldKind.TICK),
)

_ONLY_OF: Mapping[str, frozenset[str]] = {
    "sub_type": frozenset({TIME}),
    "payroll_code": frozenset({TIME}),
    "include_in_payroll": frozenset({TIME}),
    "cost_rate": _RATED,
    "unit": _RATED,
    "gst_type": _BOUGHT,
    "cost_category": frozenset(CODE_TYPES) - {"Revenue"},
}
"""Fields that not every Code Type has; the labour of Time, for one, carries no GST."""


def layout(code_type: str) -> tuple[Field, ...]:
    """The fields of an Activity of that Code Type, in the order of the popup."""
    return tuple(field for field in FIELDS if code_type in _ONLY_OF.get(field.name, {code_type}))


def foreign(code_type: str, given: Mapping[str, object]) -> dict[str, str]:
    """What is given that an Activity of that Code Type does not have, by field."""
    there = {field.name for field in layout(code_type)}
    return {
        name: f"An Activity of Code Type {code_type} has none."
        for name, value in given.items()
        if name in _ONLY_OF and name not in there and value not in {None, False}
    }


def dropped(before: object, code_type: str) -> frozenset[str]:
    """The fields that go where the Code Type becomes another one."""
    if before in {None, code_type}:
        return frozenset()
    return frozenset(_ONLY_OF) - {field.name for field in layout(code_type)}


def complete(before: Mapping[str, str], given: Mapping[str, str]) -> dict[str, str]:
    """Every field as it shall be.

    What the popup does not show stays; where the Code Type becomes another one, an Activity keeps
    nothing that the new type does not have.

    Args:
        before: the fields as they are kept; empty for a new Activity.
        given: the fields of the popup, of the layout of the Code Type in it.
    """
    hidden = before if before.get("code_type") == given["code_type"] else {}
    return {field.name: given.get(field.name, hidden.get(field.name, "")) for field in FIELDS}
