"""Saving a job."""

from collections.abc import Mapping

import sqlalchemy as sa

from webapp.db import db, transaction
from webapp.domain.setup.fields import TICKED, faults, several
from webapp.domain.setup.jobs import FIELDS
from webapp.models import Company, Job, JobGroup, JobType, ProfitCentre
from webapp.queries.setup.choices import group_told, job_told
from webapp.queries.setup.fin_cos import companies_called, company_told
from webapp.queries.setup.jobs import fin_co_of_centre, jobs_called, offered, told, up_from
from webapp.queries.setup.records import Record
from webapp.services.setup.picked import not_one_company, not_one_job
from webapp.services.setup.saving import (
    By,
    differs,
    log_change,
    log_new,
    missing,
    one_of_a_kind,
    refuse,
)

_TAKEN = "This Profit Centre has a job of this code already. Choose another code."


def job_faults(
    kept: Record | None, given: Mapping[str, str], job_id: int | None = None
) -> dict[str, str]:
    """What is wrong with what was filled in, field by field.

    Args:
        kept: the job as it is; None for a new one.
        given: all its fields.
        job_id: which job; None for a new one.
    """
    choices = {
        name: {choice.value for choice in of}
        for name, of in offered(kept.fin_co_id if kept else None).items()
    }
    found = faults(FIELDS, given, choices)
    fin_co_id = fin_co_of_centre(given["profit_centre"])
    if fin_co_id is None:
        return found
    was = kept.texts if kept else {}
    if "code" not in found and _is_taken(given, job_id):
        found["profit_centre" if kept else "code"] = _TAKEN
    client, parent = given["client"], given["parent"]
    if client and client != was.get("client") and "client" not in found:
        called = companies_called(fin_co_id, client)
        if len(called) != 1:
            found["client"] = not_one_company(fin_co_id, client, called)
    if parent and parent != was.get("parent") and "parent" not in found:
        fault = _parent_fault(fin_co_id, parent, job_id)
        if fault:
            found["parent"] = fault
    return found


def create_job(given: Mapping[str, str], by: By) -> int:
    """Make a job; its code stays as it is for good.

    Args:
        given: all its fields; the client and the parent by what the form tells of them.
        by: who makes it.

    Returns:
        Its id.

    Raises:
        NotValid: something cannot be kept as it was filled in.
    """
    with one_of_a_kind("The job", "code", _TAKEN), transaction():
        refuse("The job", job_faults(None, given))
        job = Job(code=given["code"])
        with db.session.no_autoflush:
            _assign(job, {}, given)
        db.session.add(job)
        db.session.flush()
        log_new(f"Job {job.code}", given, by, job.profit_centre.fin_co_id)
        return job.id


def save_job(job_id: int, given: Mapping[str, str], *, mark: str, by: By) -> bool:
    """Keep a job as it was filled in.

    Args:
        job_id: which job.
        given: all its fields; the code is as it was.
        mark: the fingerprint of what the person was shown.
        by: who saves it.

    Returns:
        Whether anything changed.

    Raises:
        ChangedMeanwhile: somebody else saved it in between.
        NotFound: there is no such job.
        NotValid: something cannot be kept as it was filled in.
    """
    with one_of_a_kind("The job", "profit_centre", _TAKEN), transaction():
        job = db.session.get(Job, job_id, with_for_update=True)
        if job is None:
            raise missing("job")
        kept = told(job)
        refuse(kept.name, job_faults(kept, given, job_id))
        client, parent = _client(kept.texts, given, job), _parent(kept.texts, given, job)
        wanted = {
            **given,
            "client": company_told(client) if client else "",
            "parent": job_told(parent) if parent else "",
        }
        if not differs(kept, wanted, mark):
            return False
        _assign(job, kept.texts, given)
        log_change(kept, wanted, by)
        return True


def _is_taken(given: Mapping[str, str], job_id: int | None) -> bool:
    alike = (
        sa.select(Job.id)
        .join(ProfitCentre, ProfitCentre.id == Job.profit_centre_id)
        .where(
            ProfitCentre.code == given["profit_centre"],
            Job.code == given["code"],
            Job.id != (job_id or 0),
        )
    )
    return db.session.scalar(alike) is not None


def _parent_fault(fin_co_id: int, text: str, job_id: int | None) -> str | None:
    called = jobs_called(fin_co_id, text)
    if len(called) != 1:
        return not_one_job(text, called)
    if job_id in up_from(called[0]):
        return f"{called[0].code} is this job or one of its own sub-jobs."
    return None


def _client(was: Mapping[str, str], given: Mapping[str, str], job: Job) -> Company | None:
    text = given["client"]
    if text == was.get("client", ""):
        return job.client
    fin_co_id = fin_co_of_centre(given["profit_centre"])
    return companies_called(fin_co_id, text)[0] if text and fin_co_id else None


def _parent(was: Mapping[str, str], given: Mapping[str, str], job: Job) -> Job | None:
    text = given["parent"]
    if text == was.get("parent", ""):
        return db.session.get(Job, job.parent_id) if job.parent_id else None
    fin_co_id = fin_co_of_centre(given["profit_centre"])
    return jobs_called(fin_co_id, text)[0] if text and fin_co_id else None


def _assign(job: Job, was: Mapping[str, str], given: Mapping[str, str]) -> None:
    client, parent = _client(was, given, job), _parent(was, given, job)
    job.description = given["description"]
    job.profit_centre = db.session.execute(
        sa.select(ProfitCentre).where(ProfitCentre.code == given["profit_centre"])
    ).scalar_one()
    job.client = client
    job.parent_id = parent.id if parent else None
    job.job_type = (
        db.session.scalar(sa.select(JobType).where(JobType.code == given["job_type"]))
        if given["job_type"]
        else None
    )
    ticked = set(several(given["groups"]))
    job.groups = [
        group for group in db.session.scalars(sa.select(JobGroup)) if group_told(group) in ticked
    ]
    job.active = given["active"] == TICKED
    job.dr_gl_account = given["dr_gl_account"] or None
    job.cr_gl_account = given["cr_gl_account"] or None
