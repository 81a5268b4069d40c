import pytest
from bs4 import BeautifulSoup
from setting_up import filled

from webapp.db import db
from webapp.models import (
    Activity,
    AuditEvent,
    Company,
    FinCo,
    Job,
    ProfitCentre,
    SalesCode,
    WorkCentre,
)


@pytest.fixture
def mat(set_up) -> str:
    return f"/set-up/activities/{set_up.activity.id}"


def again(model, id_):
    db.session.rollback()
    return db.session.get(model, id_)


def faults(page) -> list[str]:
    return [fault.get_text(strip=True) for fault in page.select(".fault")]


def soup(response):
    return BeautifulSoup(response.text, "html.parser")


def test_an_activity_is_made_and_its_code_stays(alice, set_up):
    form = filled(alice.open("/set-up/activities/new"))
    made = {"code": " AGG ", "description": "Aggregates", "gst_type": "G15", "dr_gl_account": "310"}

    response = alice.send("/set-up/activities/new", {**form, **made})

    assert response.status_code == 303
    assert "Activity AGG is saved." in alice.open(response.location).text
    db.session.rollback()
    activity = db.session.query(Activity).filter_by(code="AGG").one()
    assert activity.description == "Aggregates"
    assert activity.gst_type.code == "G15"
    assert activity.active
    page = alice.open(f"/set-up/activities/{activity.id}")
    assert page.select_one("#r-code").has_attr("readonly")
    alice.send(
        f"/set-up/activities/{activity.id}", {**filled(page), "code": "X", "description": "Gravel"}
    )
    assert again(Activity, activity.id).code == "AGG"
    assert again(Activity, activity.id).description == "Gravel"


@pytest.mark.parametrize(
    ("field", "typed", "fault"),
    [
        ("code", "", "Fill in Activity Code."),
        ("code", "ABCDEFGHIJK", "At most 10 characters: this has 11."),
        ("code", "mat", "There is an Activity of this code already. Choose another code."),
        ("description", "x" * 51, "At most 50 characters: this has 51."),
        ("description", "a\u0000b", "It holds a character that cannot be seen. Type it anew."),
        ("gst_type", "NOPE", "There is no NOPE to choose. Choose another."),
        ("dr_gl_account", "@", "Write the whole account after the @."),
        ("dr_gl_account", "3 00", "An account code has no spaces in it."),
    ],
)
def test_what_cannot_be_kept_is_said_where_it_was_typed(alice, set_up, field, typed, fault):
    form = filled(alice.open("/set-up/activities/new"))
    typed_in = {**form, "code": "NEW", "description": "As it was typed", field: typed}

    response = alice.send("/set-up/activities/new", typed_in)

    assert response.status_code == 422
    page = soup(response)
    assert faults(page) == [fault]
    assert fault in page.select_one(f"#r-{field}-said").text
    if field != "description":
        assert page.select_one("#r-description")["value"] == "As it was typed"
    checked = alice.send(f"/set-up/activities/new/check?field={field}", typed_in, htmx=True)
    assert faults(soup(checked)) == [fault]


def test_a_number_has_digits_and_few_decimals(alice, mat):
    base = {**filled(alice.open(mat)), "code_type": "Time"}
    for typed, fault in (
        ("12,50", "Write a number like 45.50: digits, and a point before the decimals."),
        ("1e3", "Write a number like 45.50: digits, and a point before the decimals."),
        ("1.23456", "At most 4 decimal places."),
    ):
        assert faults(soup(alice.send(mat, {**base, "cost_rate": typed}))) == [fault]
    assert alice.send(mat, {**base, "cost_rate": "45.50000"}).status_code == 303


def test_the_popup_has_the_fields_of_the_code_type(alice, mat):
    def names(page) -> set[str]:
        return {box["name"] for box in page.select("#record [name]")}

    bought = alice.open(mat)
    assert "gst_type" in names(bought)
    assert not {"payroll_code", "sub_type", "cost_rate"} & names(bought)
    typed = {**filled(bought), "description": "Typed", "code_type": "Time"}

    for htmx in (False, True):
        labour = soup(alice.send(f"{mat}/fields", typed, htmx=htmx))
        assert {"payroll_code", "sub_type", "cost_rate", "include_in_payroll"} <= names(labour)
        assert "gst_type" not in names(labour)
        assert labour.select_one("#r-description")["value"] == "Typed"
        assert (labour.title is None) is htmx
    assert "Show the fields of this type" in bought.text


