"""Batches, as they come and as they are told."""

from marshmallow import Schema, fields, validate

from webapp.api.fields import Code, MoneyTold, Text
from webapp.api.paging import PageQuery
from webapp.api.schemas.documents import MOST_DOCUMENTS, DocumentBody
from webapp.api.schemas.runs import RefusalAnswer
from webapp.domain.batches import BatchStatus, BatchType
from webapp.domain.documents import DocumentKind
from webapp.domain.entry.kinds import ENTERED_TYPES


class BatchQuery(PageQuery):
    """Which batches are asked for."""

    fin_co = Code(10)
    batch_type = fields.Enum(BatchType, by_value=True)
    status = fields.Enum(BatchStatus, by_value=True)


class BatchBody(Schema):
    """A new batch, with documents in it or without."""

    fin_co = Code(10, required=True)
    batch_type = fields.String(
        required=True, validate=validate.OneOf(sorted(one.value for one in ENTERED_TYPES))
    )
    batch_date = fields.Date(
        required=True,
        metadata={
            "description": "It decides the batch's period, and one of the periods has to hold it."
        },
    )
    reference = Text(60, allow_none=True)
    documents = fields.List(
        fields.Nested(DocumentBody),
        load_default=list,
        validate=validate.Length(max=MOST_DOCUMENTS),
    )


class MarkBody(Schema):
    """Whether a batch is not for export."""

    not_for_export = fields.Boolean(required=True, truthy={True}, falsy={False})


class CurrencyTotalAnswer(Schema):
    """The sums over a batch's documents in one currency."""

    currency = fields.String(required=True)
    documents = fields.Integer(required=True)
    value_ex_gst = MoneyTold(required=True)
    gst = MoneyTold(required=True)
    total = MoneyTold(required=True)


class BatchAnswer(Schema):
    """A batch."""

    number = fields.String(required=True)
    batch_type = fields.Enum(BatchType, by_value=True, required=True)
    fin_co = fields.String(required=True)
    year = fields.Integer(required=True)
    period = fields.Integer(required=True)
    batch_date = fields.Date(required=True)
    reference = fields.String(required=True, allow_none=True)
    status = fields.Enum(BatchStatus, by_value=True, required=True)
    not_for_export = fields.Boolean(required=True)
    created_at = fields.AwareDateTime(required=True)
    closed_at = fields.AwareDateTime(required=True, allow_none=True)
    exported_at = fields.AwareDateTime(required=True, allow_none=True)
    totals = fields.List(fields.Nested(CurrencyTotalAnswer), required=True)


class ExportBody(Schema):
    """What is to be exported; the body may be left out."""

    confirmation = fields.String(
        load_default=None,
        validate=validate.Length(equal=64),
        metadata={
            "description": "That of a preflight: the export is refused (412) where anything "
            "changed since. Left out, whatever is there is exported."
        },
    )


class ExportAnswer(Schema):
    """An export that was begun."""

    run = fields.Integer(required=True, metadata={"description": "The run's id."})


class PreflightDocument(Schema):
    """A document that is not in Xero yet, and whether an export would send it."""

    document = fields.String(required=True, metadata={"description": "Its uid."})
    kind = fields.Enum(DocumentKind, by_value=True, required=True)
    number = fields.String(required=True)
    currency = fields.String(required=True)
    total = MoneyTold(required=True, metadata={"description": "Including GST."})
    sent = fields.Boolean(
        required=True, metadata={"description": "Whether it would be sent, or held back."}
    )
    problems = fields.List(fields.Nested(RefusalAnswer), required=True)
    warnings = fields.List(
        fields.Nested(RefusalAnswer),
        required=True,
        metadata={"description": "What to look at though it would be sent."},
    )


class PreflightTotal(Schema):
    """What would be sent in one currency."""

    currency = fields.String(required=True)
    documents = fields.Integer(required=True)
    total = MoneyTold(required=True, metadata={"description": "Including GST."})


class PreflightCause(Schema):
    """One reason why documents would be held back, and all of them."""

    code = fields.String(required=True)
    message = fields.String(required=True)
    way_out = fields.String(required=True)
    documents = fields.List(
        fields.String(), required=True, metadata={"description": "The uids of the documents."}
    )
    totals = fields.List(fields.Nested(PreflightTotal), required=True)


class PreflightFollowUps(Schema):
    """The files and History notes behind the documents, as the FinCo's settings stand now."""

    files = fields.Integer(required=True, metadata={"description": "How many files would go."})
    problems = fields.List(
        fields.Nested(RefusalAnswer),
        required=True,
        metadata={
            "description": "Files that Xero would not take; their documents go all the same."
        },
    )
    unticked = fields.Integer(
        required=True,
        metadata={"description": "Files that stay here, for their box is not ticked."},
    )
    withheld = fields.Boolean(
        required=True,
        metadata={"description": "Whether files wait for a permission of the connection."},
    )
    notes = fields.Integer(
        required=True, metadata={"description": "How many History notes would be written."}
    )


class PreflightAnswer(Schema):
    """What an export of a batch would do now, as far as it can be known without asking Xero."""

    batch = fields.String(required=True)
    refused = fields.Nested(
        RefusalAnswer,
        required=True,
        allow_none=True,
        metadata={"description": "Why the batch would not be taken at all."},
    )
    documents = fields.List(
        fields.Nested(PreflightDocument),
        required=True,
        metadata={"description": "Those not in Xero yet; empty where the batch is refused."},
    )
    totals = fields.List(fields.Nested(PreflightTotal), required=True)
    causes = fields.List(
        fields.Nested(PreflightCause),
        required=True,
        metadata={"description": "Why documents would be held back, each reason once."},
    )
    follow_ups = fields.Nested(
        PreflightFollowUps,
        required=True,
        allow_none=True,
        metadata={"description": "What would follow the documents; null where none can be sent."},
    )
    requests = fields.Integer(
        required=True, metadata={"description": "How many requests would carry them to Xero."}
    )
    confirmation = fields.String(
        required=True,
        metadata={
            "description": "Changes with anything that would be sent, held back or locked: equal "
            "confirmations foretell equal exports."
        },
    )
