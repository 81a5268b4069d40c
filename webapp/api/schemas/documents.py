"""Documents and their lines, as they come and as they are told."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from webapp.api.fields import Code, Money, MoneyTold, Quantity, Rate, Text, Told
from webapp.domain.documents import DocumentKind, DocumentStatus
from webapp.domain.entry.given import DocumentGiven, LineGiven
from webapp.domain.entry.kinds import SALES

MOST_DOCUMENTS = 1000
MOST_LINES = 1000
LARGEST_CLAIM_NO = 1_000_000


class LineBody(Schema):
    """A line. Amounts are in the document's currency, ex GST; those of credits are negative."""

    description = Text(4000, allow_none=True)
    source_reference = Text(100, allow_none=True)
    job = Code(20, allow_none=True)
    profit_centre = Code(
        20,
        allow_none=True,
        metadata={"description": "Only where several profit centres have a job of that code."},
    )
    activity = Code(10, allow_none=True, metadata={"description": "On AP documents and journals."})
    sales_code = Code(10, allow_none=True, metadata={"description": "On sales documents."})
    work_centre = Code(10, allow_none=True)
    gst_type = Code(
        10,
        allow_none=True,
        metadata={"description": "Left out, that of the activity or sales code."},
    )
    quantity = Quantity(allow_none=True)
    value_ex_gst = Money(required=True)
    gst = Money(
        allow_none=True,
        metadata={"description": "Left out, it is computed; given, it is kept as it stands."},
    )
    dr_account = Code(20, allow_none=True, metadata={"description": "On journals."})
    cr_account = Code(
        20, allow_none=True, metadata={"description": "On journals other than adjustments."}
    )


class DocumentBody(Schema):
    """A document with its lines, all by codes."""

    kind = fields.Enum(DocumentKind, by_value=True, required=True)
    number = Code(
        255,
        metadata={
            "description": "A sales document without one gets the next number of the FinCo; every "
            "other document needs one."
        },
    )
    company_id = fields.Integer(
        strict=True, allow_none=True, validate=validate.Range(1, 2_147_483_647)
    )
    company_account = Code(
        50,
        allow_none=True,
        metadata={"description": "The supplier's AP Account or the client's AR Account."},
    )
    job = Code(20, allow_none=True, metadata={"description": "Of a sales document."})
    profit_centre = Code(20, allow_none=True)
    reference = Text(255, allow_none=True)
    document_date = fields.Date(required=True)
    due_date = fields.Date(
        allow_none=True,
        metadata={"description": "Left out, by payment terms. On an AP Credit its payment date."},
    )
    currency = Code(3, allow_none=True)
    currency_rate = Rate(
        allow_none=True,
        metadata={"description": "Foreign units per one unit of the FinCo's base currency."},
    )
    claim_no = fields.Integer(
        strict=True, allow_none=True, validate=validate.Range(1, LARGEST_CLAIM_NO)
    )
    applies_to = Code(
        255, allow_none=True, metadata={"description": "Number of the invoice a credit is for."}
    )
    approved = fields.Boolean(
        load_default=False,
        truthy={True},
        falsy={False},
        metadata={"description": "Whether it is approved as it is entered."},
    )
    lines = fields.List(
        fields.Nested(LineBody), required=True, validate=validate.Length(1, MOST_LINES)
    )

    @validates_schema
    def _numbered(self, data: dict[str, Any], **_: Any) -> None:
        if "number" not in data and data.get("kind") not in SALES:
            raise ValidationError("Missing data for required field.", "number")


class DocumentsBody(Schema):
    """Documents that are entered together, or not at all."""

    documents = fields.List(
        fields.Nested(DocumentBody), required=True, validate=validate.Length(1, MOST_DOCUMENTS)
    )


class EnteredAnswer(Schema):
    """What was stored, in the order in which it was given."""

    batch = fields.String(required=True, attribute="batch_number")
    documents = fields.List(
        fields.String(metadata={"format": "uuid"}), required=True, attribute="document_uids"
    )


class LineAnswer(Schema):
    """A line."""

    line_no = fields.Integer(required=True)
    description = fields.String(required=True, allow_none=True)
    source_reference = fields.String(required=True, allow_none=True)
    job = fields.String(required=True, allow_none=True)
    profit_centre = fields.String(required=True, allow_none=True)
    activity = fields.String(required=True, allow_none=True)
    sales_code = fields.String(required=True, allow_none=True)
    work_centre = fields.String(required=True, allow_none=True)
    gst_type = fields.String(required=True, allow_none=True)
    quantity = Told(required=True, allow_none=True)
    value_ex_gst = MoneyTold(required=True)
    gst = MoneyTold(required=True)
    gst_overridden = fields.Boolean(required=True)
    is_retention = fields.Boolean(required=True)
    dr_account = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Derived when its batch is exported, and kept (R93)."},
    )
    cr_account = fields.String(required=True, allow_none=True)


class PartyAnswer(Schema):
    """The company of a document."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)
    ap_account = fields.String(required=True, allow_none=True)
    ar_account = fields.String(required=True, allow_none=True)


class DocumentSummary(Schema):
    """A document without its lines."""

    uid = fields.String(required=True)
    kind = fields.Enum(DocumentKind, by_value=True, required=True)
    number = fields.String(required=True)
    batch = fields.String(required=True)
    fin_co = fields.String(required=True)
    company = fields.Nested(PartyAnswer, required=True, allow_none=True)
    job = fields.String(required=True, allow_none=True)
    reference = fields.String(required=True, allow_none=True)
    document_date = fields.Date(required=True)
    due_date = fields.Date(required=True, allow_none=True)
    currency = fields.String(required=True)
    currency_rate = Told(required=True, allow_none=True)
    claim_no = fields.Integer(required=True, allow_none=True)
    status = fields.Enum(DocumentStatus, by_value=True, required=True)
    value_ex_gst = MoneyTold(required=True)
    gst = MoneyTold(required=True)
    total = MoneyTold(required=True, metadata={"description": "Including GST."})


class DocumentAnswer(DocumentSummary):
    """A document."""

    applies_to = fields.String(required=True, allow_none=True)
    xero_id = fields.String(required=True, allow_none=True)
    lines = fields.List(fields.Nested(LineAnswer), required=True)


def given(body: dict[str, Any]) -> DocumentGiven:
    """A document that was sent, as the use cases take it."""
    members = {
        "number": "",
        **{name: value for name, value in body.items() if name not in {"lines", "document_date"}},
    }
    lines = tuple(
        LineGiven(
            value=line["value_ex_gst"],
            **{name: value for name, value in line.items() if name != "value_ex_gst"},
        )
        for line in body["lines"]
    )
    return DocumentGiven(date=body["document_date"], lines=lines, **members)
