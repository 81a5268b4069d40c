"""Companies, jobs and activities: list, get, make, change."""

from http import HTTPStatus
from typing import Any

from flask import url_for

from webapp.api.guard import caller, fin_co
from webapp.api.operations import blueprint, operation
from webapp.api.paging import PageQuery, page_of, paged
from webapp.api.preconditions import seen, tagged
from webapp.api.schemas.records import (
    ActivityAnswer,
    ActivityBody,
    ActivityChange,
    CompanyAnswer,
    CompanyBody,
    CompanyChange,
    CompanyQuery,
    JobAnswer,
    JobBody,
    JobChange,
    JobQuery,
)
from webapp.deps import current_deps
from webapp.domain.access import Permission
from webapp.queries.api import records as read
from webapp.queries.api.records import ActivityRow, CompanyRow, JobRow
from webapp.services import records
from webapp.services.errors import NotFound
from webapp.services.records import By

part = blueprint("records", "Companies and jobs of a FinCo, and activities, which all share.")


@operation(part, "GET", "/companies", needs=Permission.VIEW, query=CompanyQuery,
           answer=page_of(CompanyAnswer), found_or_404=True)  # fmt: skip
def list_companies(query: dict[str, Any]) -> Any:
    """A page of companies."""
    code = query.get("fin_co")
    if code is not None:
        fin_co(code)
    return paged(
        query,
        lambda asked: read.companies(
            caller().viewer,
            fin_co=code,
            account=query.get("account"),
            limit=asked.page_size,
            offset=asked.offset,
        ),
    )


@operation(part, "POST", "/companies", needs=Permission.EDIT_COMPANIES, body=CompanyBody,
           answer=CompanyAnswer, status=HTTPStatus.CREATED, found_or_404=True,
           tagged=True)  # fmt: skip
def create_company(body: dict[str, Any]) -> Any:
    """The company that was made."""
    company_id = records.create_company(fin_co(body.pop("fin_co")).id, body, _by())
    address = url_for("api-records.get_company", company_id=company_id)
    return tagged(_company(company_id), HTTPStatus.CREATED, Location=address)


@operation(part, "GET", "/companies/<int:company_id>", needs=Permission.VIEW,
           answer=CompanyAnswer, tagged=True)  # fmt: skip
def get_company(company_id: int) -> Any:
    """One company."""
    return tagged(_company(company_id))


@operation(part, "PATCH", "/companies/<int:company_id>",
           needs=Permission.EDIT_COMPANIES, body=CompanyChange, answer=CompanyAnswer,
           tagged=True)  # fmt: skip
def change_company(body: dict[str, Any], company_id: int) -> Any:
    """The company with what was sent changed."""
    before = _company(company_id)
    records.update_company(company_id, body, _by(), seen=seen(before))
    return tagged(_company(company_id))


@operation(part, "GET", "/jobs", needs=Permission.VIEW, query=JobQuery,
           answer=page_of(JobAnswer), found_or_404=True)  # fmt: skip
def list_jobs(query: dict[str, Any]) -> Any:
    """A page of jobs."""
    code = query.get("fin_co")
    if code is not None:
        fin_co(code)
    return paged(
        query,
        lambda asked: read.jobs(
            caller().viewer,
            fin_co=code,
            code=query.get("code"),
            limit=asked.page_size,
            offset=asked.offset,
        ),
    )


@operation(part, "POST", "/jobs", needs=Permission.SET_UP, body=JobBody, answer=JobAnswer,
           status=HTTPStatus.CREATED, found_or_404=True, tagged=True)  # fmt: skip
def create_job(body: dict[str, Any]) -> Any:
    """The job that was made."""
    job_id = records.create_job(fin_co(body.pop("fin_co")).id, body, _by())
    address = url_for("api-records.get_job", job_id=job_id)
    return tagged(_job(job_id), HTTPStatus.CREATED, Location=address)


@operation(part, "GET", "/jobs/<int:job_id>", needs=Permission.VIEW,
           answer=JobAnswer, tagged=True)  # fmt: skip
def get_job(job_id: int) -> Any:
    """One job."""
    return tagged(_job(job_id))


@operation(part, "PATCH", "/jobs/<int:job_id>", needs=Permission.SET_UP,
           body=JobChange, answer=JobAnswer, tagged=True)  # fmt: skip
def change_job(body: dict[str, Any], job_id: int) -> Any:
    """The job with what was sent changed."""
    before = _job(job_id)
    records.update_job(fin_co(before.fin_co).id, job_id, body, _by(), seen=seen(before))
    return tagged(_job(job_id))


@operation(part, "GET", "/activities", needs=Permission.VIEW, query=PageQuery,
           answer=page_of(ActivityAnswer))  # fmt: skip
def list_activities(query: dict[str, Any]) -> Any:
    """A page of activities."""
    return paged(query, lambda asked: read.activities(limit=asked.page_size, offset=asked.offset))


@operation(part, "POST", "/activities", needs=Permission.SET_UP, body=ActivityBody,
           answer=ActivityAnswer, status=HTTPStatus.CREATED, tagged=True)  # fmt: skip
def create_activity(body: dict[str, Any]) -> Any:
    """The activity that was made."""
    records.create_activity(body, _by())
    address = url_for("api-records.get_activity", code=body["code"])
    return tagged(_activity(body["code"]), HTTPStatus.CREATED, Location=address)


@operation(part, "GET", "/activities/<code>", needs=Permission.VIEW, answer=ActivityAnswer,
           tagged=True)  # fmt: skip
def get_activity(code: str) -> Any:
    """One activity."""
    return tagged(_activity(code))


@operation(part, "PATCH", "/activities/<code>", needs=Permission.SET_UP,
           body=ActivityChange, answer=ActivityAnswer, tagged=True)  # fmt: skip
def change_activity(body: dict[str, Any], code: str) -> Any:
    """The activity with what was sent changed."""
    records.update_activity(code, body, _by(), seen=seen(_activity(code)))
    return tagged(_activity(code))


def _by() -> By:
    return By(caller().source, current_deps().clock())


def _company(company_id: int) -> CompanyRow:
    found = read.company(caller().viewer, company_id)
    if found is None:
        raise NotFound(f"There is no company {company_id} for this token.", "Check its id.")
    return found


def _job(job_id: int) -> JobRow:
    found = read.job(caller().viewer, job_id)
    if found is None:
        raise NotFound(f"There is no job {job_id} for this token.", "Check its id.")
    return found


def _activity(code: str) -> ActivityRow:
    found = read.activity(code)
    if found is None:
        raise NotFound(f"There is no activity {code}.", "Check its code.")
    return found
