"""Two FinCos with a chart and tax rates each, and the codes that a firm sets up."""

from dataclasses import dataclass
from decimal import Decimal

from factories import make_connection

from webapp.db import db
from webapp.models import (
    Activity,
    Company,
    FinCo,
    GlAccount,
    GstType,
    Job,
    ProfitCentre,
    SalesCode,
    WorkCentre,
    XeroSettings,
    XeroTaxRate,
)

TENANTS = {
    "01": "aaaaaaaa-0000-4000-8000-000000000001",
    "02": "aaaaaaaa-0000-4000-8000-000000000002",
}


@dataclass(frozen=True)
class SetUp:
    """The records the tests look at."""

    gst: GstType
    sales: SalesCode
    activity: Activity
    centre: ProfitCentre
    job: Job
    foreign_job: Job
    template: Company


def made_set_up(house) -> SetUp:
    gst = GstType(code="G15", description="GST on purchases", percent=Decimal(15), use_for_ar=False)
    sales_gst = GstType(
        code="S15", description="GST on sales", percent=Decimal(15), use_for_ap=False
    )
    stage = WorkCentre(code="STRUC", description="Structures")
    sales = SalesCode(code="CLAIM", description="Contract claim", gst_type=sales_gst)
    activity = Activity(
        code="MAT", description="Materials", gst_type=gst, work_centre=stage, dr_gl_account="300"
    )
    centre = ProfitCentre(
        code="AK.CIVIL",
        description="Auckland Civil",
        fin_co=house.fin_co,
        location=house.location,
    )
    other = ProfitCentre(
        code="SY.STEEL", description="Sydney Steel", fin_co=house.other, location=house.location
    )
    template = Company(fin_co=house.fin_co, name="Template Ltd", ap_account="TMPL")
    job = Job(code="1001", description="Harbour Bridge", profit_centre=centre, client=template)
    foreign_job = Job(code="2001", description="Rail overpass", profit_centre=other)
    db.session.add_all([gst, sales_gst, sales, activity, job, foreign_job, template])
    db.session.commit()
    return SetUp(gst, sales, activity, centre, job, foreign_job, template)


def tick(fin_co: FinCo, *, gl_accounts: bool = True) -> None:
    settings = db.session.get(XeroSettings, fin_co.id) or XeroSettings(fin_co_id=fin_co.id)
    settings.sync_gl_accounts = gl_accounts
    db.session.add(settings)
    db.session.commit()


def account(fin_co: FinCo, code: str, name: str, *, active: bool = True, **more) -> GlAccount:
    made = GlAccount(
        fin_co_id=fin_co.id,
        code=code,
        description=name,
        section="Direct Costs",
        category="Job Cost",
        active=active,
        **more,
    )
    db.session.add(made)
    db.session.commit()
    return made


def rate(fin_co: FinCo, tax_type: str, name: str, percent: str = "15", **more) -> XeroTaxRate:
    """A tax rate; on="expenses revenue" names the classes it applies to."""
    on = more.pop("on", "assets equity expenses liabilities").split()
    made = XeroTaxRate(
        fin_co_id=fin_co.id,
        tenant_id=TENANTS[fin_co.code],
        tax_type=tax_type,
        name=name,
        status=more.pop("status", "ACTIVE"),
        effective_rate=Decimal(percent),
        **{
            f"can_apply_to_{kind}": kind in on
            for kind in ("assets", "equity", "expenses", "liabilities", "revenue")
        },
    )
    db.session.add(made)
    db.session.commit()
    return made


def connect(fin_co: FinCo) -> None:
    make_connection(fin_co, tenant_id=TENANTS[fin_co.code])


def filled(page) -> dict[str, str]:
    """What a browser would send of the page's record or grid as it stands."""
    form = page.select_one("#record form") or page.select_one("form#export-codes")
    sent: dict = {}
    for box in form.select("input[name], select[name]"):
        if box.find_parent("noscript") and not box.get("value"):
            continue
        name = box["name"]
        if box.name == "select":
            chosen = box.select_one("option[selected]") or box.select_one("option")
            value = chosen["value"]
        elif box.get("type") == "checkbox" and not box.has_attr("checked"):
            continue
        else:
            value = box.get("value", "")
        if name in sent:
            sent[name] = [*(sent[name] if isinstance(sent[name], list) else [sent[name]]), value]
        else:
            sent[name] = value
    return sent
