import datetime as dt
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import pytest
from factories import NOW, make_connection, make_import

from webapp.db import db
from webapp.models import ImportRun, XeroSettings
from webapp.models.xero import TrackingSource
from webapp.services import connections
from webapp.services.connections import ConnectFailed
from webapp.services.errors import NotConnected
from webapp.web.integration import asking, connecting, routes

SCREEN = "/administration/data-transfer/xero-integration"
BUTTONS = [
    "Connect to Xero",
    "Disconnect",
    "Test",
    "Validate Companies",
    "Validate Accounts",
    "Import",
    "Read everything again",
    "Save",
]


def buttons(page) -> list[str]:
    return [button.text.strip() for button in page.select("#screen .buttons button")]


def fact(page, label: str) -> str:
    term = page.select_one("#facts").find("dt", string=label)
    return " ".join(term.find_next("dd").text.split())


def test_the_screen_shows_the_first_fin_co_and_that_it_is_not_connected(alice):
    page = alice.open(SCREEN)
    assert page.select_one("#fin_co option[selected]")["value"] == "01"
    assert fact(page, "Access") == "Not connected"
    assert fact(page, "Last Update") == "Never"
    assert page.select_one("#facts .nothing")
    assert page.select_one(".btn-primary").text.strip() == "Connect to Xero"


def test_the_screen_under_its_other_name_leads_here(alice):
    response = alice.get(f"{SCREEN}-v2?fin_co=02")
    assert (response.status_code, response.location) == (301, f"{SCREEN}?fin_co=02")


def test_R2_choosing_another_fin_co_works_without_scripts(alice):
    page = alice.open(f"{SCREEN}?fin_co=02")
    form = page.select_one("form.chooser")
    assert (form["method"], form["action"]) == ("get", SCREEN)
    assert form.select_one("button")
    assert page.select_one("#fin_co option[selected]")["value"] == "02"


def test_R5_R6_R7_C1_1_a_connected_fin_co_shows_who_when_and_how_long_but_no_token(house, alice):
    make_connection(house.fin_co, last_import_at=NOW)
    page = alice.open(SCREEN)
    assert fact(page, "Company Name") == "North Build Ledger"
    access = fact(page, "Access")
    assert access.startswith("Connected")
    assert "••••beef" in access
    assert "Access until 20 Nov 2026 09:55 UTC" in access
    assert "lapses on 19 Jan 2027" in access
    assert fact(page, "Last Update") == "20 Nov 2026 09:30 UTC"
    assert "ciphertext" not in str(page)


def test_R21_R27_C2_2_each_role_is_offered_its_buttons(house, alice, bob, rita):
    assert buttons(alice.open(SCREEN)) == [name for name in BUTTONS if name != "Disconnect"]
    make_connection(house.fin_co)
    assert buttons(alice.open(SCREEN)) == BUTTONS
    assert buttons(bob.open(SCREEN)) == [
        "Test",
        "Validate Companies",
        "Validate Accounts",
        "Import",
        "Read everything again",
    ]
    assert buttons(rita.open(SCREEN)) == []
    deprecated = alice.open(SCREEN).find("button", string="Validate Companies")
    assert deprecated.has_attr("disabled")


def test_R30_those_who_may_not_save_cannot_type(bob):
    fields = bob.open(SCREEN).select("#settings input:not([type=hidden]), #settings select")
    assert len(fields) == 11
    assert all(field.has_attr("disabled") for field in fields)


SETTINGS = {
    "tracking_category_1": "Division ",
    "tracking_category_2": "Job",
    "tracking_source_2": "Job Type",
    "sync_companies": "y",
    "include_ap_attachments": "y",
}


def test_R8_R10_settings_are_kept_as_they_were_ticked(house, alice):
    response = alice.send(f"{SCREEN}/01/save", SETTINGS)
    assert (response.status_code, response.location) == (303, f"{SCREEN}?fin_co=01#result")
    page = alice.open(response.location)
    assert "The settings of FinCo 01 are saved." in page.select_one("#result").text
    db.session.rollback()
    kept = db.session.get_one(XeroSettings, house.fin_co.id)
    assert (kept.tracking_category_1, kept.tracking_category_2) == ("Division", "Job")
    assert kept.tracking_source_2 is TrackingSource.JOB_TYPE
    assert (kept.sync_companies, kept.sync_payments) == (True, False)
    ticked = {tick["name"] for tick in page.select("#settings input[checked]")}
    assert ticked == {"sync_companies", "include_ap_attachments"}


def test_saving_with_scripts_answers_with_the_result_alone(alice):
    response = alice.send(f"{SCREEN}/01/save", SETTINGS, htmx=True)
    assert response.status_code == 200
    assert "<html" not in response.text
    assert "are saved" in response.text


