"""The fields of a user."""

from webapp.domain.access import Role
from webapp.domain.setup.fields import Field, FieldKind

ROLES = tuple(role.value for role in Role)

FIELDS = (
    Field(
        name="name",
        label="Name",
        longest=80,
        required=True,
        hint="What they sign in with. Capital letters make no difference.",
    ),
    Field(
        name="email",
        label="Email",
        longest=254,
        hint="Administrators are written to when a connection to Xero does not work.",
    ),
    Field(name="role", label="Role", kind=FieldKind.CHOICE, required=True),
    Field(name="active", label="Active", kind=FieldKind.TICK),
    Field(
        name="fin_cos",
        label="Financial Companies",
        kind=FieldKind.SEVERAL,
        hint="Those they see. Administrators see every one, whatever is ticked.",
    ),
)
