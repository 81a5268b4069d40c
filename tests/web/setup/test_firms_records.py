"""The records a firm makes once: Locations, Profit Centres, jobs, what jobs are put into."""

import pytest
from bs4 import BeautifulSoup
from factories import make_batch
from setting_up import account, filled, tick

from webapp.db import db
from webapp.models import (
    AuditEvent,
    Company,
    FinCo,
    GlAccount,
    Job,
    JobGroup,
    JobType,
    Location,
    ProfitCentre,
    WorkCentre,
)


def soup(response):
    return BeautifulSoup(response.text, "html.parser")


def faults(response) -> list[str]:
    return [fault.get_text(strip=True) for fault in soup(response).select(".fault")]


def make(person, place: str, **given):
    """Fill in the form of a new record and send it."""
    address = f"/set-up/{place}/new"
    return person.send(address, {**filled(person.open(address)), **given})


def change(person, address: str, **given):
    return person.send(address, {**filled(person.open(address)), **given})


def only(model, **named):
    db.session.rollback()
    return db.session.query(model).filter_by(**named).one()


@pytest.mark.parametrize(
    ("place", "given", "model"),
    [
        ("locations", {"code": "WN", "description": "Wellington", "batch_prefix": "W"}, Location),
        ("work-centres", {"code": "FRAME", "description": "Framing"}, WorkCentre),
        ("job-types", {"code": "CIVIL", "description": "Civil works"}, JobType),
        ("job-groups", {"category": "Export", "description": "North", "value": "N"}, JobGroup),
    ],
)
def test_a_record_of_a_few_words_is_made_and_changed_once_and_logged(
    alice, house, place, given, model
):
    assert make(alice, place, **given).status_code == 303
    made = only(model, description=given["description"])
    assert {name: getattr(made, name) for name in given} == given
    assert len(faults(make(alice, place, **given))) >= 1

    address = f"/set-up/{place}/{made.id}"
    mine = filled(alice.open(address))
    assert alice.send(address, {**mine, "description": "Theirs"}).status_code == 303
    clash = alice.send(address, {**mine, "description": "Mine"})
    assert clash.status_code == 409
    assert "Kept now: Theirs" in " ".join(soup(clash).text.split())
    db.session.rollback()
    events = db.session.query(AuditEvent).order_by(AuditEvent.id).all()
    assert [event.action for event in events] == ["add set-up", "change set-up"]
    assert events[1].detail["description"] == [given["description"], "Theirs"]


def test_R82_a_prefix_is_of_one_location_and_has_no_digits(alice, house):
    given = {"code": "WN", "description": "Wellington"}
    for prefix, fault in (
        ("a", "Location AK has the prefix a already. Each needs its own."),
        ("2", "Letters from A to Z only: digits follow it in a batch number."),
    ):
        assert faults(make(alice, "locations", **given, batch_prefix=prefix)) == [fault]
    assert make(alice, "locations", **given, batch_prefix="").status_code == 303
    second = {"code": "CH", "description": "Christchurch", "batch_prefix": ""}
    assert faults(make(alice, "locations", **second)) == [
        "Location WN has no prefix already. Each needs its own."
    ]


def test_a_prefix_stays_once_a_batch_carries_it(alice, house):
    address = f"/set-up/locations/{house.location.id}"
    assert change(alice, address, batch_prefix="AK").status_code == 303
    form = filled(alice.open(address))
    db.session.rollback()
    make_batch(house)
    assert alice.open(address).select_one("#r-batch_prefix").has_attr("readonly")
    assert alice.send(address, {**form, "batch_prefix": "Z"}).status_code == 303
    assert only(Location, code="AK").batch_prefix == "AK"


def test_a_list_says_how_often_a_record_is_used(rita, set_up):
    row = [cell.get_text(strip=True) for cell in rita.open("/set-up/work-centres").select("td")]
    assert row == ["Structures", "1", "0"]


