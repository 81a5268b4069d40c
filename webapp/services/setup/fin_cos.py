"""Saving a Financial Company."""

from collections.abc import Mapping

import sqlalchemy as sa

from webapp.db import db, transaction
from webapp.domain.setup.fields import faults
from webapp.domain.setup.fin_cos import FIELDS, FIRST_FIELDS, first_faults
from webapp.models import Company, FinCo, Job, Location
from webapp.queries.setup.choices import job_told
from webapp.queries.setup.fin_cos import (
    companies_called,
    company_told,
    offered,
    told,
)
from webapp.queries.setup.jobs import jobs_called
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

_TAKEN = "There is a Financial Company of this code already. Choose another code."


def new_fin_co_faults(given: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with what was filled in for a new one, field by field."""
    choices = {name: {choice.value for choice in of} for name, of in offered().items()}
    found = faults(FIRST_FIELDS, given, choices)
    found = {**first_faults(given), **found}
    if "code" not in found and _is_taken(given["code"]):
        found["code"] = _TAKEN
    return found


def create_fin_co(given: Mapping[str, str], by: By) -> int:
    """Make a Financial Company; its code and its base currency stay as they are for good.

    Raises:
        NotValid: something cannot be kept as it was filled in.
    """
    with one_of_a_kind("The Financial Company", "code", _TAKEN), transaction():
        return make_fin_co(given, by)


def make_fin_co(given: Mapping[str, str], by: By) -> int:
    """The same inside a transaction that is open."""
    refuse("The Financial Company", new_fin_co_faults(given))
    fin_co = FinCo(
        code=given["code"],
        description=given["description"],
        base_currency_code=given["base_currency"],
        bank_account_no=given["bank_account_no"] or None,
        default_location=_location(given["default_location"]),
        inter_company_gl_account=given["inter_company_gl_account"] or None,
    )
    db.session.add(fin_co)
    db.session.flush()
    log_new(f"Financial Company {fin_co.code}", given, by, fin_co.id)
    return fin_co.id


def fin_co_faults(kept: Record, given: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with what was filled in, field by field."""
    choices = {name: {choice.value for choice in of} for name, of in offered().items()}
    found = faults(FIELDS, given, choices)
    text = given["template_company"]
    if text and text != kept.texts["template_company"] and "template_company" not in found:
        called = companies_called(_id(kept), text)
        if len(called) != 1:
            found["template_company"] = not_one_company(_id(kept), text, called)
    for name in ("retention_job", "stock_control_job"):
        text = given[name]
        if not text or text == kept.texts[name] or name in found:
            continue
        jobs = jobs_called(_id(kept), text)
        if len(jobs) != 1:
            found[name] = not_one_job(text, jobs)
        elif name == "stock_control_job" and not jobs[0].dr_gl_account:
            found[name] = (
                f"{jobs[0].code} has no DR GL Account, which is what stock comes out of. Fill it "
                "in on the job first."
            )
    return found


def save_fin_co(fin_co_id: int, given: Mapping[str, str], *, mark: str, by: By) -> bool:
    """Keep a Financial Company as it was filled in.

    Args:
        fin_co_id: which one.
        given: all its fields; the Template Company by its name, its account, or both as the form
            tells them.
        mark: the fingerprint of what the person was shown.
        by: who saves it.

    Returns:
        Whether anything changed.

    Raises:
        ChangedMeanwhile: somebody else saved it in between.
        NotFound: there is no such FinCo.
        NotValid: something cannot be kept as it was filled in.
    """
    with transaction():
        return change_fin_co(fin_co_id, given, mark=mark, by=by)


def change_fin_co(fin_co_id: int, given: Mapping[str, str], *, mark: str, by: By) -> bool:
    """The same inside a transaction that is open."""
    fin_co = db.session.get(FinCo, fin_co_id, with_for_update=True)
    if fin_co is None:
        raise missing("Financial Company")
    kept = told(fin_co)
    refuse(kept.name, fin_co_faults(kept, given))
    wanted = as_told(fin_co, kept, given)
    if not differs(kept, wanted, mark):
        return False
    retention = _retention_job(kept, fin_co, given["retention_job"])
    fin_co.description = given["description"]
    fin_co.bank_account_no = given["bank_account_no"] or None
    fin_co.default_location = _location(given["default_location"])
    fin_co.template_company = _template(kept, fin_co, given["template_company"])
    fin_co.retention_job_id = retention.id if retention else None
    fin_co.stock_control_job = _stock_control_job(kept, fin_co, given["stock_control_job"])
    fin_co.inter_company_gl_account = given["inter_company_gl_account"] or None
    log_change(kept, wanted, by)
    return True


def as_told(fin_co: FinCo, kept: Record, given: Mapping[str, str]) -> dict[str, str]:
    """What was filled in and has no fault, with its company and jobs as the form tells them."""
    template = _template(kept, fin_co, given["template_company"])
    retention = _retention_job(kept, fin_co, given["retention_job"])
    stock_control = _stock_control_job(kept, fin_co, given["stock_control_job"])
    return {
        **given,
        "template_company": company_told(template) if template else "",
        "retention_job": job_told(retention) if retention else "",
        "stock_control_job": job_told(stock_control) if stock_control else "",
    }


def _is_taken(code: str) -> bool:
    alike = sa.func.lower(FinCo.code) == code.lower()
    return db.session.scalar(sa.select(sa.exists().where(alike))) is True


def _location(code: str) -> Location | None:
    return db.session.scalar(sa.select(Location).where(Location.code == code)) if code else None


def _id(kept: Record) -> int:
    assert kept.fin_co_id is not None
    return kept.fin_co_id


def _retention_job(kept: Record, fin_co: FinCo, text: str) -> Job | None:
    if text == kept.texts["retention_job"]:
        return db.session.get(Job, fin_co.retention_job_id) if fin_co.retention_job_id else None
    return jobs_called(fin_co.id, text)[0] if text else None


def _template(kept: Record, fin_co: FinCo, text: str) -> Company | None:
    if text == kept.texts["template_company"]:
        return fin_co.template_company
    return companies_called(fin_co.id, text)[0] if text else None


def _stock_control_job(kept: Record, fin_co: FinCo, text: str) -> Job | None:
    if text == kept.texts["stock_control_job"]:
        return fin_co.stock_control_job
    return jobs_called(fin_co.id, text)[0] if text else None