def test_an_activity_of_another_type_keeps_nothing_the_type_does_not_have(alice, mat, set_up):
    changed = soup(alice.send(f"{mat}/fields", {**filled(alice.open(mat)), "code_type": "Time"}))
    assert alice.send(mat, {**filled(changed), "sub_type": "Leave"}).status_code == 303
    activity = again(Activity, set_up.activity.id)
    assert (activity.code_type, activity.sub_type, activity.gst_type) == ("Time", "Leave", None)
    assert activity.dr_gl_account == "300"


def test_what_the_popup_does_not_show_stays_while_the_type_does(alice, mat, set_up):
    set_up.activity.payroll_code = "loaded from elsewhere"
    db.session.commit()
    alice.send(mat, {**filled(alice.open(mat)), "description": "Other"})
    assert again(Activity, set_up.activity.id).payroll_code == "loaded from elsewhere"


def test_two_people_at_once_lose_nothing(alice, mat, set_up):
    mine = filled(alice.open(mat))
    theirs = dict(mine)
    assert alice.send(mat, {**theirs, "description": "Theirs"}).status_code == 303

    response = alice.send(mat, {**mine, "description": "Mine", "dr_gl_account": "310"})

    assert response.status_code == 409
    page = soup(response)
    assert "changed by somebody else" in page.text
    assert page.select_one("#r-description")["value"] == "Mine"
    assert page.select_one("#r-dr_gl_account")["value"] == "310"
    now = [" ".join(text.text.split()) for text in page.select(".now")]
    assert now == ["Kept now: Theirs", "Kept now: 300"]
    assert again(Activity, set_up.activity.id).description == "Theirs"
    assert alice.send(mat, filled(page)).status_code == 303
    assert again(Activity, set_up.activity.id).description == "Mine"


def test_a_fault_does_not_make_one_write_over_somebody_else(alice, mat, set_up):
    mine = filled(alice.open(mat))
    alice.send(mat, {**mine, "description": "Theirs"})
    refused = soup(alice.send(mat, {**mine, "description": "x" * 51}))
    assert alice.send(mat, {**filled(refused), "description": "Mine"}).status_code == 409


def test_every_save_is_in_the_audit_log_with_both_values(alice, mat, people):
    alice.send(mat, {**filled(alice.open(mat)), "dr_gl_account": "310"})
    alice.send(mat, filled(alice.open(mat)))
    db.session.rollback()
    event = db.session.query(AuditEvent).one()
    assert (event.action, event.user_id) == ("change set-up", people["Alice"].id)
    assert event.detail == {"record": "Activity MAT", "dr_gl_account": ["300", "310"]}
    log = " ".join(alice.open("/administration/audit-log").text.split())
    assert "Changed the set-up Record: Activity MAT DR GL Account: 300 → 310" in log


def test_saving_over_the_list_brings_the_list_back_as_it_stood(alice, mat):
    form = {**filled(alice.open(mat, htmx=True)), "description": "Other"}
    response = alice.client.post(
        mat,
        data={**form, "csrf_token": alice.token()},
        headers={
            "HX-Request": "true",
            "HX-Current-URL": "http://127.0.0.1:8000/set-up/activities?page=2",
        },
    )
    assert response.headers["HX-Refresh"] == "true"


def test_a_sales_code_is_changed(alice, set_up):
    address = f"/set-up/sales-codes/{set_up.sales.id}"
    given = {"cr_gl_account": "200", "sales_type": "Retention", "gst_type": ""}
    form = {**filled(alice.open(address)), **given}
    form.pop("active")
    assert alice.send(address, form).status_code == 303
    sales = again(SalesCode, set_up.sales.id)
    assert (sales.cr_gl_account, sales.sales_type, sales.gst_type) == ("200", "Retention", None)
    assert not sales.active


def test_a_sales_code_is_made_once_whatever_its_letters(alice, set_up):
    db.session.add(WorkCentre(code="FITOUT", description="Structures"))
    db.session.commit()
    new = "/set-up/sales-codes/new"
    made = {"code": "dayworks", "description": "Day works", "gst_type": "S15"}
    form = {**filled(alice.open(new)), **made, "work_centre": "FITOUT", "cr_gl_account": "210"}

    response = alice.send(new, form)

    assert response.status_code == 303
    assert "Sales Code dayworks is saved." in alice.open(response.location).text
    db.session.rollback()
    sales = db.session.query(SalesCode).filter_by(code="dayworks").one()
    assert (sales.gst_type.code, sales.work_centre.code) == ("S15", "FITOUT")
    assert (sales.cr_gl_account, sales.sales_type, sales.active) == ("210", "Revenue", True)
    again_refused = alice.send(new, {**form, "code": "DayWorks"})
    assert again_refused.status_code == 422
    assert faults(soup(again_refused)) == [
        "There is a Sales Code of this code already. Choose another code."
    ]
    assert filled(alice.open(f"/set-up/sales-codes/{sales.id}"))["work_centre"] == "FITOUT"


