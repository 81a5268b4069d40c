"""Master records: those of a FinCo, and those that all FinCos share."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from webapp.db import db
from webapp.domain.fingerprints import fingerprint
from webapp.models import Activity, Company, FinCo, GlAccount, Job, ProfitCentre
from webapp.queries.api.listing import Listed, listed
from webapp.queries.viewers import Viewer


@dataclass(frozen=True)
class CompanyRow:
    """A client, supplier or subcontractor."""

    id: int
    fin_co: str
    name: str
    alpha_code: str | None
    ap_account: str | None
    ar_account: str | None
    is_client: bool
    is_supplier: bool
    is_subcontractor: bool
    active: bool
    currency: str | None
    payment_terms_days: int | None
    payment_terms_type: str | None
    tax_number: str | None
    email: str | None
    phone: str | None
    address: str | None
    mark: str
    """Its fingerprint, of everything that is kept of it."""


@dataclass(frozen=True)
class JobRow:
    """A job, in a profit centre of the FinCo."""

    id: int
    fin_co: str
    profit_centre: str
    code: str
    description: str
    job_type: str | None
    client_id: int | None
    parent_id: int | None
    """The job it is part of."""
    dr_gl_account: str | None
    cr_gl_account: str | None
    active: bool
    mark: str
    """Its fingerprint, of everything that is kept of it."""


@dataclass(frozen=True)
class ActivityRow:
    """A cost code, shared by all FinCos."""

    code: str
    description: str
    code_type: str
    dr_gl_account: str | None
    cr_gl_account: str | None
    gst_type: str | None
    work_centre: str | None
    sales_code: str | None
    unit: str | None
    cost_rate: Decimal | None
    active: bool
    mark: str
    """Its fingerprint, of everything that is kept of it."""


@dataclass(frozen=True)
class ProfitCentreRow:
    """A profit centre."""

    code: str
    fin_co: str
    description: str
    location: str
    export_code: str | None
    gl_prefix: str | None
    gl_suffix: str | None


@dataclass(frozen=True)
class GlAccountRow:
    """An account of a FinCo's chart."""

    id: int
    fin_co: str
    code: str
    description: str
    section: str
    subsection: str | None
    category: str | None
    active: bool


@dataclass(frozen=True)
class PeriodRow:
    """A financial period, and for what it is closed."""

    year: int
    number: int
    start_date: dt.date
    end_date: dt.date
    is_current: bool
    closed: tuple[str, ...]


def mark_of(record: Company | Job | Activity) -> str:
    """The fingerprint of a record: another one as soon as anything kept of it is another."""
    columns = type(record).__mapper__.column_attrs
    return fingerprint({one.key: getattr(record, one.key) for one in columns})


def companies(
    viewer: Viewer, *, fin_co: str | None, account: str | None, limit: int, offset: int
) -> Listed[CompanyRow]:
    """A page of the companies; ``account`` asks for those with this AP or AR Account."""
    statement = sa.select(Company).where(viewer.scope(Company.fin_co_id))
    if account is not None:
        statement = statement.where(
            sa.or_(Company.ap_account == account, Company.ar_account == account)
        )
    if fin_co is not None:
        statement = statement.where(Company.fin_co.has(FinCo.code == fin_co))
    statement = statement.options(joinedload(Company.fin_co))
    return listed(statement, [Company.id], _company, limit=limit, offset=offset)


def company(viewer: Viewer, company_id: int) -> CompanyRow | None:
    """The company of that id, if it may be seen."""
    found = db.session.scalar(
        sa.select(Company)
        .where(Company.id == company_id, viewer.scope(Company.fin_co_id))
        .execution_options(populate_existing=True)
    )
    return _company(found) if found else None


def jobs(
    viewer: Viewer, *, fin_co: str | None, code: str | None, limit: int, offset: int
) -> Listed[JobRow]:
    """A page of the jobs."""
    statement = _jobs(viewer)
    if code is not None:
        statement = statement.where(Job.code == code)
    if fin_co is not None:
        statement = statement.where(ProfitCentre.fin_co.has(FinCo.code == fin_co))
    return listed(statement, [Job.id], _job, limit=limit, offset=offset)


