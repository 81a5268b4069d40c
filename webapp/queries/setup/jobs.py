"""The jobs as the ledger sees them: their list, and the accounts of one."""

import sqlalchemy as sa

from webapp.db import db
from webapp.domain.setup.fields import text_of
from webapp.models import Company, FinCo, Job, JobType, ProfitCentre
from webapp.queries.setup.listing import Column, Table
from webapp.queries.setup.records import Record
from webapp.queries.viewers import Viewer


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
    )


def record(viewer: Viewer, job_id: int) -> Record | None:
    """A job's accounts in their form; None where this person may not see it."""
    job = db.session.get(Job, job_id)
    return told(job) if job and viewer.sees(job.profit_centre.fin_co_id) else None


def told(job: Job) -> Record:
    """The same of a row at hand."""
    centre = job.profit_centre
    return Record(
        f"Job {job.code}",
        {
            "dr_gl_account": text_of(job.dr_gl_account),
            "cr_gl_account": text_of(job.cr_gl_account),
        },
        {
            "Description": job.description,
            "Fin Co": centre.fin_co.code,
            "Profit Centre": f"{centre.code}: {centre.description}",
            "Client": job.client.name if job.client else None,
        },
        centre.fin_co_id,
    )
