"""The fields of a job that the ledger knows of."""

from webapp.domain.setup.fields import Field, FieldKind

FIELDS = (
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
