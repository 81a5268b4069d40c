"""Export and import runs as they are told."""

from marshmallow import Schema, fields, validate

from webapp.api.fields import Code, MoneyTold
from webapp.api.paging import PageQuery
from webapp.domain.documents import DocumentKind
from webapp.domain.runs import ImportKind, ItemState, KindState, RunOrigin, RunState


class RunQuery(PageQuery):
    """Which runs are asked for."""

    fin_co = Code(10)


class ItemQuery(PageQuery):
    """Which documents of a run are asked for."""

    state = fields.Enum(ItemState, by_value=True)


class ImportBody(Schema):
    """An import to begin."""

    fin_co = Code(10, required=True)
    full = fields.Boolean(
        load_default=False,
        truthy={True},
        falsy={False},
        metadata={"description": "Read everything anew, not only what changed since the last."},
    )
    kinds = fields.List(
        fields.Enum(ImportKind, by_value=True),
        validate=validate.Length(1, len(ImportKind)),
        metadata={
            "description": "Bring in only these; each has to be ticked for the FinCo. Left out, "
            "all that are ticked."
        },
    )


class ImportBegun(Schema):
    """An import that was begun."""

    run = fields.Integer(required=True, metadata={"description": "The run's id."})


class ExportRunAnswer(Schema):
    """An export run. It is over when ``finished_at`` is filled."""

    id = fields.Integer(required=True)
    fin_co = fields.String(required=True)
    state = fields.Enum(RunState, by_value=True, required=True)
    started_at = fields.AwareDateTime(required=True)
    finished_at = fields.AwareDateTime(required=True, allow_none=True)
    waiting_until = fields.AwareDateTime(required=True, allow_none=True)
    waiting_for = fields.String(required=True, allow_none=True)
    waits_for_person = fields.Boolean(required=True)
    paused_at = fields.AwareDateTime(required=True, allow_none=True)
    cancelled_at = fields.AwareDateTime(required=True, allow_none=True)
    batches = fields.List(fields.String(), required=True)
    counts = fields.Dict(
        keys=fields.String(),
        values=fields.Integer(),
        required=True,
        metadata={
            "description": "How many documents are in which state. A large journal that goes in "
            "parts counts once: as sent when all of its parts are."
        },
    )


class RefusalAnswer(Schema):
    """Why a document did not arrive."""

    code = fields.String(required=True)
    record = fields.String(required=True)
    message = fields.String(required=True)
    way_out = fields.String(required=True)
    line = fields.Integer(required=True, allow_none=True)
    verbatim = fields.String(
        required=True, allow_none=True, metadata={"description": "Xero's own words."}
    )


class ItemAnswer(Schema):
    """A document of an export run, or one part of a large journal, and its fate."""

    document = fields.String(required=True, metadata={"description": "Its uid."})
    kind = fields.Enum(DocumentKind, by_value=True, required=True)
    number = fields.String(required=True)
    part = fields.Integer(
        required=True,
        metadata={
            "description": "Which part of its document it is, from 1: a large journal goes to Xero "
            "as several records, each an item of its own."
        },
    )
    batch = fields.String(required=True)
    currency = fields.String(required=True)
    total = MoneyTold(required=True, metadata={"description": "Including GST."})
    state = fields.Enum(ItemState, by_value=True, required=True)
    xero_id = fields.String(required=True, allow_none=True)
    xero_status = fields.String(required=True, allow_none=True)
    problems = fields.List(fields.Nested(RefusalAnswer), required=True)


class KindAnswer(Schema):
    """One kind of record of an import run."""

    kind = fields.Enum(ImportKind, by_value=True, required=True)
    state = fields.Enum(KindState, by_value=True, required=True)
    fetched = fields.Integer(required=True)
    created = fields.Integer(required=True)
    updated = fields.Integer(required=True)
    unchanged = fields.Integer(required=True)
    skipped = fields.Integer(required=True)
    failed = fields.Integer(required=True)
    error = fields.String(required=True, allow_none=True)


class ImportRunAnswer(Schema):
    """An import run. It is over when ``finished_at`` is filled."""

    id = fields.Integer(required=True)
    fin_co = fields.String(required=True)
    state = fields.Enum(RunState, by_value=True, required=True)
    origin = fields.Enum(RunOrigin, by_value=True, required=True)
    started_at = fields.AwareDateTime(required=True)
    finished_at = fields.AwareDateTime(required=True, allow_none=True)
    kinds = fields.List(fields.Nested(KindAnswer), required=True)
