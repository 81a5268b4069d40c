from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from setting_up import connect, filled, rate

from webapp.db import db
from webapp.models import AuditEvent, GstType

GRID = "/set-up/gst-types"
SALES = "assets equity liabilities revenue"


def soup(response):
    return BeautifulSoup(response.text, "html.parser")


def kept(code: str) -> GstType | None:
    db.session.rollback()
    return db.session.query(GstType).filter_by(code=code).one_or_none()


def offered(page, gst_type: GstType) -> dict[str, str]:
    options = page.select(f"#g-{gst_type.id}-export_code option")
    return {option["value"]: " ".join(option.text.split()) for option in options[1:]}


def said(page, gst_type: GstType) -> str:
    return " ".join(page.select_one(f"#g-{gst_type.id}-said").text.split())


@pytest.fixture
def new_zealand(house):
    connect(house.fin_co)
    rate(house.fin_co, "INPUT2", "15% GST on Expenses")
    rate(house.fin_co, "OUTPUT2", "15% GST on Income", on=SALES)
    rate(house.fin_co, "NONE", "No GST", "0", on=f"{SALES} expenses")
    rate(house.fin_co, "GSTOLD", "12.5% GST", "12.5", status="ARCHIVED")
    rate(house.fin_co, "NOTHING", "Of no use", on="")


def test_R67_the_picker_lists_active_rates_with_name_and_percentage(alice, new_zealand, set_up):
    assert offered(alice.open(GRID), set_up.gst) == {
        "INPUT2": "INPUT2: 15% GST on Expenses, 15 %",
        "NONE": "NONE: No GST, 0 %",
    }


def test_R67_without_rates_the_code_is_typed(alice, set_up):
    page = alice.open(GRID)
    form = {**filled(page), f"{set_up.gst.id}-export_code": "INPUT2"}
    assert "not known yet" in page.text
    assert alice.send(GRID, form).status_code == 303
    assert kept("G15").export_code == "INPUT2"


def test_R67_a_rate_no_longer_active_stays_where_it_is_used(alice, new_zealand, set_up):
    set_up.gst.export_code = "GSTOLD"
    db.session.commit()
    page = alice.open(GRID)
    assert offered(page, set_up.gst)["GSTOLD"] == "GSTOLD (not active in Xero)"
    assert "GSTOLD is not active in the organisation of 01." in said(page, set_up.gst)
    assert alice.send(GRID, filled(page)).status_code == 303
    assert kept("G15").export_code == "GSTOLD"


def test_R68_a_type_is_offered_the_rates_that_fit_its_use(alice, new_zealand, set_up):
    page = alice.open(GRID)
    sales = kept("S15")
    assert set(offered(page, set_up.gst)) == {"INPUT2", "NONE"}
    assert set(offered(page, sales)) == {"OUTPUT2", "NONE"}

    form = {**filled(page), f"{sales.id}-use_for_ap": "yes"}
    checked = soup(alice.send(f"{GRID}/check?line={sales.id}", form, htmx=True))

    assert [option["value"] for option in checked.select("option")] == ["", "NONE"]
    assert checked.select_one("select")["hx-swap-oob"] == "true"


def test_R68_what_does_not_fit_is_refused_on_the_server_too(alice, new_zealand, set_up):
    form = {**filled(alice.open(GRID)), f"{set_up.gst.id}-export_code": "OUTPUT2"}
    response = alice.send(GRID, form)
    assert response.status_code == 422
    assert "15% GST on Income cannot be used for AP in Xero." in said(soup(response), set_up.gst)
    assert kept("G15").export_code is None


def test_R69_a_percentage_that_is_not_xeros_gives_a_warning(alice, new_zealand, set_up):
    page = alice.open(GRID)
    form = {
        **filled(page),
        f"{set_up.gst.id}-export_code": "INPUT2",
        f"{set_up.gst.id}-percent": "12.5",
    }
    checked = alice.send(f"{GRID}/check?line={set_up.gst.id}", form, htmx=True)
    assert "12.5 % here, 15 % in Xero (01)." in checked.text
    assert alice.send(GRID, form).status_code == 303
    assert said(alice.open(GRID), kept("G15")) == "12.5 % here, 15 % in Xero (01)."
    right = {**filled(alice.open(GRID)), f"{set_up.gst.id}-percent": "15.0"}
    assert alice.send(GRID, right).status_code == 303
    assert said(alice.open(GRID), kept("G15")) == ""


def test_R70_new_zealand_sells_and_buys_at_15_percent(alice, new_zealand, set_up):
    sales = kept("S15")
    form = {
        **filled(alice.open(GRID)),
        f"{set_up.gst.id}-export_code": "INPUT2",
        f"{sales.id}-export_code": "OUTPUT2",
    }
    response = alice.send(GRID, form)
    assert "The GST Types are saved: 2 changed." in alice.open(response.location).text
    assert (kept("G15").export_code, kept("S15").export_code) == ("INPUT2", "OUTPUT2")
    assert said(alice.open(GRID), kept("G15")) == said(alice.open(GRID), kept("S15")) == ""


