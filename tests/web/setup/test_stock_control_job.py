"""The Stock Control Job of a Financial Company, whose account stock comes out of (R93)."""

from bs4 import BeautifulSoup
from setting_up import filled

from webapp.db import db
from webapp.models import FinCo

FIN_CO = "/set-up/financial-companies/01"


def soup(response):
    return BeautifulSoup(response.text, "html.parser")


def kept(house):
    db.session.rollback()
    return db.session.get_one(FinCo, house.fin_co.id).stock_control_job


def test_R93_the_stock_control_job_is_found_by_its_code_and_can_be_taken_away(alice, set_up, house):
    set_up.job.dr_gl_account = "625"
    db.session.commit()
    suggested = alice.get(f"{FIN_CO}/suggest?field=stock_control_job&stock_control_job=10", htmx=1)
    assert "1001" in suggested.text
    form = {**filled(alice.open(FIN_CO)), "stock_control_job": "1001"}

    assert alice.send(FIN_CO, form).status_code == 303

    assert kept(house).code == "1001"
    page = alice.open(FIN_CO)
    told = page.select_one("[name=stock_control_job]")["value"]
    assert told.startswith("1001 · ")
    assert alice.send(FIN_CO, {**filled(page), "stock_control_job": ""}).status_code == 303
    assert kept(house) is None


def test_R93_a_stock_control_job_without_an_account_is_refused_with_what_to_do(
    alice, set_up, house
):
    form = {**filled(alice.open(FIN_CO)), "stock_control_job": "1001"}

    page = soup(alice.send(FIN_CO, form))

    assert "1001 has no DR GL Account" in page.text
    assert kept(house) is None


def test_a_stock_control_job_of_another_fin_co_is_not_found(alice, set_up, house):
    form = {**filled(alice.open(FIN_CO)), "stock_control_job": "2001"}

    page = soup(alice.send(FIN_CO, form))

    assert "No job of this financial company is called 2001." in page.text
    assert kept(house) is None