def test_a_job_takes_whole_accounts_only(alice, set_up):
    address = f"/set-up/jobs/{set_up.job.id}"
    form = filled(alice.open(address))
    response = alice.send(address, {**form, "dr_gl_account": "@310"})
    assert faults(soup(response)) == ["This is the whole account already: leave out the @."]
    assert alice.send(address, {**form, "dr_gl_account": "310"}).status_code == 303
    assert again(Job, set_up.job.id).dr_gl_account == "310"
    [event] = db.session.query(AuditEvent).all()
    assert event.fin_co_id == set_up.centre.fin_co_id


def test_a_profit_centre_keeps_prefix_and_suffix_as_they_are_written(alice, set_up):
    address = f"/set-up/profit-centres/{set_up.centre.id}"
    given = {"export_code": "Civil", "gl_prefix": "AK.01.", "gl_suffix": "-9"}
    assert alice.send(address, {**filled(alice.open(address)), **given}).status_code == 303
    centre = again(ProfitCentre, set_up.centre.id)
    assert (centre.export_code, centre.gl_prefix, centre.gl_suffix) == ("Civil", "AK.01.", "-9")


FIN_CO = "/set-up/financial-companies/01"


def test_the_template_company_is_found_by_name_or_account(alice, set_up, house):
    for typed in ("Template Ltd", "TMPL", "Template Ltd · TMPL"):
        house.fin_co.template_company = None
        db.session.commit()
        form = {**filled(alice.open(FIN_CO)), "template_company": typed}
        assert alice.send(FIN_CO, form).status_code == 303
        assert again(FinCo, house.fin_co.id).template_company.name == "Template Ltd"


def test_the_template_company_is_one_of_this_fin_co(alice, set_up, house):
    db.session.add(Company(fin_co=house.other, name="Elsewhere Ltd"))
    db.session.commit()
    form = {**filled(alice.open(FIN_CO)), "template_company": "Elsewhere Ltd"}
    page = soup(alice.send(FIN_CO, form))
    assert "No company of this FinCo is like Elsewhere Ltd." in page.text
    found = alice.get(f"{FIN_CO}/suggest?field=template_company&template_company=l", htmx=True)
    assert "Template Ltd" in found.text
    assert "Elsewhere" not in found.text


def test_what_is_not_one_company_names_those_it_may_be(alice, set_up, house):
    db.session.add_all([Company(fin_co=house.fin_co, name="Twin Ltd") for _ in range(2)])
    db.session.commit()
    form = filled(alice.open(FIN_CO))
    near = soup(alice.send(FIN_CO, {**form, "template_company": "templ"}))
    assert "Write one of: Template Ltd · TMPL." in near.text
    twins = soup(alice.send(FIN_CO, {**form, "template_company": "Twin Ltd"}))
    assert "Several companies are called that." in twins.text
    [told] = [word for word in twins.text.split("; ") if "#" in word][:1]
    chosen = "Twin Ltd · #" + told.rpartition("#")[2].split(".")[0]
    assert alice.send(FIN_CO, {**form, "template_company": chosen}).status_code == 303


def test_a_template_company_out_of_use_stays_until_it_is_changed(alice, set_up, house):
    house.fin_co.template_company = set_up.template
    set_up.template.active = False
    db.session.commit()
    form = {**filled(alice.open(FIN_CO)), "description": "New name"}
    assert alice.send(FIN_CO, form).status_code == 303
    assert again(FinCo, house.fin_co.id).template_company is not None


def test_the_retention_job_is_one_of_this_fin_co(alice, set_up, house):
    form = filled(alice.open(FIN_CO))
    found = alice.get(f"{FIN_CO}/suggest?field=retention_job&retention_job=bridge", htmx=True)
    assert "1001" in found.text
    refused = soup(alice.send(FIN_CO, {**form, "retention_job": "2001"}))
    assert "No job of this financial company is called 2001." in refused.text
    assert alice.send(FIN_CO, {**form, "retention_job": "1001"}).status_code == 303
    assert again(FinCo, house.fin_co.id).retention_job_id == set_up.job.id
    form = filled(alice.open(FIN_CO))
    assert form["retention_job"].startswith("1001")
    assert alice.send(FIN_CO, {**form, "retention_job": ""}).status_code == 303
    assert again(FinCo, house.fin_co.id).retention_job_id is None
