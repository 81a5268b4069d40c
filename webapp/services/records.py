"""Companies, jobs and activities as other systems make and change them."""

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from webapp.db import Base, db, transaction
from webapp.domain.entry.findings import Finding, Findings
from webapp.domain.setup.activities import FIELDS, PURCHASE, dropped, foreign
from webapp.domain.setup.companies import ROLES, with_role
from webapp.domain.setup.fields import account_faults
from webapp.domain.setup.jobs import FIELDS as JOB_FIELDS
from webapp.models import (
    Activity,
    Company,
    Currency,
    GstType,
    Job,
    JobType,
    ProfitCentre,
    SalesCode,
    WorkCentre,
)
from webapp.queries.api.records import mark_of
from webapp.queries.setup.jobs import up_from
from webapp.services import audit
from webapp.services.company_rules import faults_of, template_values
from webapp.services.documents.refused import Refused
from webapp.services.errors import ChangedMeanwhile, NotAllowedNow, NotFound
from webapp.services.setup.activities import is_taken

Record = TypeVar("Record", Company, Job, Activity)
_WAY_OUT = "Correct it, or make that record first."


@dataclass(frozen=True)
class By:
    """Who changes a record, whence and when."""

    source: str
    at: dt.datetime


def create_company(fin_co_id: int, given: Mapping[str, Any], by: By) -> int:
    """Make a company of a FinCo; give its id.

    Raises:
        Refused: what is given cannot be kept.
    """
    with _unique("company"), transaction():
        company = Company(fin_co_id=fin_co_id)
        with db.session.no_autoflush:
            _fill(company, _company_values(fin_co_id, None, given))
        return _made(company, fin_co_id, f"Company {company.name}", given, by)


def update_company(
    company_id: int, given: Mapping[str, Any], by: By, *, seen: str | None = None
) -> None:
    """Change what is given of a company; the rest stays.

    Raises:
        Refused: what is given cannot be kept.
        NotFound: there is no such company.
        ChangedMeanwhile: it is no longer as it was seen, by its fingerprint ``seen``.
    """
    with _unique("company"), transaction():
        company = _held(Company, company_id, seen)
        values = _company_values(company.fin_co_id, company, given)
        _change(company, company.fin_co_id, f"Company {company.name}", values, by)


def create_job(fin_co_id: int, given: Mapping[str, Any], by: By) -> int:
    """Make a job in a profit centre of a FinCo; raises as ``create_company`` does."""
    with _unique("job"), transaction():
        job = Job()
        _fill(job, _job_values(fin_co_id, None, given))
        return _made(job, fin_co_id, f"Job {job.code}", given, by)


def update_job(
    fin_co_id: int, job_id: int, given: Mapping[str, Any], by: By, *, seen: str | None = None
) -> None:
    """Change what is given of a job; raises as ``update_company`` does."""
    with _unique("job"), transaction():
        job = _held(Job, job_id, seen)
        _change(job, fin_co_id, f"Job {job.code}", _job_values(fin_co_id, job, given), by)


def create_activity(given: Mapping[str, Any], by: By) -> int:
    """Make an activity, which all FinCos share; raises as ``create_company`` does."""
    with _unique("activity"), transaction():
        values = _activity_values(None, given)
        if is_taken(values["code"]):
            raise Refused([_taken("activity", "code", values["code"])])
        activity = Activity()
        _fill(activity, values)
        return _made(activity, None, f"Activity {activity.code}", given, by)


def update_activity(
    code: str, given: Mapping[str, Any], by: By, *, seen: str | None = None
) -> None:
    """Change what is given of an activity; raises as ``update_company`` does."""
    with transaction():
        activity = _held(Activity, _id_of(Activity, Activity.code, code), seen)
        _change(activity, None, f"Activity {code}", _activity_values(activity, given), by)


@contextmanager
def _unique(record: str) -> Iterator[None]:
    """Say what a unique index found that another write put in just before."""
    try:
        yield
    except IntegrityError:
        raise NotAllowedNow(
            f"Somebody else gave another {record} the same code or account at this moment.",
            "Look at that record, then send yours again.",
        ) from None


def _company_values(
    fin_co_id: int, company: Company | None, given: Mapping[str, Any]
) -> dict[str, Any]:
    values = dict(given)
    findings = Findings("company")
    if "currency" in values:
        code = values.pop("currency")
        values["currency_code"] = code
        if code is not None and db.session.get(Currency, code) is None:
            findings.add(
                ("currency",), "unknown-currency", f"There is no currency {code}.", _WAY_OUT
            )
    if company is None:
        values = {**template_values(fin_co_id), **with_role(values)}
    whole = {**{name: getattr(company, name) for name in ROLES if company}, **values}
    changed = {
        name for name, value in values.items() if not company or getattr(company, name) != value
    }
    _add(findings, faults_of(fin_co_id, company, whole, changed | set(() if company else ROLES)))
    _refuse(findings)
    return values


