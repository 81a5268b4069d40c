"""Sales codes, and a desk where clients' documents are entered."""

import datetime as dt
from decimal import Decimal
from uuid import uuid4

import pytest
import sqlalchemy as sa

from tests.integration.exports.sales.codes import HELD, WORK
from webapp.db import db, transaction, utc_now
from webapp.domain.documents import BATCH_TYPE_OF, DocumentKind, DocumentStatus
from webapp.domain.money import gst_of
from webapp.models import (
    Document,
    DocumentLine,
    FinCo,
    GstType,
    Job,
    SalesCode,
    XeroConnection,
    XeroSettings,
)
from webapp.services.batches import close_batch, new_batch
from webapp.services.exports.gather import Gatherer


@pytest.fixture
def job(books):
    return db.session.get_one(Job, books.codes["job"])


@pytest.fixture
def sales_codes(books):
    gst = GstType(code="S15", description="GST", export_code="OUTPUT2", percent=Decimal(15))
    codes = {
        WORK: SalesCode(code=WORK, description="Claim", cr_gl_account="200", gst_type=gst),
        HELD: SalesCode(
            code=HELD, description="Held", cr_gl_account="628", gst_type=gst, sales_type="Retention"
        ),
    }
    db.session.add_all(codes.values())
    db.session.commit()
    return codes


@pytest.fixture
def sale(books, job, sales_codes):
    """Makes a closed batch of sales documents, each a list of (sales code, value ex GST)."""

    def made(*documents, kind=DocumentKind.SALES_INVOICE, **members):
        with transaction():
            batch = new_batch(
                fin_co=db.session.get_one(FinCo, books.fin_co_id),
                kind=BATCH_TYPE_OF[kind],
                date=dt.date(2026, 11, 20),
                reference="November",
                user_id=None,
                now=utc_now(),
            )
            for place, lines in enumerate(documents):
                db.session.add(_document(batch, place, kind, lines, members))
            db.session.flush()
            batch_id = batch.id
        close_batch(batch_id, user_id=None, now=utc_now())
        return batch_id

    def _document(batch, place, kind, lines, members):
        values = [Decimal(value) for _, value in lines]
        ordinary = {
            "company_id": books.supplier_ids[0],
            "job": job,
            "document_date": dt.date(2026, 11, 12),
            "due_date": dt.date(2026, 12, 20),
            "currency_code": "NZD",
        }
        return Document(
            uid=str(uuid4()),
            kind=kind,
            batch=batch,
            number=f"{batch.number}-{place}",
            status=DocumentStatus.APPROVED,
            value_ex_gst=sum(values),
            gst=sum(gst_of(value, Decimal(15)) for value in values),
            lines=[
                DocumentLine(
                    line_no=line_no,
                    job=job,
                    sales_code=sales_codes[code],
                    gst_type=sales_codes[code].gst_type,
                    value_ex_gst=Decimal(value),
                    gst=gst_of(Decimal(value), Decimal(15)),
                    is_retention=code == HELD,
                )
                for line_no, (code, value) in enumerate(lines, 1)
            ],
            **ordinary | members,
        )

    return made


@pytest.fixture
def gathered(books):
    """The only document there is, as its mapping sees it."""

    def read():
        db.session.expire_all()
        tenant_id = db.session.get_one(XeroConnection, books.connection_id).tenant_id
        fin_co = db.session.get_one(FinCo, books.fin_co_id)
        document = db.session.scalars(sa.select(Document)).one()
        return Gatherer(fin_co, tenant_id, "https://w.example").outgoing(document)

    return read


@pytest.fixture
def line_of(gathered):
    """Its first line."""
    return lambda: gathered().lines[0]


@pytest.fixture
def track(books, job):
    """Names the first category as the organisation has it, and gives the job's centre an option."""

    def named(**changed):
        settings = db.session.get_one(XeroSettings, books.fin_co_id)
        settings.tracking_category_2 = None
        for name, value in ({"tracking_category_1": "Department"} | changed).items():
            setattr(settings, name, value)
        job.profit_centre.export_code = "Head Office"
        db.session.commit()
        return settings

    return named