def test_rates_that_organisations_have_differently_say_whose_they_are(
    alice, bob, house, new_zealand, set_up
):
    connect(house.other)
    rate(house.other, "NONE", "No GST", "0", on=f"{SALES} expenses")
    rate(house.other, "INPUT2", "20% (VAT on Expenses)", "20")
    rate(house.other, "INPUT", "GST on Expenses", "10")
    assert offered(alice.open(GRID), set_up.gst) == {
        "INPUT": "INPUT: GST on Expenses, 10 % (02)",
        "INPUT2": "INPUT2: 15% GST on Expenses, 15 % (01); 20% (VAT on Expenses), 20 % (02)",
        "NONE": "NONE: No GST, 0 %",
    }
    assert "INPUT" not in offered(bob.open(GRID), set_up.gst)


def test_rates_of_an_organisation_that_was_left_are_not_offered(alice, house, set_up):
    rate(house.fin_co, "INPUT2", "15% GST on Expenses")
    assert not alice.open(GRID).select(f"#g-{set_up.gst.id}-export_code")


def test_a_line_is_added_and_saved_with_the_others(alice, set_up):
    page = soup(alice.send(f"{GRID}/add", filled(alice.open(GRID))))
    new = {"code": "ZR", "description": "Zero rated", "percent": "0", "reciprocal_code": "G15"}
    form = {**filled(page), **{f"new-1-{name}": value for name, value in new.items()}}
    assert alice.send(GRID, form).status_code == 303
    assert kept("ZR").percent == Decimal(0)
    assert kept("ZR").use_for_ap
    again = {**filled(alice.open(GRID)), "line": [*filled(alice.open(GRID))["line"], "new-1"]}
    assert alice.send(GRID, again).status_code == 303
    db.session.rollback()
    assert db.session.query(GstType).count() == 3


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({"code": "g15", "percent": "1"}, "There is a GST Type g15 already."),
        ({"code": "ZR", "percent": ""}, "Fill in Percent."),
        ({"code": "ZR", "percent": "150"}, "More than 100 % is no rate."),
        ({"code": "ZR", "percent": "-1"}, "Write a number like"),
        ({"code": "ABCDEFGHIJK", "percent": "1"}, "At most 10 characters"),
        ({"code": "ZR", "percent": "1", "reciprocal_code": "NOPE"}, "There is no NOPE to choose."),
    ],
)
def test_a_line_that_cannot_be_kept_keeps_the_whole_grid_back(alice, set_up, given, fault):
    base = filled(alice.open(GRID))
    form = {**base, "line": [*base["line"], "new-1"], f"{set_up.gst.id}-description": "Changed"}
    form |= {f"new-1-{name}": value for name, value in {"description": "New", **given}.items()}
    response = alice.send(GRID, form)
    assert response.status_code == 422
    assert fault in response.text
    assert "Changed" in response.text
    assert kept("G15").description == "GST on purchases"


def test_a_type_in_use_cannot_be_removed_and_another_can(alice, set_up):
    db.session.add(GstType(code="OLD", description="Of no use", percent=Decimal(1)))
    db.session.commit()
    page = alice.open(GRID)
    assert not page.find("input", attrs={"name": f"{set_up.gst.id}-remove"})
    assert "used by activities" in page.text
    response = alice.send(GRID, {**filled(page), f"{set_up.gst.id}-remove": "yes"})
    assert response.status_code == 422
    assert "It is used by activities, so it has to stay." in response.text
    assert alice.send(GRID, {**filled(page), f"{kept('OLD').id}-remove": "yes"}).status_code == 303
    assert kept("OLD") is None
    assert kept("G15")
    event = db.session.query(AuditEvent).one()
    assert event.action == "remove set-up"
    assert event.detail["record"] == "GST Type OLD"
    assert event.detail["percent"] == ["1", None]


def test_two_people_at_once_lose_nothing_of_the_grid(alice, set_up):
    mine = filled(alice.open(GRID))
    line = set_up.gst.id
    assert alice.send(GRID, {**mine, f"{line}-description": "Theirs"}).status_code == 303

    response = alice.send(GRID, {**mine, f"{line}-description": "Mine"})

    assert response.status_code == 409
    page = soup(response)
    assert page.find("input", attrs={"name": f"{line}-description"})["value"] == "Mine"
    assert [" ".join(now.text.split()) for now in page.select(".now")] == ["Kept now: Theirs"]
    assert kept("G15").description == "Theirs"
    assert alice.send(GRID, filled(page)).status_code == 303
    assert kept("G15").description == "Mine"


def test_a_line_that_somebody_removed_comes_back_only_when_asked_again(alice, house):
    db.session.add(GstType(code="OLD", description="Mine", percent=Decimal(1)))
    db.session.commit()
    mine = filled(alice.open(GRID))
    line = kept("OLD").id
    alice.send(GRID, {**mine, f"{line}-remove": "yes"})
    response = alice.send(GRID, {**mine, f"{line}-description": "Still mine"})
    assert response.status_code == 409
    assert kept("OLD") is None
    assert alice.send(GRID, filled(soup(response))).status_code == 303
    assert kept("OLD").description == "Still mine"
