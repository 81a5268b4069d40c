"""The Activities: their list, and one of them in its form."""

import sqlalchemy as sa

from webapp.db import db
from webapp.domain.setup.activities import CODE_TYPES, FIELDS, SUB_TYPES
from webapp.domain.setup.fields import text_of
from webapp.models import Activity, GstType, SalesCode, WorkCentre
from webapp.queries.setup import choices
from webapp.queries.setup.listing import Column, Table
from webapp.queries.setup.records import Choice, Record

_RELATED = ("gst_type", "work_centre", "sales_code")


def table() -> Table:
    """All Activities with the columns of workbench 2.5."""
    return Table(
        columns={
            "code": Column("Code", Activity.code, searched=True),
            "description": Column("Description", Activity.description, searched=True),
            "code_type": Column("Code Type", Activity.code_type, searched=True),
            "cost_category": Column("Cost Category", Activity.cost_category, searched=True),
            "sub_type": Column("Sub Type", Activity.sub_type),
            "gst_type": Column("GST Type", GstType.code),
            "work_centre": Column("Work Centre", WorkCentre.code, searched=True),
            "sales_code": Column("Sales Code", SalesCode.code, searched=True),
            "dr_gl_account": Column("DR GL Account", Activity.dr_gl_account, searched=True),
            "cr_gl_account": Column("CR GL Account", Activity.cr_gl_account, searched=True),
            "cost_rate": Column("Cost Rate", Activity.cost_rate, numeric=True),
            "active": Column("Active", Activity.active),
        },
        rows=sa.select(Activity.id)
        .outerjoin(GstType, GstType.id == Activity.gst_type_id)
        .outerjoin(WorkCentre, WorkCentre.id == Activity.work_centre_id)
        .outerjoin(SalesCode, SalesCode.id == Activity.sales_code_id),
        key=Activity.id,
        active=Activity.active,
    )


def record(activity_id: int) -> Record | None:
    """An Activity in its form."""
    activity = db.session.get(Activity, activity_id)
    return told(activity) if activity else None


def told(activity: Activity) -> Record:
    """The same of a row at hand."""
    texts = {
        field.name: text_of(getattr(activity, field.name))
        for field in FIELDS
        if field.name not in _RELATED
    }
    for name in _RELATED:
        related = getattr(activity, name)
        texts[name] = related.code if related else ""
    return Record(f"Activity {activity.code}", texts, {})


def offered(kept: Record | None) -> dict[str, tuple[Choice, ...]]:
    """What each field that is chosen can be chosen from."""
    return {
        "code_type": choices.words(*CODE_TYPES),
        "sub_type": choices.words(*SUB_TYPES),
        "gst_type": choices.gst_types(),
        "work_centre": choices.work_centres(),
        "sales_code": choices.sales_codes(kept.texts["sales_code"] if kept else ""),
    }
