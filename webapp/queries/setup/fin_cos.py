"""The Financial Companies: their list, and one of them in its form."""

import sqlalchemy as sa

from webapp.db import db
from webapp.domain.setup.fields import text_of
from webapp.models import Company, FinCo, Job, Location
from webapp.queries.setup import choices
from webapp.queries.setup.choices import job_told
from webapp.queries.setup.listing import Column, Table
from webapp.queries.setup.records import Choice, Record
from webapp.queries.viewers import Viewer

MOST_OFFERED = 20


def table(viewer: Viewer) -> Table:
    """The FinCos a person sees (workbench 2.4)."""
    return Table(
        columns={
            "code": Column("Code", FinCo.code, searched=True),
            "description": Column("Description", FinCo.description, searched=True),
            "base_currency": Column("Base currency", FinCo.base_currency_code),
            "bank_account_no": Column("Bank Account No", FinCo.bank_account_no, searched=True),
            "default_location": Column("Default Location", Location.code),
            "template_company": Column("Template Company", Company.name, searched=True),
            "inter_company": Column("Inter-Company GL Account", FinCo.inter_company_gl_account),
        },
        rows=sa.select(FinCo.id)
        .outerjoin(Location, Location.id == FinCo.default_location_id)
        .outerjoin(Company, Company.id == FinCo.template_company_id)
        .where(viewer.scope(FinCo.id)),
        key=FinCo.code,
    )


def record(viewer: Viewer, code: str) -> Record | None:
    """A FinCo in its form; None where this person may not see it."""
    fin_co = db.session.scalar(sa.select(FinCo).where(FinCo.code == code, viewer.scope(FinCo.id)))
    return told(fin_co) if fin_co else None


def told(fin_co: FinCo) -> Record:
    """The same of a row at hand."""
    location, template = fin_co.default_location, fin_co.template_company
    stock_control = fin_co.stock_control_job
    retention = db.session.get(Job, fin_co.retention_job_id) if fin_co.retention_job_id else None
    return Record(
        f"Financial Company {fin_co.code}",
        {
            "description": fin_co.description,
            "bank_account_no": text_of(fin_co.bank_account_no),
            "default_location": location.code if location else "",
            "template_company": company_told(template) if template else "",
            "retention_job": job_told(retention) if retention else "",
            "inter_company_gl_account": text_of(fin_co.inter_company_gl_account),
            "stock_control_job": job_told(stock_control) if stock_control else "",
        },
        {"Code": fin_co.code, "Base currency": fin_co.base_currency_code},
        fin_co.id,
    )


def offered() -> dict[str, tuple[Choice, ...]]:
    """What each field that is chosen can be chosen from."""
    return {"default_location": choices.locations()}


def companies_like(fin_co_id: int, text: str) -> tuple[Choice, ...]:
    """Companies of a FinCo whose name or account holds the text, by name."""
    text = text.strip()
    rows = db.session.scalars(
        sa.select(Company)
        .where(
            Company.fin_co_id == fin_co_id,
            Company.active,
            sa.or_(
                *(
                    column.icontains(text, autoescape=True)
                    for column in (Company.name, Company.ap_account, Company.ar_account)
                )
            ),
        )
        .order_by(Company.name, Company.id)
        .limit(MOST_OFFERED)
    )
    return tuple(Choice(company_told(company), company.name) for company in rows)


def companies_called(fin_co_id: int, text: str) -> tuple[Company, ...]:
    """The active companies of a FinCo whose name or account is the text, or is told as it."""
    named = sa.or_(Company.name == text, Company.ap_account == text, Company.ar_account == text)
    name, separator, account = text.rpartition(" · ")
    if separator:
        of_account = sa.or_(
            Company.ap_account == account,
            Company.ar_account == account,
            sa.cast(Company.id, sa.String) == account.removeprefix("#"),
        )
        named = sa.or_(named, sa.and_(Company.name == name, of_account))
    return tuple(
        db.session.scalars(
            sa.select(Company)
            .where(Company.fin_co_id == fin_co_id, Company.active, named)
            .order_by(Company.id)
        )
    )


def company_told(company: Company) -> str:
    """A company by its name and account: names alone are not always different."""
    return f"{company.name} · {company.ap_account or company.ar_account or f'#{company.id}'}"
