import datetime as dt
from decimal import Decimal

import pytest
import sqlalchemy as sa

from webapp.db import db
from webapp.domain.batches import BatchType
from webapp.domain.documents import DocumentKind
from webapp.domain.entry.given import DocumentGiven, LineGiven
from webapp.models import (
    Activity,
    Batch,
    Company,
    Currency,
    Document,
    FinCo,
    GstType,
    Job,
    Location,
    Period,
    ProfitCentre,
    SalesCode,
    WorkCentre,
)
from webapp.services import documents

NOW = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)
TODAY = NOW.date()


@pytest.fixture
def firm(house):
    """FinCo 01 with everything documents name; FinCo 02 with a supplier and a job of its own."""
    location = db.session.scalars(sa.select(Location)).one()
    fin_cos = [db.session.get_one(FinCo, key) for key in (house.fin_co_id, house.other_fin_co_id)]
    gst = GstType(code="G15", description="GST 15%", percent=Decimal(15), use_for_ar=False)
    sales_gst = GstType(code="S15", description="GST 15%", percent=Decimal(15), use_for_ap=False)
    centres = [
        ProfitCentre(code=code, description=code, location=location, fin_co=fin_co)
        for code, fin_co in (("AK", fin_cos[0]), ("WN", fin_cos[0]), ("SY", fin_cos[1]))
    ]
    db.session.add_all(
        [
            *centres,
            Period(
                year=2027,
                number=8,
                start_date=dt.date(2026, 11, 1),
                end_date=dt.date(2026, 11, 30),
                is_current=True,
            ),
            Currency(code="AUD", description="Dollar", conversion_rate=Decimal("0.92")),
            WorkCentre(code="STRUC", description="Structures"),
            Activity(code="MAT", description="Materials", dr_gl_account="300", gst_type=gst),
            Activity(code="RETN", description="Held", code_type="Retention", gst_type=gst),
            SalesCode(code="CLAIM", description="Claim", cr_gl_account="200", gst_type=sales_gst),
            SalesCode(code="RET", description="Held", sales_type="Retention", gst_type=sales_gst),
            Company(fin_co=fin_cos[0], name="Fletcher", ap_account="S1", is_supplier=True),
            Company(fin_co=fin_cos[0], name="Higgins", ap_account="S2", is_subcontractor=True),
            Company(fin_co=fin_cos[0], name="Council", ar_account="C1", is_client=True),
            Company(fin_co=fin_cos[1], name="Foreign", ap_account="S9", is_supplier=True),
            *(
                Job(code=code, description=code, profit_centre=centre)
                for code, centre in (
                    ("1001", centres[0]),
                    ("1002", centres[1]),
                    ("2001", centres[2]),
                )
            ),
        ]
    )
    db.session.commit()
    return house


class Clerk:
    """Somebody who enters documents of FinCo 01."""

    def __init__(self, firm) -> None:
        self.fin_co_id = firm.fin_co_id
        self.user_id = firm.alice_id

    def line(self, value="100.00", **more) -> LineGiven:
        return LineGiven(value=Decimal(value), **{"job": "1001", "activity": "MAT", **more})

    def document(self, number="A-1", *lines, **more) -> DocumentGiven:
        values = {
            "kind": DocumentKind.AP_INVOICE,
            "date": TODAY,
            "company_account": "S1",
            "lines": lines or (self.line(),),
        }
        return DocumentGiven(number=number, **{**values, **more})

    def batch(self, *given, kind=BatchType.AP_INVOICE) -> documents.Entered:
        return documents.enter_batch(
            fin_co_id=self.fin_co_id,
            kind=kind,
            date=TODAY,
            reference=None,
            documents=given,
            user_id=self.user_id,
            now=NOW,
        )

    def add(self, number: str, *given) -> documents.Entered:
        return documents.enter_documents(
            self.found(number).id, given, user_id=self.user_id, now=NOW
        )

    def found(self, number: str) -> Batch:
        return db.session.scalars(
            sa.select(Batch).where(Batch.number == number).execution_options(populate_existing=True)
        ).one()

    def stored(self, uid: str) -> Document:
        db.session.expire_all()
        return db.session.scalars(sa.select(Document).where(Document.uid == uid)).one()

    def count(self, model) -> int:
        return db.session.scalar(sa.select(sa.func.count()).select_from(model))


@pytest.fixture
def clerk(firm) -> Clerk:
    return Clerk(firm)
