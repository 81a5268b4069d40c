"""Fields that several lists have."""

from webapp.domain.ingest.target import Kind, TargetField

F = TargetField
ACTIVE = F(
    name="active",
    label="Active",
    kind=Kind.YES_NO,
    example="yes",
    meaning="yes or no; where it is empty it stays as it is, and new records are active.",
)
DR = F(name="dr_gl_account", label="DR GL Account", kind=Kind.ACCOUNT, longest=20, example="5100")
CR = F(name="cr_gl_account", label="CR GL Account", kind=Kind.ACCOUNT, longest=20, example="4100")
GST = F(name="gst_type", label="GST Type", refers="gst-types", longest=10, example="G15")
CENTRE = F(
    name="work_centre", label="Work Centre", refers="work-centres", longest=10, example="SITE"
)


def code(label: str, longest: int, example: str, *also: str) -> TargetField:
    """What a record is recognised by."""
    return F(
        name="code",
        label=label,
        key=True,
        required=True,
        longest=longest,
        example=example,
        meaning="What the record is recognised by.",
        also=("code", *also),
        column_only=True,
    )


def description(longest: int, example: str) -> TargetField:
    """What a record is called."""
    return F(
        name="description",
        label="Description",
        required=True,
        longest=longest,
        example=example,
        also=("name", "title"),
    )
