"""Demo data: enough of two firms to connect, import and export within minutes."""

import calendar
import datetime as dt
import uuid
from decimal import Decimal
from typing import TypeVar

import sqlalchemy as sa

from webapp.db import Base, db, transaction
from webapp.domain.batches import BatchStatus, BatchType
from webapp.domain.documents import DocumentKind, DocumentStatus
from webapp.domain.money import gst_of, total
from webapp.models import (
    Activity,
    Batch,
    Company,
    Currency,
    Document,
    DocumentLine,
    FinCo,
    GlAccount,
    GstType,
    Job,
    JobGroup,
    JobType,
    Location,
    Period,
    ProfitCentre,
    SalesCode,
    User,
    WorkCentre,
    XeroSettings,
)
from webapp.services import demo_data
from webapp.services.batches import new_batch

FIRST_MONTH = 4
"""Financial years run April to March and are named after the year they end in."""
DEMO_GST = "AG10"

_Coded = TypeVar("_Coded", bound=Base)


def load(now: dt.datetime) -> bool:
    """Fill an empty database; one that holds a FinCo or a user is left as it is.

    Returns:
        Whether anything was loaded.
    """
    with transaction():
        occupied = sa.select(sa.exists(sa.select(FinCo.id)) | sa.exists(sa.select(User.id)))
        if db.session.scalar(occupied):
            return False
        _periods(now.date())
        _codes()
        _fin_cos()
        _jobs()
        db.session.flush()
        for batch in demo_data.BATCHES:
            _batch(batch, now)
    return True


def _periods(today: dt.date) -> None:
    this_year = today.year + (1 if today.month >= FIRST_MONTH else 0)
    for year in range(this_year - 1, this_year + 3):
        for number in range(1, 13):
            month = (FIRST_MONTH + number - 2) % 12 + 1
            calendar_year = year - 1 if month >= FIRST_MONTH else year
            start = dt.date(calendar_year, month, 1)
            end = start.replace(day=calendar.monthrange(calendar_year, month)[1])
            db.session.add(
                Period(
                    year=year,
                    number=number,
                    start_date=start,
                    end_date=end,
                    is_current=start <= today <= end,
                )
            )


def _codes() -> None:
    for code, symbol, description, rate in demo_data.CURRENCIES:
        db.session.add(
            Currency(
                code=code,
                symbol=symbol,
                description=description,
                conversion_rate=Decimal(rate) if rate else None,
            )
        )
    for code, description, percent, export_code, reciprocal, ap, ar in demo_data.GST_TYPES:
        db.session.add(
            GstType(
                code=code,
                description=description,
                percent=Decimal(percent),
                export_code=export_code,
                reciprocal_code=reciprocal,
                use_for_ap=ap,
                use_for_ar=ar,
            )
        )
    db.session.add_all(WorkCentre(code=c, description=d) for c, d in demo_data.WORK_CENTRES)
    db.session.add_all(JobType(code=c, description=d) for c, d in demo_data.JOB_TYPES)
    db.session.add_all(
        JobGroup(category="Export", description=name) for name in demo_data.EXPORT_GROUPS
    )
    db.session.flush()
    for code, description, account, gst, centre, kind in demo_data.SALES_CODES:
        db.session.add(
            SalesCode(
                code=code,
                description=description,
                cr_gl_account=account,
                gst_type=_one(GstType, gst),
                work_centre=_one(WorkCentre, centre),
                sales_type=kind,
            )
        )
    for code, description, kind, account, centre in demo_data.ACTIVITIES:
        db.session.add(
            Activity(
                code=code,
                description=description,
                code_type=kind,
                dr_gl_account=account,
                gst_type=_one(GstType, "G15"),
                work_centre=_one(WorkCentre, centre),
            )
        )


