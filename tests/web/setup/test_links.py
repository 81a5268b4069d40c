"""The ways from other screens to the record that is to be mended."""

from bs4 import BeautifulSoup
from flask import render_template

from webapp.db import db, utc_now
from webapp.domain.accounts import compare
from webapp.models import XeroSettings
from webapp.queries.accounts import accounts_in_use
from webapp.services.accounts_validation import AccountsReport


def test_R23_each_place_that_names_an_account_leads_to_its_record(app, alice, house, set_up):
    house.fin_co.inter_company_gl_account = "760"
    set_up.job.dr_gl_account = "999"
    set_up.sales.cr_gl_account = "200"
    db.session.commit()
    report = AccountsReport(
        checked_at=utc_now(),
        organisation_name="North Build Ledger",
        accounts_used=4,
        problems=compare(accounts_in_use(house.fin_co.id).named, ()),
    )
    with app.test_request_context():
        part = render_template("integration/_accounts.html", report=report, fin_co=house.fin_co)
    links = BeautifulSoup(part, "html.parser").select(".places a")
    led = {" ".join(link.text.split()): alice.open(link["href"]).h1.text for link in links}
    assert led == {
        "Activity MAT": "Activity MAT",
        "Sales Code CLAIM": "Sales Code CLAIM",
        "Job 1001": "Job 1001",
        "Financial Company 01": "Financial Company 01",
    }


def test_the_checklist_leads_to_the_template_company_and_the_export_codes(alice, house):
    db.session.add(XeroSettings(fin_co_id=house.fin_co.id))
    db.session.commit()
    page = alice.open("/administration/data-transfer/xero-integration?fin_co=02")
    links = {link.text: link["href"] for link in page.select("#getting-started a")}
    template = links["Choose a Template Company"]
    assert template == "/set-up/financial-companies/02#r-template_company"
    assert alice.open(template).select_one("#r-template_company")
    codes = links["Give every GST Type its Export Code"]
    assert codes == "/set-up/gst-types#export-codes"
    assert alice.open(codes).select_one("#export-codes")
