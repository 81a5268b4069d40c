"""What can be chosen on the set-up screens."""

import sqlalchemy as sa

from webapp.db import db
from webapp.models import (
    FinCo,
    GstType,
    Job,
    JobGroup,
    JobType,
    Location,
    ProfitCentre,
    SalesCode,
    WorkCentre,
)
from webapp.queries.setup.records import Choice


def gst_types() -> tuple[Choice, ...]:
    """All GST Types, by code."""
    return _choices(sa.select(GstType.code, GstType.description).order_by(GstType.code))


def work_centres() -> tuple[Choice, ...]:
    """All Work Centres, by code."""
    return _choices(sa.select(WorkCentre.code, WorkCentre.description).order_by(WorkCentre.code))


def sales_codes(kept: str) -> tuple[Choice, ...]:
    """The Sales Codes in use, by code, and the one that is ``kept`` already."""
    return _choices(
        sa.select(SalesCode.code, SalesCode.description)
        .where(sa.or_(SalesCode.active, SalesCode.code == kept))
        .order_by(SalesCode.code)
    )


def locations() -> tuple[Choice, ...]:
    """All Locations, by code."""
    return _choices(sa.select(Location.code, Location.description).order_by(Location.code))


def fin_cos() -> tuple[Choice, ...]:
    """All FinCos, by code: only administrators, who see every one, choose among them."""
    return _choices(sa.select(FinCo.code, FinCo.description).order_by(FinCo.code))


def profit_centres(fin_co_id: int | None) -> tuple[Choice, ...]:
    """The Profit Centres of a FinCo, or all of them, by code."""
    statement = sa.select(ProfitCentre.code, ProfitCentre.description).order_by(ProfitCentre.code)
    if fin_co_id is not None:
        statement = statement.where(ProfitCentre.fin_co_id == fin_co_id)
    return _choices(statement)


def job_types() -> tuple[Choice, ...]:
    """All Job Types, by code."""
    return _choices(sa.select(JobType.code, JobType.description).order_by(JobType.code))


def job_groups() -> tuple[Choice, ...]:
    """All Job Groups, by category."""
    rows = db.session.scalars(sa.select(JobGroup).order_by(JobGroup.category, JobGroup.description))
    return words(*(group_told(group) for group in rows))


def group_told(group: JobGroup) -> str:
    """A Job Group by its category and description."""
    return f"{group.category}: {group.description}"


def words(*values: str) -> tuple[Choice, ...]:
    """Values that say of themselves what they are."""
    return tuple(Choice(value, value) for value in values)


def _choices(statement: sa.Select[str, str]) -> tuple[Choice, ...]:
    return tuple(Choice(row[0], f"{row[0]}: {row[1]}") for row in db.session.execute(statement))


OF_CENTRE = " · "
"""Stands between the code of a job and that of its Profit Centre."""


def job_told(job: Job) -> str:
    """A job by its code and Profit Centre: codes alone are not always different."""
    return f"{job.code}{OF_CENTRE}{job.profit_centre.code}"