def _fin_cos() -> None:
    auckland = Location(code="AK", description="Auckland", batch_prefix="1")
    wellington = Location(code="WN", description="Wellington", batch_prefix="3")
    sydney = Location(code="SY", description="Sydney", batch_prefix="2")
    civil = _fin_co("01", "Harbour Civil", "NZD", auckland)
    steel = _fin_co("02", "Southern Cross Engineering", "AUD", sydney)
    for code, description, location, fin_co in (
        ("AK.CIVIL", "Auckland civil", auckland, civil),
        ("WN.BUILD", "Wellington building", wellington, civil),
        ("SY.STEEL", "Sydney steel", sydney, steel),
    ):
        db.session.add(
            ProfitCentre(
                code=code,
                description=description,
                location=location,
                fin_co=fin_co,
                export_code="Head Office",
            )
        )
    db.session.flush()
    for fin_co_code, name, ap_account, ar_account in demo_data.COMPANIES:
        fin_co = _one(FinCo, fin_co_code)
        db.session.add(
            Company(
                fin_co=fin_co,
                name=name,
                ap_account=ap_account,
                ar_account=ar_account,
                is_supplier=ap_account is not None,
                is_client=ar_account is not None,
                currency_code=fin_co.base_currency_code,
                payment_terms_days=20,
                payment_terms_type="OFFOLLOWINGMONTH",
            )
        )


def _fin_co(code: str, description: str, currency: str, location: Location) -> FinCo:
    fin_co = FinCo(
        code=code,
        description=description,
        base_currency_code=currency,
        default_location=location,
        inter_company_gl_account=demo_data.INTER_COMPANY_ACCOUNT,
    )
    db.session.add(fin_co)
    db.session.flush()
    template = Company(
        fin_co=fin_co,
        name=f"Template Company {code}",
        company_type="General",
        price_code="STD",
        credit_status="OK",
        currency_code=currency,
        payment_terms_days=20,
        payment_terms_type="OFFOLLOWINGMONTH",
        use_gst=True,
        active=False,
    )
    db.session.add(template)
    db.session.flush()
    fin_co.template_company_id = template.id  # the two rows refer to each other
    db.session.add(
        XeroSettings(
            fin_co_id=fin_co.id, tracking_category_1="Department", tracking_category_2="Job"
        )
    )
    for number, (account, name, section, category) in enumerate(demo_data.GL_ACCOUNTS, start=1):
        db.session.add(
            GlAccount(
                fin_co_id=fin_co.id,
                sequence_no=number * 10,
                code=account,
                description=name,
                section=section,
                category=category,
            )
        )
    return fin_co


def _jobs() -> None:
    for code, description, centre, kind, group in demo_data.JOBS:
        groups = db.session.scalars(sa.select(JobGroup).where(JobGroup.description == group))
        db.session.add(
            Job(
                code=code,
                description=description,
                profit_centre=_one(ProfitCentre, centre),
                job_type=_one(JobType, kind),
                groups=list(groups),
            )
        )


def _batch(made_of: demo_data.BatchOf, now: dt.datetime) -> None:
    today = now.date()
    fin_co = _one(FinCo, "02")
    batch = new_batch(
        fin_co=fin_co,
        kind=made_of.kind,
        date=today,
        reference=made_of.reference,
        user_id=None,
        now=now,
    )
    batch.not_for_export = made_of.not_for_export
    if made_of.closed:
        batch.status = BatchStatus.CLOSED
        batch.closed_at = now
    for document in made_of.documents:
        db.session.add(_document(document, batch, fin_co, now))


def _document(made_of: demo_data.Doc, batch: Batch, fin_co: FinCo, now: dt.datetime) -> Document:
    gst_type = _one(GstType, DEMO_GST)
    lines = [
        DocumentLine(
            line_no=number,
            description=line.description,
            job=_one(Job, line.job),
            activity=_one(Activity, line.activity),
            gst_type=gst_type,
            value_ex_gst=line.value,
            gst=gst_of(line.value, gst_type.percent),
        )
        for number, line in enumerate(made_of.lines, start=1)
    ]
    credit = batch.batch_type is BatchType.AP_CREDIT
    company = sa.select(Company).where(
        Company.fin_co_id == fin_co.id, Company.ap_account == made_of.supplier
    )
    return Document(
        uid=str(uuid.uuid4()),
        kind=DocumentKind.AP_CREDIT if credit else DocumentKind.AP_INVOICE,
        batch=batch,
        company=db.session.scalars(company).one(),
        number=made_of.number,
        document_date=now.date(),
        due_date=now.date() + dt.timedelta(days=made_of.due_days),
        currency_code=fin_co.base_currency_code,
        status=DocumentStatus.APPROVED,
        value_ex_gst=total(line.value_ex_gst for line in lines),
        gst=total(line.gst for line in lines),
        approved_at=now,
        lines=lines,
    )


def _one(model: type[_Coded], code: str) -> _Coded:
    return db.session.scalars(sa.select(model).filter_by(code=code)).one()