def _job_values(fin_co_id: int, job: Job | None, given: Mapping[str, Any]) -> dict[str, Any]:
    values = dict(given)
    findings = Findings("job")
    if "profit_centre" in values:
        code = values.pop("profit_centre")
        mine = ProfitCentre.fin_co_id == fin_co_id
        values["profit_centre_id"] = _id_of(ProfitCentre, ProfitCentre.code, code, mine)
        if values["profit_centre_id"] is None:
            findings.add(
                ("profit_centre",),
                "unknown-profit-centre",
                f"There is no profit centre {code} in this FinCo.",
                _WAY_OUT,
            )
    _related(values, findings, "job_type", JobType)
    client = values.get("client_id")
    if client is not None:
        mine = Company.fin_co_id == fin_co_id
        if _id_of(Company, Company.id, client, mine) is None:
            findings.add(
                ("client_id",),
                "unknown-company",
                f"There is no company {client} in this FinCo.",
                _WAY_OUT,
            )
    _check_parent(fin_co_id, job, values.get("parent_id"), findings)
    _add(findings, account_faults(JOB_FIELDS, values))
    _refuse(findings)
    centre = values.get("profit_centre_id", job.profit_centre_id if job else None)
    code = values.get("code", job.code if job else None)
    same = Job.profit_centre_id == centre, Job.id != (job.id if job else 0)
    if _id_of(Job, Job.code, code, *same) is not None:
        raise Refused([_taken("job", "code", str(code))])
    return values


def _check_parent(
    fin_co_id: int, job: Job | None, parent_id: int | None, findings: Findings
) -> None:
    if parent_id is None:
        return
    parent = db.session.get(Job, parent_id)
    if parent is None or parent.profit_centre.fin_co_id != fin_co_id:
        findings.add(
            ("parent_id",),
            "unknown-job",
            f"There is no job {parent_id} in this FinCo.",
            _WAY_OUT,
        )
    elif job is not None and job.id in up_from(parent):
        findings.add(
            ("parent_id",),
            "part-of-itself",
            f"Job {parent.code} is this job or one of its own sub-jobs.",
            "Give another one, or null where it is part of none.",
        )


def _activity_values(activity: Activity | None, given: Mapping[str, Any]) -> dict[str, Any]:
    values = dict(given)
    before = activity.code_type if activity else None
    code_type = str(values.get("code_type") or before or PURCHASE)
    findings = Findings("activity")
    _add(findings, account_faults(FIELDS, values) | foreign(code_type, values))
    values = {**dict.fromkeys(dropped(before, code_type)), **values}
    if values.get("include_in_payroll", False) is None:
        values["include_in_payroll"] = False
    _related(values, findings, "gst_type", GstType)
    _related(values, findings, "work_centre", WorkCentre)
    _related(values, findings, "sales_code", SalesCode)
    _refuse(findings)
    return values


def _related(values: dict[str, Any], findings: Findings, name: str, model: Any) -> None:
    """Put the id of a record in the place of its code."""
    if name not in values:
        return
    code = values.pop(name)
    values[f"{name}_id"] = None if code is None else _id_of(model, model.code, code)
    if code is not None and values[f"{name}_id"] is None:
        word = name.replace("_", " ")
        findings.add(
            (name,), f"unknown-{name.replace('_', '-')}", f"There is no {word} {code}.", _WAY_OUT
        )


def _id_of(model: Any, column: Any, key: object, *more: Any) -> int | None:
    found: int | None = db.session.scalar(sa.select(model.id).where(column == key, *more))
    return found


def _held(model: type[Record], key: int | None, seen: str | None) -> Record:
    found = (
        None
        if key is None
        else db.session.get(model, key, with_for_update=True, populate_existing=True)
    )
    if found is None:
        raise NotFound("There is no such record.", "Check its address.")
    if seen is not None and mark_of(found) != seen:
        raise ChangedMeanwhile(
            "Somebody else changed the record at this moment, so nothing was changed.",
            "Read it again, look at what is new, then send the change anew.",
        )
    return found


def _fill(record: Base, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(record, name, value)


def _made(
    record: Company | Job | Activity,
    fin_co_id: int | None,
    name: str,
    given: Mapping[str, Any],
    by: By,
) -> int:
    db.session.add(record)
    db.session.flush()
    _log("add set-up", fin_co_id, name, audit.changes({}, _told(given)), by)
    return record.id


def _change(
    record: Company | Job | Activity,
    fin_co_id: int | None,
    name: str,
    values: Mapping[str, Any],
    by: By,
) -> None:
    before = {key: getattr(record, key) for key in values}
    changes = audit.changes(_told(before), _told(values))
    if changes:
        _fill(record, values)
        db.session.flush()
        _log("change set-up", fin_co_id, name, changes, by)


def _log(action: str, fin_co_id: int | None, name: str, changes: Mapping[str, Any], by: By) -> None:
    audit.record(
        at=by.at,
        user_id=None,
        fin_co_id=fin_co_id,
        action=action,
        source=by.source,
        detail={"record": name, **changes},
    )


def _told(values: Mapping[str, Any]) -> dict[str, object]:
    plain = (str, int, bool, type(None))
    return {
        name: value if isinstance(value, plain) else str(value) for name, value in values.items()
    }


def _taken(record: str, field: str, code: str) -> Finding:
    findings = Findings(f"{record} {code}")
    findings.add(
        (field,), "code-in-use", f"There is a {record} {code} already.", "Choose another code."
    )
    return findings.found[0]


def _add(findings: Findings, faults: Mapping[str, str]) -> None:
    for name, fault in faults.items():
        findings.add((name,), "not-valid", fault, _WAY_OUT)


def _refuse(findings: Findings) -> None:
    if findings.found:
        raise Refused(findings.found)
