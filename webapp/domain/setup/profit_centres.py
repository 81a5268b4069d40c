"""The fields of a Profit Centre that the ledger knows of (workbench 2.9)."""

from webapp.domain.setup.fields import Field

FIELDS = (
    Field(
        name="export_code",
        label="Export Code",
        longest=100,
        hint="The option of Tracking Category 1 in Xero, letter by letter. Blank sends none.",
    ),
    Field(
        name="gl_prefix",
        label="GL Prefix",
        longest=10,
        hint="Stands before every account of its jobs, exactly as written: AK.01. with its dot.",
    ),
    Field(
        name="gl_suffix",
        label="GL Suffix",
        longest=10,
        hint="Stands after every account of its jobs, exactly as written.",
    ),
)
"""The hints say what Q36 and R100 decided."""