def job(viewer: Viewer, job_id: int) -> JobRow | None:
    """The job of that id, if it may be seen."""
    found = db.session.scalar(
        _jobs(viewer).where(Job.id == job_id).execution_options(populate_existing=True)
    )
    return _job(found) if found else None


def activities(*, limit: int, offset: int) -> Listed[ActivityRow]:
    """A page of the activities."""
    return listed(_activities(), [Activity.code], _activity, limit=limit, offset=offset)


def activity(code: str) -> ActivityRow | None:
    """The activity of that code."""
    found = db.session.scalar(
        _activities().where(Activity.code == code).execution_options(populate_existing=True)
    )
    return _activity(found) if found else None


def profit_centres(
    viewer: Viewer, *, code: str | None = None, limit: int, offset: int
) -> Listed[ProfitCentreRow]:
    """A page of the profit centres, or the one of that code."""
    statement = (
        sa.select(ProfitCentre)
        .where(viewer.scope(ProfitCentre.fin_co_id))
        .options(joinedload(ProfitCentre.fin_co), joinedload(ProfitCentre.location))
    )
    if code is not None:
        statement = statement.where(ProfitCentre.code == code)
    return listed(statement, [ProfitCentre.code], _profit_centre, limit=limit, offset=offset)


def gl_accounts(
    viewer: Viewer, *, account_id: int | None = None, limit: int, offset: int
) -> Listed[GlAccountRow]:
    """A page of the GL accounts, or the one of that id."""
    statement = (
        sa.select(GlAccount, FinCo.code)
        .join(FinCo, FinCo.id == GlAccount.fin_co_id)
        .where(viewer.scope(GlAccount.fin_co_id))
    )
    if account_id is not None:
        statement = statement.where(GlAccount.id == account_id)
    count = db.session.scalar(sa.select(sa.func.count()).select_from(statement.subquery()))
    rows = db.session.execute(statement.order_by(GlAccount.id).limit(limit).offset(offset))
    return tuple(_gl_account(account, fin_co) for account, fin_co in rows), count or 0


def _company(found: Company) -> CompanyRow:
    return CompanyRow(
        fin_co=found.fin_co.code,
        currency=found.currency_code,
        mark=mark_of(found),
        **_same(found, CompanyRow, but=("fin_co", "currency", "mark")),
    )


def _jobs(viewer: Viewer) -> sa.Select[Job]:
    return (
        sa.select(Job)
        .join(Job.profit_centre)
        .where(viewer.scope(ProfitCentre.fin_co_id))
        .options(
            joinedload(Job.profit_centre).joinedload(ProfitCentre.fin_co),
            joinedload(Job.job_type),
        )
    )


def _job(found: Job) -> JobRow:
    return JobRow(
        fin_co=found.profit_centre.fin_co.code,
        profit_centre=found.profit_centre.code,
        job_type=found.job_type.code if found.job_type else None,
        mark=mark_of(found),
        **_same(found, JobRow, but=("fin_co", "profit_centre", "job_type", "mark")),
    )


def _activities() -> sa.Select[Activity]:
    return sa.select(Activity).options(
        joinedload(Activity.gst_type),
        joinedload(Activity.work_centre),
        joinedload(Activity.sales_code),
    )


def _activity(found: Activity) -> ActivityRow:
    return ActivityRow(
        gst_type=found.gst_type.code if found.gst_type else None,
        work_centre=found.work_centre.code if found.work_centre else None,
        sales_code=found.sales_code.code if found.sales_code else None,
        mark=mark_of(found),
        **_same(found, ActivityRow, but=("gst_type", "work_centre", "sales_code", "mark")),
    )


def _profit_centre(found: ProfitCentre) -> ProfitCentreRow:
    return ProfitCentreRow(
        fin_co=found.fin_co.code,
        location=found.location.code,
        **_same(found, ProfitCentreRow, but=("fin_co", "location")),
    )


def _gl_account(found: GlAccount, fin_co: str) -> GlAccountRow:
    return GlAccountRow(fin_co=fin_co, **_same(found, GlAccountRow, but=("fin_co",)))


def _same(found: Any, row: Any, *, but: tuple[str, ...]) -> dict[str, Any]:
    """The members that a row has under the record's own names."""
    names = [name for name in row.__dataclass_fields__ if name not in but]
    return {name: getattr(found, name) for name in names}
