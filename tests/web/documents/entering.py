"""A firm with what documents name, and what a browser sends of their form."""

from dataclasses import dataclass
from decimal import Decimal

import sqlalchemy as sa
from factories import make_batch

from webapp.db import db
from webapp.domain.batches import BatchStatus, BatchType
from webapp.models import (
    Activity,
    AuditEvent,
    Batch,
    Company,
    Currency,
    Document,
    GstType,
    Job,
    ProfitCentre,
    SalesCode,
    WorkCentre,
)

INVOICE = {
    "company": "S100",
    "number": "F-1001",
    "date": "2026-11-10",
    "1-description": "Concrete",
    "1-job": "1001",
    "1-activity": "MAT",
    "1-value": "1,000.00",
}


@dataclass(frozen=True)
class Firm:
    """FinCo 01 with a supplier, a client and a job; FinCo 02 with a job of its own."""

    house: object
    supplier: Company
    client: Company

    def batch(self, kind: BatchType = BatchType.AP_INVOICE, **more) -> Batch:
        return make_batch(self.house, kind=kind, status=BatchStatus.OPEN, **more)


def made_firm(house) -> Firm:
    gst = GstType(code="G15", description="GST 15 %", percent=Decimal(15), use_for_ar=False)
    free = GstType(code="G0", description="No GST", percent=Decimal(0))
    sales = GstType(code="S15", description="GST 15 %", percent=Decimal(15), use_for_ap=False)
    centres = [
        ProfitCentre(code=code, description=code, fin_co=fin_co, location=house.location)
        for code, fin_co in (("AK", house.fin_co), ("WN", house.fin_co), ("SY", house.other))
    ]
    supplier = Company(
        fin_co=house.fin_co,
        name="Fletcher Ltd",
        ap_account="S100",
        is_supplier=True,
        payment_terms_days=20,
        payment_terms_type="OFFOLLOWINGMONTH",
    )
    client = Company(fin_co=house.fin_co, name="City Council", ar_account="C100", is_client=True)
    db.session.add_all(
        [
            Currency(code="NZD", description="New Zealand Dollar"),
            Currency(code="AUD", description="Dollar", conversion_rate=Decimal("0.92")),
            WorkCentre(code="STRUC", description="Structures"),
            free,
            Activity(code="MAT", description="Materials", dr_gl_account="300", gst_type=gst),
            Activity(code="LAB", description="Labour", code_type="Time"),
            SalesCode(code="REV", description="Revenue", cr_gl_account="200", gst_type=sales),
            SalesCode(code="RET", description="Held back", sales_type="Retention", gst_type=sales),
            supplier,
            client,
            Company(fin_co=house.other, name="Foreign Ltd", ap_account="S900", is_supplier=True),
            *(
                Job(code=code, description=name, profit_centre=centres[at])
                for code, name, at in (
                    ("1001", "Harbour Bridge", 0),
                    ("1002", "School", 0),
                    ("1002", "School, stage 2", 1),
                    ("2001", "Rail overpass", 2),
                )
            ),
        ]
    )
    db.session.commit()
    return Firm(house, supplier, client)


def sent(page) -> dict:
    """What a browser would send of the page's form as it stands, whatever button is pressed."""
    found: dict = {}
    for box in page.select("#sheet form :is(input, select)[name]"):
        if box.name == "select":
            chosen = box.select_one("option[selected]") or box.select_one("option")
            value = chosen["value"]
        else:
            value = box.get("value", "")
        if box["name"] == "line":
            found.setdefault("line", []).append(value)
        else:
            found[box["name"]] = value
    del found["csrf_token"]  # each person's own
    return found


def texts(page, selector: str) -> list[str]:
    return [" ".join(found.text.split()) for found in page.select(selector)]


def documents() -> list[Document]:
    db.session.rollback()
    db.session.expire_all()
    return list(db.session.scalars(sa.select(Document).order_by(Document.id)))


def logged() -> list[tuple[str, dict]]:
    events = db.session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id))
    return [(event.action, event.detail) for event in events]
