"""A company made by hand."""

import pytest
from bs4 import BeautifulSoup

from webapp.db import db
from webapp.models import AuditEvent, Company

NEW = "/companies/new"
GIVEN = {"fin_co": "01", "name": " Kauri Joinery ", "is_supplier": "y", "ap_account": " KJ "}


def made(name: str) -> Company:
    db.session.rollback()
    return db.session.query(Company).filter_by(name=name).one()


def test_R43_a_new_company_takes_from_the_template_what_was_not_filled_in(bob, house, people):
    template = Company(
        fin_co=house.fin_co,
        name="Template",
        price_code="A",
        currency_code="NZD",
        payment_terms_days=20,
        payment_terms_type="OFFOLLOWINGMONTH",
        use_gst=False,
    )
    db.session.add(template)
    db.session.flush()
    house.fin_co.template_company_id = template.id
    db.session.commit()
    assert bob.open(NEW).select_one("form[method=post] [name=name]")
    response = bob.send(NEW, GIVEN)
    company = made("Kauri Joinery")
    assert response.location == f"/companies/{company.id}"
    assert (company.ap_account, company.is_supplier, company.is_client) == ("KJ", True, False)
    assert (company.price_code, company.payment_terms_days, company.use_gst) == ("A", 20, False)
    event = db.session.query(AuditEvent).one()
    assert (event.action, event.user_id) == ("add company", people["Bob"].id)
    assert "Kauri Joinery is there now." in bob.open(response.location).text


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        ({"name": "  "}, "Write the name of the company."),
        ({"name": "x" * 256}, "A name has at most 255 characters."),
        ({"is_supplier": ""}, "Tick what the company is: client, supplier or subcontractor."),
        ({"ap_account": "TAKEN"}, "This AP Account is that of First."),
        ({"ar_account": "x" * 51}, "An AR Account has at most 50 characters."),
        ({"alpha_code": "x" * 21}, "An Alpha Code has at most 20 characters."),
    ],
)
def test_what_a_company_cannot_be_is_said_at_its_field(bob, house, wrong, fault):
    db.session.add(Company(fin_co=house.fin_co, name="First", ap_account="TAKEN "))
    db.session.commit()
    given = {name: value for name, value in {**GIVEN, **wrong}.items() if value}
    response = bob.send(NEW, given)
    assert response.status_code == 422
    page = BeautifulSoup(response.text, "html.parser")
    assert fault in " ".join(page.select_one("form[method=post] .columns").text.split())
    db.session.rollback()
    assert db.session.query(Company).count() == 1


def test_a_company_is_made_in_ones_own_fin_cos_alone(bob, rita, house):
    assert [one["value"] for one in bob.open(NEW).select("#fin_co option")] == ["01"]
    assert bob.send(NEW, {**GIVEN, "fin_co": "02"}).status_code == 404
    rita.open(NEW, status=403)
    assert "+ New Company" not in rita.open("/companies").text
    assert "+ New Company" in bob.open("/companies").text
