"""The lines of the GST Types grid (workbench 2.7)."""

from collections.abc import Collection, Mapping
from decimal import Decimal

from webapp.domain.setup.fields import Field, FieldKind

MOST_PERCENT = Decimal(100)

FIELDS = (
    Field(name="code", label="GST Type", longest=10, required=True, fixed=True),
    Field(name="description", label="Description", longest=80, required=True),
    Field(name="export_code", label="Export Code", longest=50),
    Field(name="reciprocal_code", label="Reciprocal Code", kind=FieldKind.CHOICE),
    Field(name="percent", label="Percent", kind=FieldKind.NUMBER, longest=8, required=True),
    Field(name="use_for_ap", label="Use for AP", kind=FieldKind.TICK),
    Field(name="use_for_ar", label="Use for AR", kind=FieldKind.TICK),
)


def more_faults(given: Mapping[str, str], others: Collection[str]) -> dict[str, str]:
    """What is wrong with a line beyond its single fields, once those are in order.

    Args:
        given: the line.
        others: the codes of the other lines.
    """
    found = {}
    if Decimal(given["percent"]) > MOST_PERCENT:
        found["percent"] = "More than 100 % is no rate. Write 15 for 15 %."
    if given["code"].casefold() in {other.casefold() for other in others}:
        found["code"] = f"There is a GST Type {given['code']} already. Choose another code."
    if given["reciprocal_code"] == given["code"]:
        found["reciprocal_code"] = "The reciprocal of a GST Type is another one."
    return found
