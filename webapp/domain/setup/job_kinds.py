"""The fields of Job Types and Job Groups."""

from webapp.domain.setup.fields import Field

TYPE_FIELDS = (
    Field(name="code", label="Job Type", longest=20, required=True, fixed=True),
    Field(name="description", label="Description", longest=100, required=True),
)

GROUP_FIELDS = (
    Field(
        name="category",
        label="Category",
        longest=40,
        required=True,
        hint="Groups of the category Export may fill Tracking Category 2 in Xero.",
    ),
    Field(name="description", label="Description", longest=100, required=True),
    Field(
        name="value",
        label="Value",
        longest=100,
        hint="Sent to Xero in place of the description, where filled in.",
    ),
)
"""The hints say what workbench 2.9 and R102 decided."""
