"""The fields of a Financial Company (workbench 2.4)."""

from webapp.domain.setup.fields import Field, FieldKind

FIELDS = (
    Field(name="description", label="Description", longest=100, required=True),
    Field(name="bank_account_no", label="Bank Account No", longest=40),
    Field(name="default_location", label="Default Location", kind=FieldKind.CHOICE),
    Field(
        name="template_company",
        label="Template Company",
        kind=FieldKind.COMPANY,
        hint="New companies take from it what a contact in Xero does not have. "
        "Type part of its name or its account.",
    ),
    Field(
        name="inter_company_gl_account",
        label="Inter-Company GL Account",
        kind=FieldKind.ACCOUNT,
        longest=20,
        whole=True,
        hint="Needed where several financial companies work for each other.",
    ),
)
