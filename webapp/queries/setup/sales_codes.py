"""The Sales Codes: their list, and one of them in its form."""

import sqlalchemy as sa

from webapp.db import db
from webapp.domain.setup.fields import text_of
from webapp.domain.setup.sales_codes import SALES_TYPES
from webapp.models import GstType, SalesCode, WorkCentre
from webapp.queries.setup import choices
from webapp.queries.setup.listing import Column, Table
from webapp.queries.setup.records import Choice, Record


def table() -> Table:
    """All Sales Codes."""
    return Table(
        columns={
            "code": Column("Code", SalesCode.code, searched=True),
            "description": Column("Description", SalesCode.description, searched=True),
            "sales_type": Column("Sales Type", SalesCode.sales_type, searched=True),
            "cr_gl_account": Column("CR GL Account", SalesCode.cr_gl_account, searched=True),
            "gst_type": Column("GST Type", GstType.code),
            "work_centre": Column("Work Centre", WorkCentre.code, searched=True),
            "active": Column("Active", SalesCode.active),
        },
        rows=sa.select(SalesCode.id)
        .outerjoin(GstType, GstType.id == SalesCode.gst_type_id)
        .outerjoin(WorkCentre, WorkCentre.id == SalesCode.work_centre_id),
        key=SalesCode.id,
        active=SalesCode.active,
    )


def record(sales_code_id: int) -> Record | None:
    """A Sales Code in its form."""
    sales_code = db.session.get(SalesCode, sales_code_id)
    return told(sales_code) if sales_code else None


def told(sales_code: SalesCode) -> Record:
    """The same of a row at hand."""
    return Record(
        f"Sales Code {sales_code.code}",
        {
            "code": sales_code.code,
            "description": sales_code.description,
            "sales_type": sales_code.sales_type,
            "cr_gl_account": text_of(sales_code.cr_gl_account),
            "gst_type": sales_code.gst_type.code if sales_code.gst_type else "",
            "work_centre": sales_code.work_centre.code if sales_code.work_centre else "",
            "active": text_of(sales_code.active),
        },
        {},
    )


def offered() -> dict[str, tuple[Choice, ...]]:
    """What each field that is chosen can be chosen from."""
    return {
        "sales_type": choices.words(*SALES_TYPES),
        "gst_type": choices.gst_types(),
        "work_centre": choices.work_centres(),
    }
