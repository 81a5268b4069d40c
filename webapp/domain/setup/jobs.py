"""The fields of a job."""

from webapp.domain.setup.fields import Field, FieldKind

FIELDS = (
    Field(name="code", label="Job", longest=20, required=True, fixed=True),
    Field(name="description", label="Description", longest=120, required=True),
    Field(
        name="profit_centre",
        label="Profit Centre",
        kind=FieldKind.CHOICE,
        required=True,
        hint="It says which financial company the job belongs to.",
    ),
    Field(
        name="client",
        label="Client",
        kind=FieldKind.COMPANY,
        hint="Type part of its name or its account.",
    ),
    Field(name="job_type", label="Job Type", kind=FieldKind.CHOICE),
    Field(
        name="parent",
        label="Parent job",
        kind=FieldKind.JOB,
        hint="Where this is a sub-job. Type part of the job's code or description.",
    ),
    Field(name="groups", label="Job Groups", kind=FieldKind.SEVERAL),
    Field(name="active", label="Active", kind=FieldKind.TICK),
    Field(
        name="dr_gl_account",
        label="DR GL Account",
        kind=FieldKind.ACCOUNT,
        longest=20,
        whole=True,
        hint="Where filled in, the whole account for all cost of the job.",
    ),
    Field(
        name="cr_gl_account",
        label="CR GL Account",
        kind=FieldKind.ACCOUNT,
        longest=20,
        whole=True,
        hint="Where filled in, the whole account for all revenue of the job.",
    ),
)
