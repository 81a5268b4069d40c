"""What the boxes of a document can be filled with."""

from collections import Counter

import sqlalchemy as sa

from webapp.db import db
from webapp.domain.documents import DocumentKind
from webapp.domain.entry.kinds import CREDITED_BY, SALES
from webapp.models import (
    Activity,
    Batch,
    Company,
    Currency,
    Document,
    GstType,
    Job,
    ProfitCentre,
    SalesCode,
)
from webapp.queries.documents.kept import job_told
from webapp.queries.setup.fin_cos import company_told
from webapp.queries.setup.records import Choice

MOST_OFFERED = 20
MOST_LISTED = 500
"""As many as a page without JavaScript carries along; further ones are typed."""


def parties(
    fin_co_id: int, kind: DocumentKind, text: str, most: int = MOST_OFFERED
) -> tuple[Choice, ...]:
    """Active suppliers or clients of a FinCo whose name or account holds the text, by name."""
    sells = kind in SALES
    fits = Company.is_client if sells else sa.or_(Company.is_supplier, Company.is_subcontractor)
    searched = (Company.name, Company.ar_account if sells else Company.ap_account)
    rows = db.session.scalars(
        sa.select(Company)
        .where(
            Company.fin_co_id == fin_co_id,
            Company.active,
            fits,
            sa.or_(*(column.icontains(text.strip(), autoescape=True) for column in searched)),
        )
        .order_by(Company.name, Company.id)
        .limit(most)
    )
    return tuple(Choice(company_told(company), company.name) for company in rows)


def jobs(fin_co_id: int, text: str, most: int = MOST_OFFERED) -> tuple[Choice, ...]:
    """Active jobs of a FinCo whose code or description holds the text, by code."""
    text = text.strip()
    rows = db.session.scalars(
        sa.select(Job)
        .join(Job.profit_centre)
        .where(
            ProfitCentre.fin_co_id == fin_co_id,
            Job.active,
            sa.or_(
                Job.code.icontains(text, autoescape=True),
                Job.description.icontains(text, autoescape=True),
            ),
        )
        .order_by(Job.code, ProfitCentre.code)
        .limit(most)
    ).all()
    several = sa.select(Job.code).join(Job.profit_centre)
    codes = db.session.scalars(
        several.where(ProfitCentre.fin_co_id == fin_co_id, Job.code.in_([job.code for job in rows]))
    )
    twice = {code for code, count in Counter(codes).items() if count > 1}
    return tuple(Choice(job_told(job, twice), job.description) for job in rows)


def codes(kind: DocumentKind, text: str, most: int = MOST_OFFERED) -> tuple[Choice, ...]:
    """Active activities, or sales codes for a sales document, that hold the text, by code."""
    model = SalesCode if kind in SALES else Activity
    text = text.strip()
    rows = db.session.execute(
        sa.select(model.code, model.description)
        .where(
            model.active,
            sa.or_(
                model.code.icontains(text, autoescape=True),
                model.description.icontains(text, autoescape=True),
            ),
        )
        .order_by(model.code)
        .limit(most)
    )
    return tuple(Choice(code, description) for code, description in rows)


def invoices(
    fin_co_id: int, kind: DocumentKind, company_id: int | None, text: str
) -> tuple[Choice, ...]:
    """Invoices that a credit of this kind may be applied to, newest first."""
    if kind not in CREDITED_BY or (company_id is None and kind not in SALES):
        return ()
    found = (
        sa.select(Document.number, Document.document_date, Company.name)
        .join(Document.batch)
        .join(Document.company)
        .where(
            Batch.fin_co_id == fin_co_id,
            Document.kind == CREDITED_BY[kind],
            Document.number.icontains(text.strip(), autoescape=True),
        )
        .order_by(Document.document_date.desc(), Document.id.desc())
        .limit(MOST_OFFERED)
    )
    if company_id is not None:
        found = found.where(Document.company_id == company_id)
    return tuple(
        Choice(number, f"{name}, {date.isoformat()}")
        for number, date, name in db.session.execute(found)
    )


def gst_types(kind: DocumentKind) -> tuple[Choice, ...]:
    """GST Types used for purchases, or for sales, by code."""
    used = GstType.use_for_ar if kind in SALES else GstType.use_for_ap
    rows = db.session.execute(
        sa.select(GstType.code, GstType.description).where(used).order_by(GstType.code)
    )
    return tuple(Choice(code, f"{code}: {description}") for code, description in rows)


def currencies() -> tuple[Choice, ...]:
    """Active currencies, by code."""
    rows = db.session.execute(
        sa.select(Currency.code, Currency.description)
        .where(Currency.active)
        .order_by(Currency.code)
    )
    return tuple(Choice(code, f"{code}: {description}") for code, description in rows)


def uid_of(
    fin_co_id: int, kinds: frozenset[DocumentKind], number: str, company_id: int | None
) -> tuple[str, str] | None:
    """The mark and the batch number of the document that has a number already."""
    found = (
        sa.select(Document.uid, Batch.number)
        .join(Document.batch)
        .where(
            Batch.fin_co_id == fin_co_id,
            Document.kind.in_(sorted(kinds)),
            Document.number == number,
        )
        .limit(1)
    )
    if company_id is not None:
        found = found.where(Document.company_id == company_id)
    row = db.session.execute(found).first()
    return (row[0], row[1]) if row else None
