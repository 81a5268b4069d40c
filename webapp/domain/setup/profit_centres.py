"""The fields of a Profit Centre (workbench 2.9)."""

from webapp.domain.setup.fields import Field, FieldKind

FIELDS = (
    Field(name="code", label="Profit Centre", longest=20, required=True, fixed=True),
    Field(name="description", label="Description", longest=120, required=True),
    Field(name="fin_co", label="Fin Co", kind=FieldKind.CHOICE, required=True, fixed=True),
    Field(name="location", label="Location", kind=FieldKind.CHOICE, required=True),
    Field(name="manager", label="Manager", longest=80),
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
    Field(name="job_suffix", label="Job Suffix", longest=10),
)
"""The hints say what Q36 and R100 decided."""
