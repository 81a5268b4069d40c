"""Codes that lead to accounts, and documents whose lines are coded with them."""

from decimal import Decimal

from factories import make_document

from webapp.db import db
from webapp.domain.documents import DocumentKind
from webapp.models import (
    Activity,
    Document,
    DocumentLine,
    GlAccount,
    GstType,
    Job,
    ProfitCentre,
    SalesCode,
)


def make_codes(house) -> dict:
    """A job whose Profit Centre has a prefix, and codes that name accounts."""
    gst = GstType(code="G15", description="GST 15%", export_code="INPUT2", percent=Decimal(15))
    centre = ProfitCentre(
        code="CIV",
        description="Civil",
        location=house.location,
        fin_co=house.fin_co,
        gl_prefix="AK.01.",
    )
    made = {
        "job": Job(code="J1", description="Bridge", profit_centre=centre),
        "cost": Activity(
            code="CONC", description="Concrete", dr_gl_account="310", cr_gl_account="@5900"
        ),
        "none": Activity(code="ODD", description="Odds and ends"),
        "sale": SalesCode(code="REV", description="Work", cr_gl_account="200"),
        "gst": gst,
    }
    db.session.add_all([*made.values(), gst])
    db.session.add(
        GlAccount(
            fin_co_id=house.fin_co.id, code="AK.01.310", description="Materials", section="Costs"
        )
    )
    db.session.commit()
    return made


def enter(batch, codes, *lines, kind=DocumentKind.AP_INVOICE, **more) -> Document:
    """A document with lines: pairs of a code's name, a value and its GST."""
    document = make_document(
        batch,
        kind=kind,
        value=str(sum(Decimal(value) for _, value, _ in lines)),
        gst=str(sum(Decimal(gst) for *_, gst in lines)),
        **more,
    )
    document.lines.clear()
    db.session.flush()
    document.lines = [
        DocumentLine(
            line_no=number,
            job=codes["job"],
            activity=codes[code] if code != "sale" else None,
            sales_code=codes[code] if code == "sale" else None,
            gst_type=codes["gst"] if Decimal(gst) else None,
            value_ex_gst=Decimal(value),
            gst=Decimal(gst),
        )
        for number, (code, value, gst) in enumerate(lines, 1)
    ]
    db.session.commit()
    return document
