"""The fields of a Sales Code."""

from webapp.domain.setup.fields import Field, FieldKind

SALES_TYPES = ("Revenue", "Retention", "Prepayment", "Time", "Purchase")

FIELDS = (
    Field(name="code", label="Sales Code", longest=10, required=True, fixed=True),
    Field(name="description", label="Description", longest=80, required=True),
    Field(name="sales_type", label="Sales Type", kind=FieldKind.CHOICE, required=True),
    Field(name="cr_gl_account", label="CR GL Account", kind=FieldKind.ACCOUNT, longest=20),
    Field(name="gst_type", label="GST Type", kind=FieldKind.CHOICE),
    Field(name="work_centre", label="Work Centre", kind=FieldKind.CHOICE),
    Field(name="active", label="Active", kind=FieldKind.TICK),
)