@pytest.mark.parametrize("htmx", [True, False])
def test_settings_that_cannot_be_kept_are_refused_beside_their_field(house, alice, htmx):
    long = {**SETTINGS, "tracking_category_1": "x" * 101}
    response = alice.send(f"{SCREEN}/01/save", long, htmx=htmx)
    assert response.status_code == 422
    assert "at most 100 characters" in response.text
    assert db.session.get(XeroSettings, house.fin_co.id) is None
    source = alice.send(f"{SCREEN}/01/save", {**SETTINGS, "tracking_source_2": "Moon"}, htmx=htmx)
    assert source.status_code == 422


def result(**more) -> connections.TestResult:
    values = {
        "ok": True,
        "message": "The connection to North works.",
        "way_out": "",
        "elapsed_ms": 1234,
        "organisation_name": "North",
        "country_code": "NZ",
        "base_currency_code": "NZD",
        "period_lock_date": dt.date(2026, 6, 30),
        "end_of_year_lock_date": None,
        "is_demo_company": True,
        "calls_left_today": 4321,
    }
    return connections.TestResult(**{**values, **more})


@pytest.fixture
def xero_says(monkeypatch):
    """Stand in for the foreign system behind the services."""

    def arrange(module, name, outcome):
        def said(*_args, **_more):
            if isinstance(outcome, Exception):
                raise outcome
            return outcome

        monkeypatch.setattr(module, name, said)

    return arrange


@pytest.mark.parametrize("htmx", [True, False])
def test_R20_a_test_tells_what_the_organisation_said(bob, xero_says, htmx):
    xero_says(asking, "test_connection", result())
    response = bob.send(f"{SCREEN}/01/test", htmx=htmx)
    text = response.text if htmx else str(bob.open(response.location).select_one("#result"))
    for said in ("The connection to North works.", "North (demo)", "1.2 s", "30 Jun 2026", "4,321"):
        assert said in text


def test_a_test_that_failed_says_what_to_do(bob, xero_says):
    xero_says(asking, "test_connection", result(ok=False, message="No.", way_out="Do this."))
    response = bob.send(f"{SCREEN}/01/test", htmx=True)
    assert "notice-danger" in response.text
    assert "Do this." in response.text


def test_testing_what_is_not_connected_is_refused(bob):
    response = bob.send(f"{SCREEN}/01/test", htmx=True)
    assert response.status_code == 409
    assert "notice-danger" in response.text


def test_R26_an_import_starts_and_its_progress_appears_below_the_buttons(house, bob):
    make_connection(house.fin_co)
    db.session.add(XeroSettings(fin_co_id=house.fin_co.id))
    db.session.commit()
    response = bob.send(f"{SCREEN}/01/import", htmx=True)
    db.session.rollback()
    run = db.session.query(ImportRun).one()
    assert f'id="import-{run.id}"' in response.text
    assert "Started by Bob" in " ".join(response.text.split())
    event = bob.open(SCREEN).select("#activity tbody tr")[0]
    assert "Bob Started an import" in " ".join(event.text.split())
    again = bob.send(f"{SCREEN}/01/import", htmx=True)
    assert len(bob.open(SCREEN).select("#activity tbody tr")) == 1
    assert "An import is running already, started by Bob" in again.text
    assert f'id="import-{run.id}"' in again.text
    plain = bob.send(f"{SCREEN}/01/import")
    page = bob.open(plain.location)
    assert page.select_one(f"#result #import-{run.id}")
    assert page.select_one("#imported noscript a")["href"].startswith("/imports/")


def test_importing_without_a_connection_is_refused(house, bob):
    response = bob.send(f"{SCREEN}/01/import", htmx=True)
    assert response.status_code == 409


def test_coming_back_later_the_last_import_is_still_told(house, bob, people):
    run = make_import(house.fin_co, user=people["Bob"])
    page = bob.open(SCREEN)
    panel = page.select_one(f"#import-{run.id}")
    text = " ".join(panel.text.split())
    assert "Import completed" in text
    assert "31 companies new, 4 changed; 5 left out (1 failed), see why." in text
    assert "1,204" in text
    assert "1 min 13 s" in text
    assert "Blue <Crane> Hire" in text
    assert "no Account Number" in text
    assert not page.select('meta[http-equiv="refresh"]')


def test_the_number_of_statements_does_not_grow_with_the_problems(house, bob, statements):
    make_import(house.fin_co)
    make_connection(house.fin_co)
    with statements() as seen:
        bob.open(SCREEN)
    assert len(seen) <= 24


# Connecting


def begin(browser, code: str = "01") -> str:
    response = browser.send(f"{SCREEN}/{code}/connect")
    assert response.status_code == 303
    address = urlsplit(response.location)
    assert address.netloc == "127.0.0.1:9999"
    return parse_qs(address.query)["state"][0]


