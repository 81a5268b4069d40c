"""Where the answers of buttons go, and what the panel of a run says meanwhile."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from factories import NOW, make_batch, make_connection, make_document, make_import, make_run

from webapp.db import db
from webapp.domain.runs import ItemState
from webapp.models import XeroSettings

SCREEN = "/administration/data-transfer/xero-integration"


def words(tag) -> str:
    return " ".join(tag.text.split())


def test_no_button_s_answer_takes_the_place_of_a_running_import(house, alice):
    make_connection(house.fin_co)
    run = make_import(house.fin_co, finished=False)
    page = alice.open(SCREEN)
    panel = page.select_one(f"#result #import-{run.id}")
    targets = {tag["hx-target"] for tag in page.select("form[hx-post]")}
    assert targets == {"#said", "#screen"}
    said = page.select_one("#result #said")
    assert not said.select(f"#import-{run.id}")
    assert panel in said.find_all_next("section")


def test_a_started_import_goes_into_the_place_of_panels(house, bob):
    make_connection(house.fin_co)
    db.session.add(XeroSettings(fin_co_id=house.fin_co.id))
    db.session.commit()
    answered = BeautifulSoup(bob.send(f"{SCREEN}/01/import", htmx=True).text, "html.parser")
    place = answered.select_one("#imported[hx-swap-oob=true]")
    assert place.select_one("section.run")
    assert bob.open(SCREEN).select_one("#result > #imported section.run")


def test_settings_that_cannot_be_kept_bring_the_whole_screen_back(house, alice):
    response = alice.send(f"{SCREEN}/01/save", {"tracking_source_2": "Moon"}, htmx=True)
    assert response.status_code == 422
    assert (response.headers["HX-Retarget"], response.headers["HX-Reswap"]) == (
        "#screen",
        "outerHTML",
    )
    assert response.text.lstrip().startswith('<div id="screen">')


def test_who_stands_before_the_button_is_told_to_press_it(house, alice, bob):
    told = alice.send(f"{SCREEN}/01/test", htmx=True).text
    assert "Press Connect to Xero." in told
    assert "An administrator" not in told
    assert "An administrator connects it" in bob.send(f"{SCREEN}/01/test", htmx=True).text


@pytest.mark.parametrize("address", [SCREEN, "/administration/audit-log"])
def test_a_fin_co_is_chosen_with_show_not_with_an_arrow_key(house, alice, address):
    form = alice.open(address).select_one("form.chooser")
    assert [words(button) for button in form.select(":not(noscript) > button")] == ["Show"]
    assert not form.select_one("select").has_attr("data-submit-on-change")


@pytest.mark.parametrize("asks", [True, False])
def test_an_export_that_waits_for_a_person_says_so(house, bob, asks):
    document = make_document(make_batch(house))
    run = make_run(
        house.fin_co,
        [(document, ItemState.PENDING)],
        finished=False,
        resume_at=NOW + dt.timedelta(minutes=1),
        pause_reason="Xero no longer accepts the connection.",
        waits_for_person=asks,
    )
    panel = bob.open(f"/export-runs/{run.id}/panel")
    assert words(panel.find("h2")) == ("Waiting for you" if asks else "Waiting")
    assert ("Somebody has to do this first." in words(panel)) is asks
    assert ("It continues by itself" in words(panel)) is not asks
