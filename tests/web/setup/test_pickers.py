"""The picker of GL Accounts."""

import pytest
from bs4 import BeautifulSoup
from setting_up import account, filled, tick

from webapp.db import db
from webapp.models import Activity


@pytest.fixture
def mat(set_up) -> str:
    return f"/set-up/activities/{set_up.activity.id}"


def suggested(browser, address: str, typed: str, field: str = "dr_gl_account") -> dict[str, str]:
    response = browser.get(f"{address}/suggest?field={field}&{field}={typed}", htmx=True)
    assert response.status_code == 200, response.text
    options = BeautifulSoup(response.text, "html.parser").select("[role=option]")
    return {option["data-value"]: " ".join(option.text.split()) for option in options}


def told(browser, address: str, field: str = "dr_gl_account") -> str:
    return browser.open(address).select_one(f"#r-{field}-said").get_text(strip=True)


def is_picker(page, field: str = "dr_gl_account") -> bool:
    return page.select_one(f"#r-{field}").get("role") == "combobox"


def test_R14_without_gl_accounts_the_box_is_plain_text(alice, house, mat):
    account(house.fin_co, "300", "Purchases")
    tick(house.fin_co)
    assert is_picker(alice.open(mat))

    tick(house.fin_co, gl_accounts=False)

    page = alice.open(mat)
    assert not is_picker(page)
    assert page.select_one("#r-dr_gl_account")["value"] == "300"
    assert told(alice, mat) == ""
    assert alice.send(mat, {**filled(page), "dr_gl_account": "any-thing"}).status_code == 303


def test_R65_an_archived_account_is_not_offered_and_existing_use_stays(alice, house, mat, set_up):
    tick(house.fin_co)
    account(house.fin_co, "300", "Old purchases", active=False, xero_status="ARCHIVED")
    account(house.fin_co, "310", "Purchases")

    assert list(suggested(alice, mat, "purch")) == ["310"]
    page = alice.open(mat)
    values = [option["value"] for option in page.select("[name=dr_gl_account-picked] option")]
    assert values == ["", "310"]
    assert page.select_one("#r-dr_gl_account")["value"] == "300"
    assert told(alice, mat) == "Old purchases, no longer active"
    assert alice.send(mat, {**filled(page), "description": "Other"}).status_code == 303
    db.session.rollback()
    assert db.session.get(Activity, set_up.activity.id).dr_gl_account == "300"


def test_R66_C7_1_the_picker_searches_code_and_name_and_stores_the_code(alice, house, mat, set_up):
    tick(house.fin_co)
    account(house.fin_co, "310", "Cost of Goods Sold")
    account(house.fin_co, "429", "General Expenses")
    assert suggested(alice, mat, "GOODS") == {"310": "310 Cost of Goods Sold"}
    assert list(suggested(alice, mat, "42")) == ["429"]
    assert list(suggested(alice, mat, "")) == ["310", "429"]
    assert suggested(alice, mat, "%25") == {}

    form = {**filled(alice.open(mat)), "dr_gl_account": "310"}
    assert alice.send(mat, form).status_code == 303

    db.session.rollback()
    assert db.session.get(Activity, set_up.activity.id).dr_gl_account == "310"
    assert told(alice, mat) == "Cost of Goods Sold"


def test_R66_without_javascript_the_account_is_picked_from_a_select(alice, house, mat, set_up):
    tick(house.fin_co)
    account(house.fin_co, "310", "Cost of Goods Sold")
    form = {**filled(alice.open(mat)), "dr_gl_account-picked": "310"}
    assert alice.send(mat, form).status_code == 303
    db.session.rollback()
    assert db.session.get(Activity, set_up.activity.id).dr_gl_account == "310"