@pytest.fixture
def connected(xero_says):
    calls = []

    def complete(_xero, **asked):
        calls.append(asked)
        return SimpleNamespace(organisation_name="North Build Ledger")

    return calls, complete


def test_C1_7_a_consent_comes_back_to_its_fin_co_to_be_confirmed(
    alice, people, connected, monkeypatch
):
    calls, complete = connected
    monkeypatch.setattr(connecting, "receive_consent", complete)
    state = begin(alice, "02")
    response = alice.get(f"/xero/callback?code=abc&state={state}")
    assert (response.status_code, response.location) == (302, f"{SCREEN}?fin_co=02#confirm")
    assert (calls[0]["code"], calls[0]["user_id"]) == ("abc", people["Alice"].id)


def test_C1_10_a_state_works_once(alice, connected, monkeypatch):
    calls, complete = connected
    monkeypatch.setattr(connecting, "receive_consent", complete)
    state = begin(alice)
    alice.get(f"/xero/callback?code=abc&state={state}")
    again = alice.open(f"/xero/callback?code=abc&state={state}", status=400)
    assert "Nothing changed." in " ".join(again.text.split())
    assert len(calls) == 1


@pytest.mark.parametrize("query", ["", "code=abc", "code=abc&state=", "code=abc&state=made-up"])
def test_C1_10_an_answer_nobody_asked_for_calls_nobody(alice, connected, monkeypatch, query):
    calls, complete = connected
    monkeypatch.setattr(connecting, "receive_consent", complete)
    alice.open(f"/xero/callback?{query}", status=400)
    assert calls == []


def test_C1_10_a_state_of_another_browser_is_not_taken(browser_of, connected, monkeypatch):
    calls, complete = connected
    monkeypatch.setattr(connecting, "receive_consent", complete)
    state = begin(browser_of("Alice"))
    browser_of("Alice").open(f"/xero/callback?code=abc&state={state}", status=400)
    assert calls == []


def test_R19_a_declined_consent_changes_nothing_and_says_so_quietly(house, alice):
    make_connection(house.fin_co)
    state = begin(alice)
    response = alice.get(f"/xero/callback?error=access_denied&state={state}")
    assert response.status_code == 302
    page = alice.open(response.location)
    assert page.select_one("#result .notice-info")
    assert "the consent page was cancelled" in page.select_one("#result").text
    assert fact(page, "Company Name") == "North Build Ledger"


def test_a_connection_that_could_not_be_made_says_why(alice, xero_says):
    xero_says(connecting, "receive_consent", ConnectFailed("Xero said no.", "Press again."))
    state = begin(alice)
    page = alice.open(alice.get(f"/xero/callback?code=abc&state={state}").location)
    assert "Xero said no." in page.select_one("#result .notice-danger").text


@pytest.mark.parametrize("htmx", [True, False])
def test_R28_disconnecting_says_that_the_settings_stay(house, alice, xero_says, htmx):
    make_connection(house.fin_co)
    xero_says(routes, "disconnect", None)
    response = alice.send(f"{SCREEN}/01/disconnect", htmx=htmx)
    text = response.text if htmx else alice.open(response.location).text
    assert "FinCo 01 is disconnected." in text


def test_disconnecting_what_is_not_connected_is_refused(alice, xero_says):
    xero_says(routes, "disconnect", NotConnected("It is not connected.", "Connect it."))
    assert alice.send(f"{SCREEN}/01/disconnect", htmx=True).status_code == 409


def test_a_foreign_fin_co_does_not_exist(bob, charlie):
    bob.open(f"{SCREEN}?fin_co=02", status=404)
    assert bob.send(f"{SCREEN}/02/import").status_code == 404
    assert [option["value"] for option in charlie.open(SCREEN).select("#fin_co option")] == ["02"]


def test_somebody_without_any_fin_co_is_told_whom_to_ask(people, browser_of):
    people["Rita"].fin_cos = []
    db.session.commit()
    assert "Ask an administrator" in browser_of("Rita").open(SCREEN).text


def test_a_form_that_leads_to_xero_may_be_followed_there(alice):
    policy = alice.get(SCREEN).headers["Content-Security-Policy"]
    assert "form-action 'self' http://127.0.0.1:9999;" in policy


def test_Q13_whether_journals_are_tracked_is_kept(alice, house):
    page = alice.open(f"{SCREEN}?fin_co=01")
    assert page.select_one("#track_journals").get("checked") is None

    alice.send(f"{SCREEN}/01/save", {"track_journals": "y", "tracking_source_2": "Job Code"})

    page = alice.open(f"{SCREEN}?fin_co=01")
    assert page.select_one("#track_journals").get("checked") is not None
