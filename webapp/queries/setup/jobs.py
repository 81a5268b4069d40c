"""The jobs: their list, and one of them in its form."""

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from webapp.db import db
from webapp.domain.setup.fields import BETWEEN, text_of
from webapp.models import Company, FinCo, Job, JobGroup, JobType, ProfitCentre
from webapp.models.jobs import job_group_members
from webapp.queries.setup import choices
from webapp.queries.setup.choices import OF_CENTRE, group_told, job_told
from webapp.queries.setup.fin_cos import company_told
from webapp.queries.setup.listing import Column, Table
from webapp.queries.setup.records import Choice, Record
from webapp.queries.viewers import Viewer

MOST_OFFERED = 20


def table(viewer: Viewer) -> Table:
    """The jobs of the FinCos a person sees."""
    return Table(
        columns={
            "code": Column("Job", Job.code, searched=True),
            "description": Column("Description", Job.description, searched=True),
            "fin_co": Column("Fin Co", FinCo.code),
            "profit_centre": Column("Profit Centre", ProfitCentre.code, searched=True),
            "client": Column("Client", Company.name, searched=True),
            "job_type": Column("Job Type", JobType.code, searched=True),
            "dr_gl_account": Column("DR GL Account", Job.dr_gl_account, searched=True),
            "cr_gl_account": Column("CR GL Account", Job.cr_gl_account, searched=True),
            "active": Column("Active", Job.active),
        },
        rows=sa.select(Job.id)
        .join(ProfitCentre, ProfitCentre.id == Job.profit_centre_id)
        .join(FinCo, FinCo.id == ProfitCentre.fin_co_id)
        .outerjoin(JobType, JobType.id == Job.job_type_id)
        .outerjoin(Company, Company.id == Job.client_id)
        .where(viewer.scope(FinCo.id)),
        key=Job.id,
        active=Job.active,
        fin_co=FinCo.code,
        more={
            "parent": Column("Parent Job", _parent_told()),
            "groups": Column("Job Groups", _groups_told()),
        },
    )


def _parent_told() -> sa.ScalarSelect[str]:
    parent, centre = aliased(Job), aliased(ProfitCentre)
    return (
        sa.select(parent.code + OF_CENTRE + centre.code)
        .join(centre, centre.id == parent.profit_centre_id)
        .where(parent.id == Job.parent_id)
        .correlate(Job)
        .scalar_subquery()
    )


def _groups_told() -> sa.ScalarSelect[str]:
    told = JobGroup.category + ": " + JobGroup.description
    members = job_group_members.c
    return (
        sa.select(sa.func.aggregate_strings(told, "; "))
        .join(job_group_members, members.job_group_id == JobGroup.id)
        .where(members.job_id == Job.id)
        .correlate(Job)
        .scalar_subquery()
    )


def record(viewer: Viewer, job_id: int) -> Record | None:
    """A job in its form; None where this person may not see it."""
    job = db.session.get(Job, job_id)
    return told(job) if job and viewer.sees(job.profit_centre.fin_co_id) else None


def told(job: Job) -> Record:
    """The same of a row at hand."""
    parent = db.session.get(Job, job.parent_id) if job.parent_id else None
    return Record(
        f"Job {job.code}",
        {
            "code": job.code,
            "description": job.description,
            "profit_centre": job.profit_centre.code,
            "client": company_told(job.client) if job.client else "",
            "job_type": job.job_type.code if job.job_type else "",
            "parent": job_told(parent) if parent else "",
            "groups": BETWEEN.join(sorted(group_told(group) for group in job.groups)),
            "active": text_of(job.active),
            "dr_gl_account": text_of(job.dr_gl_account),
            "cr_gl_account": text_of(job.cr_gl_account),
        },
        {"Fin Co": job.profit_centre.fin_co.code},
        job.profit_centre.fin_co_id,
    )


def offered(fin_co_id: int | None) -> dict[str, tuple[Choice, ...]]:
    """What each field that is chosen can be chosen from.

    Args:
        fin_co_id: the FinCo that the job belongs to already: it stays there with all its costs.
    """
    return {
        "profit_centre": choices.profit_centres(fin_co_id),
        "job_type": choices.job_types(),
        "groups": choices.job_groups(),
    }


def fin_co_of_centre(code: str) -> int | None:
    """The FinCo of a Profit Centre; None where there is none of that code."""
    return db.session.scalar(sa.select(ProfitCentre.fin_co_id).where(ProfitCentre.code == code))


def jobs_like(fin_co_id: int, text: str) -> tuple[Choice, ...]:
    """Jobs of a FinCo in use whose code or description holds the text, by code."""
    rows = db.session.scalars(
        _jobs_of(fin_co_id)
        .where(
            Job.active,
            sa.or_(
                *(
                    column.icontains(text.strip(), autoescape=True)
                    for column in (Job.code, Job.description)
                )
            ),
        )
        .limit(MOST_OFFERED)
    )
    return tuple(Choice(job_told(job), job.description) for job in rows)


def up_from(job: Job) -> set[int]:
    """The ids of a job and of all that it is part of."""
    found: set[int] = set()
    above: Job | None = job
    while above is not None and above.id not in found:
        found.add(above.id)
        above = db.session.get(Job, above.parent_id) if above.parent_id else None
    return found


def jobs_called(fin_co_id: int, text: str) -> tuple[Job, ...]:
    """The jobs of a FinCo whose code is the text, or that are told as it."""
    code, separator, centre = text.rpartition(OF_CENTRE)
    named = Job.code == text
    if separator:
        named = sa.or_(named, sa.and_(Job.code == code, ProfitCentre.code == centre))
    return tuple(db.session.scalars(_jobs_of(fin_co_id).where(named)))


def _jobs_of(fin_co_id: int) -> sa.Select[Job]:
    return (
        sa.select(Job)
        .join(ProfitCentre, ProfitCentre.id == Job.profit_centre_id)
        .where(ProfitCentre.fin_co_id == fin_co_id)
        .order_by(Job.code, Job.id)
    )