def test_a_profit_centre_is_made_for_good_in_its_fin_co(alice, set_up, house):
    given = {"code": "WN.CIVIL", "description": "Wellington Civil", "fin_co": "02"}
    assert make(alice, "profit-centres", **given, location="AK").status_code == 303
    centre = only(ProfitCentre, code="WN.CIVIL")
    assert centre.fin_co_id == house.other.id
    change(alice, f"/set-up/profit-centres/{centre.id}", fin_co="01", manager="Mo")
    centre = only(ProfitCentre, code="WN.CIVIL")
    assert (centre.fin_co_id, centre.manager) == (house.other.id, "Mo")
    assert faults(
        make(alice, "profit-centres", **{**given, "code": "wn.civil"}, location="AK")
    ) == ["There is a Profit Centre of this code already. Choose another code."]


def test_nothing_that_must_be_chosen_is_chosen_for_a_person(alice, set_up):
    response = make(alice, "jobs", code="1002", description="Pier")
    assert faults(response) == ["Fill in Profit Centre."]


def test_a_financial_company_is_made(alice, house):
    given = {"description": "Australia Pty", "base_currency": "AUD", "default_location": "AK"}
    for code, fault in (
        ("new", "Letters, digits, dots and hyphens only, like 01 or NZ-2."),
        ("a/b", "Letters, digits, dots and hyphens only, like 01 or NZ-2."),
        ("01", "There is a Financial Company of this code already. Choose another code."),
    ):
        assert faults(make(alice, "financial-companies", code=code, **given)) == [fault]
    wrong = {**given, "base_currency": "aud"}
    assert faults(make(alice, "financial-companies", code="03", **wrong)) == [
        "Three capital letters, like NZD."
    ]
    assert make(alice, "financial-companies", code="03", **given).status_code == 303
    made = only(FinCo, code="03")
    assert (made.base_currency_code, made.default_location.code) == ("AUD", "AK")
    assert alice.open("/set-up/financial-companies/03").h1


def test_an_account_is_typed_in_where_charts_are_not_imported(alice, house):
    tick(house.fin_co)
    given = {"code": "300", "description": "Purchases", "section": "Direct Costs"}
    refused = make(alice, "gl-accounts", **given, fin_co="01")
    assert faults(refused) == ["There is no 01 to choose. Choose another."]
    assert make(alice, "gl-accounts", **given, fin_co="02", sequence_no="10").status_code == 303
    made = only(GlAccount, code="300")
    assert (made.fin_co_id, made.sequence_no, made.active) == (house.other.id, 10, True)
    address = f"/set-up/gl-accounts/{made.id}"
    assert faults(change(alice, address, sequence_no="1.5")) == ["Write a whole number."]
    assert change(alice, address, category="Job Cost").status_code == 303
    assert only(GlAccount, code="300").category == "Job Cost"
    assert len(faults(make(alice, "gl-accounts", **given, fin_co="02"))) == 1


def test_an_account_of_another_fin_co_is_not_there(bob, house):
    kept = account(house.other, "400", "Foreign purchases")
    bob.open(f"/set-up/gl-accounts/{kept.id}", status=404)


@pytest.fixture
def groups(house) -> None:
    db.session.add_all(
        [
            JobGroup(category="Export", description="North"),
            JobGroup(category="Region", description="City, inner"),
            JobType(code="CIVIL", description="Civil works"),
        ]
    )
    db.session.commit()


def test_R102_a_job_is_made_with_its_client_type_parent_and_groups(alice, set_up, groups):
    response = make(
        alice,
        "jobs",
        code="1002",
        description="Pier",
        profit_centre="AK.CIVIL",
        client="Template Ltd",
        job_type="CIVIL",
        parent="1001",
        groups=["Export: North", "Region: City, inner"],
        dr_gl_account="310",
    )
    assert response.status_code == 303
    job = only(Job, code="1002")
    assert job.client.name == "Template Ltd"
    assert job.parent_id == set_up.job.id
    assert job.job_type.code == "CIVIL"
    assert {group.category for group in job.groups} == {"Export", "Region"}
    assert (job.dr_gl_account, job.active) == ("310", True)

    page = alice.open(f"/set-up/jobs/{job.id}")
    assert page.select_one("#r-client")["value"] == "Template Ltd · TMPL"
    assert page.select_one("#r-parent")["value"] == "1001 · AK.CIVIL"
    form = {**filled(page), "groups": "Export: North"}
    assert alice.send(f"/set-up/jobs/{job.id}", form).status_code == 303
    assert [group.description for group in only(Job, code="1002").groups] == ["North"]
    event = db.session.query(AuditEvent).order_by(AuditEvent.id.desc()).first()
    assert event.detail["groups"] == [
        "Export: North, Region: City, inner",
        "Export: North",
    ]


