"""Master records that are only told."""

from marshmallow import Schema, fields, validate

from webapp.api.fields import Told
from webapp.api.paging import PageQuery

FIRST_YEAR, LAST_YEAR = 1900, 2999


class PeriodQuery(PageQuery):
    """Which periods are asked for."""

    year = fields.Integer(validate=validate.Range(FIRST_YEAR, LAST_YEAR))


class SalesCodeAnswer(Schema):
    """What a sales line is for."""

    code = fields.String(required=True)
    description = fields.String(required=True)
    sales_type = fields.String(required=True)
    cr_gl_account = fields.String(required=True, allow_none=True)
    gst_type = fields.String(required=True, allow_none=True)
    active = fields.Boolean(required=True)


class GstTypeAnswer(Schema):
    """A tax code."""

    code = fields.String(required=True)
    description = fields.String(required=True)
    export_code = fields.String(required=True, allow_none=True)
    percent = Told(required=True)
    use_for_ap = fields.Boolean(required=True)
    use_for_ar = fields.Boolean(required=True)


class ProfitCentreAnswer(Schema):
    """A profit centre of a FinCo."""

    code = fields.String(required=True)
    fin_co = fields.String(required=True)
    description = fields.String(required=True)
    location = fields.String(required=True)
    export_code = fields.String(required=True, allow_none=True)
    gl_prefix = fields.String(required=True, allow_none=True)
    gl_suffix = fields.String(required=True, allow_none=True)


class GlAccountAnswer(Schema):
    """An account of a FinCo's chart."""

    id = fields.Integer(required=True)
    fin_co = fields.String(required=True)
    code = fields.String(required=True)
    description = fields.String(required=True)
    section = fields.String(required=True)
    subsection = fields.String(required=True, allow_none=True)
    category = fields.String(required=True, allow_none=True)
    active = fields.Boolean(required=True)


class CurrencyAnswer(Schema):
    """A currency."""

    code = fields.String(required=True)
    description = fields.String(required=True)
    symbol = fields.String(required=True, allow_none=True)
    conversion_rate = Told(
        required=True,
        allow_none=True,
        metadata={"description": "Foreign units per one unit of the local currency."},
    )
    active = fields.Boolean(required=True)


class PeriodAnswer(Schema):
    """A financial period."""

    year = fields.Integer(required=True)
    number = fields.Integer(required=True)
    start_date = fields.Date(required=True)
    end_date = fields.Date(required=True)
    is_current = fields.Boolean(required=True)
    closed = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "What nothing more can be entered for."},
    )
