"""The fields of a GL Account that is typed in by hand (workbench 2.6)."""

from webapp.domain.setup.fields import Field, FieldKind

CATEGORIES = ("Revenue", "Job Cost", "Other Cost")

FIELDS = (
    Field(
        name="code",
        label="GL Code",
        kind=FieldKind.ACCOUNT,
        longest=20,
        required=True,
        fixed=True,
        whole=True,
    ),
    Field(name="fin_co", label="Fin Co", kind=FieldKind.CHOICE, required=True, fixed=True),
    Field(name="description", label="Description", longest=150, required=True),
    Field(
        name="section",
        label="Section",
        longest=40,
        required=True,
        hint="Revenue, Direct Costs, Overheads, Expenses or what your chart calls it.",
    ),
    Field(name="subsection", label="Subsection", longest=40),
    Field(
        name="category",
        label="Category",
        kind=FieldKind.CHOICE,
        hint="None for accounts of the balance sheet.",
    ),
    Field(name="sequence_no", label="Sequence No", kind=FieldKind.NUMBER),
    Field(name="active", label="Active", kind=FieldKind.TICK),
)

FROM_XERO = (
    "This account comes from Xero with each import, so it is changed there. Then press Import on "
    "the Xero Integration screen."
)