def test_the_accounts_of_all_my_ticked_fin_cos_are_offered_with_their_mark(alice, bob, house, mat):
    tick(house.fin_co)
    tick(house.other)
    account(house.fin_co, "310", "Materials")
    account(house.other, "310", "Materials")
    account(house.other, "320", "Materials, Sydney")
    assert suggested(alice, mat, "mater") == {
        "310": "310 Materials (01, 02)",
        "320": "320 Materials, Sydney (02)",
    }
    assert suggested(bob, mat, "mater") == {"310": "310 Materials"}
    tick(house.other, gl_accounts=False)
    assert suggested(alice, mat, "mater") == {"310": "310 Materials"}


def test_one_code_with_two_names_is_offered_with_both(alice, house, mat):
    tick(house.fin_co)
    tick(house.other)
    account(house.fin_co, "310", "Materials")
    account(house.other, "310", "Steel")
    response = alice.get(f"{mat}/suggest?field=dr_gl_account&dr_gl_account=310", htmx=True)
    assert "Materials (01)" in response.text
    assert "Steel (02)" in response.text


def test_a_whole_account_keeps_its_mark(alice, house, mat, set_up):
    tick(house.fin_co)
    account(house.fin_co, "310", "Materials")
    assert list(suggested(alice, mat, "@31")) == ["@310"]
    assert alice.send(mat, {**filled(alice.open(mat)), "dr_gl_account": "@310"}).status_code == 303
    assert told(alice, mat) == "Materials"


def test_a_code_that_a_profit_centre_completes_is_known(alice, house, mat, set_up):
    tick(house.fin_co)
    account(house.fin_co, "AK.01.300", "Purchases, Auckland")
    assert told(alice, mat) == "Not in the GL Accounts of 01."
    set_up.centre.gl_prefix = "AK.01."
    db.session.commit()
    assert told(alice, mat) == "AK.01.300 Purchases, Auckland"
    assert "write @ first" in alice.open(mat).text


def test_a_whole_account_that_would_be_completed_asks_for_its_mark(alice, house, mat, set_up):
    tick(house.fin_co)
    account(house.fin_co, "AK.01.300", "Purchases, Auckland")
    set_up.centre.gl_prefix = "AK.01."
    set_up.activity.dr_gl_account = "AK.01.300"
    db.session.commit()
    assert told(alice, mat) == (
        "Not in the GL Accounts of 01 once completed. For Purchases, Auckland write @AK.01.300."
    )
    set_up.job.dr_gl_account = "AK.01.300"
    db.session.commit()
    assert told(alice, f"/set-up/jobs/{set_up.job.id}") == "Purchases, Auckland"


def test_a_job_picks_among_the_accounts_of_its_fin_co(alice, house, set_up):
    tick(house.fin_co)
    tick(house.other)
    account(house.fin_co, "310", "Materials")
    account(house.other, "320", "Materials, Sydney")
    address = f"/set-up/jobs/{set_up.foreign_job.id}"
    assert suggested(alice, address, "mater") == {"320": "320 Materials, Sydney"}
    assert is_picker(alice.open(address), "cr_gl_account")
    tick(house.other, gl_accounts=False)
    assert not is_picker(alice.open(address), "cr_gl_account")
    assert is_picker(alice.open(f"/set-up/sales-codes/{set_up.sales.id}"), "cr_gl_account")


def test_a_new_job_is_told_whose_accounts_it_picks_from(alice, house, set_up):
    tick(house.fin_co)
    tick(house.other)
    account(house.fin_co, "310", "Materials")
    account(house.other, "320", "Materials, Sydney")
    new = "/set-up/jobs/new"
    assert is_picker(alice.open(new))
    assert suggested(alice, new, "mater") == {
        "310": "310 Materials (01)",
        "320": "320 Materials, Sydney (02)",
    }
    form = {**filled(alice.open(new)), "dr_gl_account": "99999"}
    checked = alice.send(f"{new}/check?field=dr_gl_account", form, htmx=True)
    assert "Not in the GL Accounts of 01, 02." in checked.text


def test_only_the_fields_of_the_form_are_suggested_for(alice, house, mat):
    tick(house.fin_co)
    assert alice.get(f"{mat}/suggest?field=description", htmx=True).status_code == 422
    assert alice.get(f"{mat}/suggest?field=template_company", htmx=True).status_code == 422
