"""Master records that can be written, as they come and as they are told."""

from marshmallow import Schema, fields, validate

from webapp.api.fields import Code, Rate, Text, Told
from webapp.api.paging import PageQuery
from webapp.domain.setup.activities import CODE_TYPES
from webapp.domain.terms import TermsType

LONGEST_TERM_DAYS = 999
_IN_ADDRESSES = "[A-Za-z0-9._-]+"


def _tick() -> fields.Boolean:
    return fields.Boolean(truthy={True}, falsy={False})


def _part_of_an_address(longest: int) -> Code:
    return Code(
        longest,
        required=True,
        validate=validate.Regexp(f"^{_IN_ADDRESSES}$"),
    )


class CompanyQuery(PageQuery):
    """Which companies are asked for."""

    fin_co = Code(10)
    account = Code(50, metadata={"description": "An AP or AR Account."})


class JobQuery(PageQuery):
    """Which jobs are asked for."""

    fin_co = Code(10)
    code = Code(20)


class CompanyChange(Schema):
    """What of a company is to be changed."""

    name = Text(255, shortest=1)
    alpha_code = Code(20, allow_none=True)
    ap_account = Code(50, allow_none=True)
    ar_account = Code(50, allow_none=True)
    is_client = _tick()
    is_supplier = _tick()
    is_subcontractor = _tick()
    active = _tick()
    currency = Code(3, allow_none=True)
    payment_terms_days = fields.Integer(
        strict=True, allow_none=True, validate=validate.Range(0, LONGEST_TERM_DAYS)
    )
    payment_terms_type = fields.String(
        allow_none=True, validate=validate.OneOf([one.value for one in TermsType])
    )
    tax_number = Text(50, allow_none=True)
    email = Text(255, allow_none=True)
    phone = Text(60, allow_none=True)
    address = Text(1000, allow_none=True)


class CompanyBody(CompanyChange):
    """A new company."""

    fin_co = Code(10, required=True)
    name = Text(255, shortest=1, required=True)


class CompanyAnswer(Schema):
    """A client, supplier or subcontractor of a FinCo."""

    id = fields.Integer(required=True)
    fin_co = fields.String(required=True)
    name = fields.String(required=True)
    alpha_code = fields.String(required=True, allow_none=True)
    ap_account = fields.String(required=True, allow_none=True)
    ar_account = fields.String(required=True, allow_none=True)
    is_client = fields.Boolean(required=True)
    is_supplier = fields.Boolean(required=True)
    is_subcontractor = fields.Boolean(required=True)
    active = fields.Boolean(required=True)
    currency = fields.String(required=True, allow_none=True)
    payment_terms_days = fields.Integer(required=True, allow_none=True)
    payment_terms_type = fields.String(required=True, allow_none=True)
    tax_number = fields.String(required=True, allow_none=True)
    email = fields.String(required=True, allow_none=True)
    phone = fields.String(required=True, allow_none=True)
    address = fields.String(required=True, allow_none=True)


class JobChange(Schema):
    """What of a job is to be changed; its code stays for good."""

    description = Text(120, shortest=1)
    profit_centre = Code(20)
    job_type = Code(20, allow_none=True)
    client_id = fields.Integer(
        strict=True, allow_none=True, validate=validate.Range(1, 2_147_483_647)
    )
    parent_id = fields.Integer(
        strict=True,
        allow_none=True,
        validate=validate.Range(1, 2_147_483_647),
        metadata={"description": "The id of the job it is part of."},
    )
    dr_gl_account = Code(20, allow_none=True)
    cr_gl_account = Code(20, allow_none=True)
    active = _tick()


class JobBody(JobChange):
    """A new job."""

    fin_co = Code(10, required=True)
    code = Code(20, required=True)
    description = Text(120, shortest=1, required=True)
    profit_centre = Code(20, required=True)


class JobAnswer(Schema):
    """A job of a FinCo."""

    id = fields.Integer(required=True)
    fin_co = fields.String(required=True)
    profit_centre = fields.String(required=True)
    code = fields.String(required=True)
    description = fields.String(required=True)
    job_type = fields.String(required=True, allow_none=True)
    client_id = fields.Integer(required=True, allow_none=True)
    parent_id = fields.Integer(required=True, allow_none=True)
    dr_gl_account = fields.String(required=True, allow_none=True)
    cr_gl_account = fields.String(required=True, allow_none=True)
    active = fields.Boolean(required=True)


class ActivityChange(Schema):
    """What of an activity is to be changed; its code stays for good."""

    description = Text(50, shortest=1)
    code_type = fields.String(validate=validate.OneOf(CODE_TYPES))
    dr_gl_account = Code(20, allow_none=True)
    cr_gl_account = Code(20, allow_none=True)
    gst_type = Code(10, allow_none=True)
    work_centre = Code(10, allow_none=True)
    sales_code = Code(10, allow_none=True)
    unit = Code(10, allow_none=True)
    cost_rate = Rate(
        allow_none=True, metadata={"description": "Per unit, ex GST, in the base currency."}
    )
    active = _tick()


class ActivityBody(ActivityChange):
    """A new activity, for all FinCos."""

    code = _part_of_an_address(10)
    description = Text(50, shortest=1, required=True)


class ActivityAnswer(Schema):
    """A cost code, shared by all FinCos."""

    code = fields.String(required=True)
    description = fields.String(required=True)
    code_type = fields.String(required=True)
    dr_gl_account = fields.String(required=True, allow_none=True)
    cr_gl_account = fields.String(required=True, allow_none=True)
    gst_type = fields.String(required=True, allow_none=True)
    work_centre = fields.String(required=True, allow_none=True)
    sales_code = fields.String(required=True, allow_none=True)
    unit = fields.String(required=True, allow_none=True)
    cost_rate = Told(required=True, allow_none=True)
    active = fields.Boolean(required=True)