def test_what_a_job_cannot_be_is_said_at_its_field(alice, set_up, house):
    db.session.add(Company(fin_co=house.other, name="Elsewhere Ltd"))
    db.session.commit()
    given = {"code": "1002", "description": "Pier", "profit_centre": "AK.CIVIL"}
    for wrong, fault in (
        ({"code": "1001"}, "This Profit Centre has a job of this code already."),
        ({"client": "Elsewhere Ltd"}, "No company of this FinCo is like Elsewhere Ltd."),
        ({"parent": "2001"}, "No job of this financial company is called 2001."),
        ({"groups": "Export: West"}, "There is no Export: West to tick."),
        ({"profit_centre": ""}, "Fill in Profit Centre."),
    ):
        [found] = faults(make(alice, "jobs", **{**given, **wrong}))
        assert found.startswith(fault)


def test_a_job_is_never_below_itself(alice, set_up):
    make(alice, "jobs", code="1002", description="Pier", profit_centre="AK.CIVIL", parent="1001")
    [fault] = faults(change(alice, f"/set-up/jobs/{set_up.job.id}", parent="1002"))
    assert fault == "1002 is this job or one of its own sub-jobs."


def test_a_job_stays_in_its_fin_co(alice, set_up):
    [fault] = faults(change(alice, f"/set-up/jobs/{set_up.job.id}", profit_centre="SY.STEEL"))
    assert fault == "There is no SY.STEEL to choose. Choose another."


def test_clients_and_parents_are_suggested_from_the_fin_co_of_the_profit_centre(alice, set_up):
    def suggested(centre: str, field: str, typed: str) -> str:
        return alice.get(
            f"/set-up/jobs/new/suggest?field={field}&{field}={typed}&profit_centre={centre}",
            htmx=True,
        ).text

    assert "Template Ltd" in suggested("AK.CIVIL", "client", "temp")
    assert "Template Ltd" not in suggested("SY.STEEL", "client", "temp")
    assert "1001 · AK.CIVIL" in suggested("AK.CIVIL", "parent", "bridge")
    assert "1001" not in suggested("SY.STEEL", "parent", "bridge")
    assert not suggested("", "parent", "bridge").strip()


def test_an_account_typed_in_by_hand_is_deleted_and_made_anew_under_another_code(alice, house):
    given = {"code": "300", "description": "Purchases", "section": "Costs", "category": "Job Cost"}
    make(alice, "gl-accounts", **given, fin_co="02")
    address = f"/set-up/gl-accounts/{only(GlAccount, code='300').id}"
    page = alice.open(address)
    assert page.find("button", string="Delete this account")
    assert alice.send(f"{address}/delete").status_code == 303
    assert "GL Account 300 is deleted." in alice.open("/set-up/gl-accounts").text
    assert alice.get(address).status_code == 404
    assert alice.send(f"{address}/delete").status_code == 404
    make(alice, "gl-accounts", **{**given, "code": "310"}, fin_co="02")
    assert only(GlAccount).code == "310"


def test_R64_an_account_from_xero_is_not_deleted_here(alice, house):
    kept = GlAccount(
        fin_co_id=house.fin_co.id,
        code="300",
        description="Purchases",
        section="Costs",
        xero_account_id="a" * 36,
    )
    db.session.add(kept)
    db.session.commit()
    address = f"/set-up/gl-accounts/{kept.id}"
    assert alice.open(address).find("button", string="Delete this account") is None
    alice.send(f"{address}/delete")
    assert "was not deleted" in alice.open("/set-up/gl-accounts").text
    assert only(GlAccount).code == "300"
