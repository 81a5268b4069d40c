"""The fields of a Work Centre."""

from webapp.domain.setup.fields import Field

FIELDS = (
    Field(name="code", label="Work Centre", longest=10, required=True, fixed=True),
    Field(name="description", label="Description", longest=50, required=True),
)
