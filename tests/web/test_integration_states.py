"""What the Xero Integration screen says of each state a connection can be in."""

import datetime as dt
from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa
from factories import NOW, make_connection, make_import

from webapp.db import db, utc_now
from webapp.domain.runs import RunOrigin
from webapp.models import (
    PendingConnection,
    XeroConnection,
    XeroSettings,
    XeroTrackingCategory,
)
from webapp.models.xero import ConnectionState
from webapp.services import audit
from webapp.xero.authorize import BASE_SCOPES, PAYROLL_SCOPES

SCREEN = "/administration/data-transfer/xero-integration"
TENANT = "cccccccc-0000-4000-8000-00000000face"
BROKEN = {
    "state": ConnectionState.RECONNECT_NEEDED,
    "state_reason": "It was disconnected inside Xero.",
}


def words(element) -> str:
    return " ".join(element.text.split())


def fact(page, label: str) -> str:
    return words(page.select_one("#facts").find("dt", string=label).find_next("dd"))


def connect_button(page) -> str:
    return page.select_one('.buttons form[action$="/connect"] button').text.strip()


def categories(fin_co, connection, **statuses) -> None:
    connection.tracking_read_at = NOW
    for number, (name, status) in enumerate(statuses.items()):
        db.session.add(
            XeroTrackingCategory(
                fin_co_id=fin_co.id,
                tenant_id=connection.tenant_id,
                category_id=f"dddddddd-0000-4000-8000-{number:012}",
                name=name,
                status=status,
            )
        )
    db.session.commit()


def wait_for(fin_co, user, name="South Ledger") -> None:
    token = make_connection(fin_co).token_id
    db.session.add(
        PendingConnection(
            fin_co_id=fin_co.id,
            user_id=user.id,
            tenant_id=TENANT,
            connection_id="eeeeeeee-0000-4000-8000-00000000feed",
            token_id=token,
            organisation_name=name,
            created_at=NOW,
        )
    )
    db.session.commit()


def test_R1_the_menu_leads_through_administration_and_data_transfer_to_the_screen(alice):
    folder = alice.open("/").select_one("#administration")
    assert folder.select_one("#data-transfer")
    link = folder.find("a", string="Xero Integration")["href"]
    assert alice.open(link).select_one("h1").text == "Xero Integration"


def test_R2_R3_R4_each_fin_co_shows_its_own_values_only(house, alice):
    make_connection(house.fin_co, last_import_at=NOW)
    db.session.add(XeroSettings(fin_co_id=house.fin_co.id, tracking_category_1="Division"))
    db.session.commit()
    assert "Division" in str(alice.open(f"{SCREEN}?fin_co=01"))
    other = alice.open(f"{SCREEN}?fin_co=02")
    assert fact(other, "Last Update") == "Never"
    assert fact(other, "Access") == "Not connected"
    assert "Division" not in str(other)
    assert "North Build Ledger" not in str(other)


def test_R10_a_tick_alone_keeps_nothing(house, alice):
    alice.open(SCREEN)
    assert db.session.get(XeroSettings, house.fin_co.id) is None
    assert alice.open(SCREEN).select_one("#sync_companies").has_attr("checked")


def test_C1_2_each_state_has_its_own_words(house, alice):
    assert fact(alice.open(SCREEN), "Access") == "Not connected"
    connection = make_connection(house.fin_co)
    assert fact(alice.open(SCREEN), "Access").startswith("Connected")
    connection.state = ConnectionState.RECONNECT_NEEDED
    db.session.commit()
    assert fact(alice.open(SCREEN), "Access") == "Needs to be connected again"


def test_C1_3_a_broken_connection_says_why_and_offers_to_reconnect(house, alice, bob):
    assert connect_button(alice.open(SCREEN)) == "Connect to Xero"
    make_connection(house.fin_co, outage_since=NOW, **BROKEN)
    page = alice.open(SCREEN)
    banner = page.select_one("#broken")
    assert "It was disconnected inside Xero." in words(banner)
    assert "nothing has come in since 20 Nov 2026 09:30 UTC" in words(banner)
    assert words(banner.select_one("form button")) == "Reconnect to Xero"
    assert connect_button(page) == "Reconnect to Xero"
    for_bob = bob.open(SCREEN).select_one("#broken")
    assert "Ask an administrator" in words(for_bob)
    assert not for_bob.select("button")


def test_C1_3_what_a_button_changed_renews_the_connect_button_too(house, alice):
    status = alice.open(SCREEN).select_one("#status")
    assert {"run-ended from:body", "changed from:body"} == set(status["hx-trigger"].split(", "))
    make_connection(house.fin_co, **BROKEN)
    part = alice.open(f"{SCREEN}?fin_co=01", htmx=True)
    places = status["hx-select-oob"].split(",")
    assert "#links" in places
    for place in places:
        assert part.select_one(place)
    assert words(part.select_one("#links form button")) == "Reconnect to Xero"
    assert words(part.select("#links form button")[1]) == "Disconnect"


def test_R33_an_outage_is_told_with_since_when_and_why(house, bob):
    make_connection(house.fin_co, outage_since=NOW, outage_reason="Xero does not answer.")
    banner = words(bob.open(SCREEN).select_one("#outage"))
    assert "Nothing has come in from North Build Ledger since 20 Nov 2026 09:30 UTC." in banner
    assert "Xero does not answer." in banner


@pytest.mark.parametrize(("unused", "warned"), [(49, False), (51, True)])
def test_a_connection_that_nobody_uses_warns_ten_days_before_it_lapses(house, bob, unused, warned):
    make_connection(house.fin_co, refreshed_at=utc_now() - dt.timedelta(days=unused))
    assert bool(bob.open(SCREEN).select("#lapse")) == warned


@pytest.mark.parametrize(
    ("country", "scopes", "said"),
    [
        ("NZ", BASE_SCOPES, "Unavailable for New Zealand organisations"),
        ("AU", BASE_SCOPES, "Not granted"),
        ("AU", BASE_SCOPES + PAYROLL_SCOPES, "Granted"),
    ],
)
def test_R9_payroll_access_follows_what_was_granted(house, alice, country, scopes, said):
    make_connection(house.fin_co, country_code=country, scope=" ".join(scopes))
    page = alice.open(SCREEN)
    shown = page.select_one("#facts").find("dt", string="Payroll Access").find_next("dd")
    assert shown.contents[0].strip() == said
    tick = page.select_one("#ask-payroll")
    assert (tick is not None, bool(tick and tick.has_attr("checked"))) == (
        country == "AU",
        said == "Granted",
    )
    if said == "Not granted":
        assert "An administrator asks for it with the tick" in words(shown)


@pytest.mark.parametrize("asked", [True, False])
def test_R9_C4_1_payroll_is_asked_for_only_where_it_is_ticked(house, alice, asked):
    response = alice.send(f"{SCREEN}/01/connect", {"payroll": "y"} if asked else {})
    scope = parse_qs(urlsplit(response.location).query)["scope"][0].split()
    assert set(scope) == {*BASE_SCOPES, *(PAYROLL_SCOPES if asked else ())}


def test_R9_reconnecting_from_a_banner_asks_for_what_was_granted_before(house, alice):
    connection = make_connection(
        house.fin_co, country_code="AU", scope=" ".join(BASE_SCOPES + PAYROLL_SCOPES), **BROKEN
    )
    assert alice.open(SCREEN).select_one("#broken form input[name=payroll][value=y]")
    connection.token.scope = " ".join(BASE_SCOPES)
    db.session.commit()
    assert not alice.open(SCREEN).select("#broken input[name=payroll]")


def test_C4_2_missing_permissions_are_listed_with_what_they_are_for_and_asked_for(
    house, alice, bob
):
    scopes = [scope for scope in BASE_SCOPES if scope != "accounting.attachments"]
    connection = make_connection(house.fin_co, scope=" ".join(scopes))
    page = alice.open(SCREEN)
    listed = [words(item) for item in page.select("#missing li")]
    assert listed == ["sending the files of invoices along accounting.attachments"]
    assert words(page.select_one("#missing form[action$='/connect'] button")) == (
        "Ask for permission"
    )
    assert fact(page, "Access").startswith("Connected")
    assert connect_button(page) == "Connect to Xero"
    for_bob = bob.open(SCREEN).select_one("#missing")
    assert "Ask an administrator" in words(for_bob)
    assert not for_bob.select("button")
    connection.token.scope = " ".join(BASE_SCOPES)
    db.session.commit()
    assert not alice.open(SCREEN).select("#missing")


def test_R8_tracking_categories_are_chosen_from_what_xero_has(house, alice):
    connection = make_connection(house.fin_co)
    assert alice.open(SCREEN).select_one("input#tracking_category_1")
    categories(house.fin_co, connection, Division="ACTIVE", Old="ARCHIVED", Crew="ACTIVE")
    settings = XeroSettings(
        fin_co_id=house.fin_co.id, tracking_category_1="division", tracking_category_2="Old"
    )
    db.session.add(settings)
    db.session.commit()
    page = alice.open(SCREEN)

    def offered(place: str) -> list[str]:
        return [words(option) for option in page.select(f"select#{place} option")]

    assert offered("tracking_category_1") == ["None", "Crew", "Division", "division (not in Xero)"]
    assert offered("tracking_category_2") == ["None", "Crew", "Division", "Old (archived in Xero)"]
    chosen = page.select("select[id^=tracking_category] option[selected]")
    assert [option["value"] for option in chosen] == ["division", "Old"]
    problem = words(page.select_one("#tracking_category_1-problem"))
    assert "Xero has Division: write it so, with the same capitals." in problem


def test_the_checklist_names_what_is_missing_and_where_it_is_done(house, alice):
    page = alice.open(SCREEN)
    steps = page.select_one("#getting-started")
    assert "6 of 6 still to do" in words(steps)
    assert len(steps.select("a")) == 6
    for link in steps.select("a"):
        address, _, place = link["href"].partition("#")
        assert alice.open(address).find(id=place), link
    make_connection(house.fin_co, last_import_at=NOW)
    assert "3 of 6 still to do" in words(alice.open(SCREEN).select_one("#getting-started"))


@pytest.mark.parametrize(
    ("origin", "said"),
    [(RunOrigin.SCHEDULE, "Started by the schedule"), (RunOrigin.COMMAND, "Started by a command")],
)
def test_an_import_says_what_started_it(house, bob, origin, said):
    run = make_import(house.fin_co, origin=origin)
    assert said in words(bob.open(SCREEN).select_one(f"#import-{run.id}"))


def test_without_scripts_a_running_import_is_watched_where_nothing_can_be_wiped(house, bob):
    run = make_import(house.fin_co, finished=False)
    page = bob.open(SCREEN)
    assert not page.select("meta[http-equiv=refresh]")
    link = page.select_one(f"#imported noscript a[href='/imports/{run.id}']")
    watching = bob.open(link["href"])
    assert watching.select_one("noscript meta[http-equiv=refresh]")
    assert watching.select_one(f"#import-{run.id}")
    assert not watching.select("main input:not([type=hidden]), main select")


def test_C1_7_a_consent_shows_the_organisation_and_asks(house, alice, bob, people):
    wait_for(house.fin_co, people["Alice"])
    panel = alice.open(SCREEN).select_one("#confirm")
    assert "South Ledger" in words(panel)
    assert "North Build Ledger" in words(panel)
    assert panel.select_one("input#organisation").has_attr("required")
    assert [words(button) for button in panel.select("button")] == ["Confirm", "Cancel"]
    assert not bob.open(SCREEN).select("#confirm")


def test_C1_6_the_organisation_that_was_connected_last_is_named_too(house, alice, people):
    wait_for(house.fin_co, people["Alice"])
    connection = db.session.scalars(sa.select(XeroConnection)).one()
    connection.state = ConnectionState.DISCONNECTED
    db.session.commit()
    panel = alice.open(SCREEN).select_one("#confirm")
    assert "was last connected to North Build Ledger." in words(panel)
    assert panel.select_one("input#organisation").has_attr("required")


def test_a_consent_of_somebody_else_may_only_be_cancelled(house, alice, people):
    wait_for(house.fin_co, people["Bob"])
    panel = alice.open(SCREEN).select_one("#confirm")
    assert "Bob chose South Ledger" in words(panel)
    assert [words(button) for button in panel.select("button")] == ["Cancel"]


@pytest.mark.parametrize("typed", ["", "south ledger", "North Build Ledger"])
def test_C1_6_another_organisation_is_not_taken_without_its_name(house, alice, people, typed):
    wait_for(house.fin_co, people["Alice"])
    form = {"organisation": typed, "tenant_id": TENANT}
    response = alice.send(f"{SCREEN}/01/confirm", form)
    assert response.status_code == 422
    assert "Type South Ledger letter by letter, or cancel." in response.text
    assert 'aria-invalid="true"' in response.text
    db.session.rollback()
    assert fact(alice.open(SCREEN), "Company Name") == "North Build Ledger"


def test_confirming_what_is_not_there_changes_nothing(house, alice):
    response = alice.send(f"{SCREEN}/01/confirm", {"tenant_id": TENANT})
    assert "There is no consent to confirm" in alice.open(response.location).text


def test_C14_2_saving_is_in_the_log_with_what_changed_and_from_where(house, alice, bob, rita):
    alice.send(f"{SCREEN}/01/save", {"tracking_source_2": "Job Code", "sync_payments": "y"})
    alice.send(f"{SCREEN}/01/save", {"tracking_source_2": "Job Type", "sync_payments": "y"})
    rows = bob.open(SCREEN).select("#activity tbody tr")
    assert len(rows) == 2
    told = words(rows[0])
    assert "Alice Saved the settings Category 2 is filled from: Job Code → Job Type" in told
    assert "127.0.0.1" in told
    assert not rita.open(SCREEN).select("#activity")


def test_the_screen_shows_the_last_ten_events_and_leads_to_all(house, alice, people):
    for number in range(105):
        audit.record(
            at=NOW,
            user_id=people["Alice"].id,
            fin_co_id=house.fin_co.id,
            action="import",
            source="127.0.0.1",
            detail={"run": number},
        )
    audit.record(
        at=NOW,
        user_id=None,
        fin_co_id=house.other.id,
        action="test",
        source=audit.COMMAND_LINE,
        detail={},
    )
    page = alice.open(SCREEN)
    assert len(page.select("#activity tbody tr")) == 10
    log = alice.open(page.select_one("#activity > p a")["href"])
    assert len(log.select("tbody tr")) == 100
    assert "Page 1 of 2 (105 in all)" in words(log.select_one(".pages"))
    older = alice.open(log.select_one("a[rel=next]")["href"])
    assert len(older.select("tbody tr")) == 5
    assert "command line" not in words(log.select_one("table"))


def test_the_log_shows_nobody_another_fin_cos_events(house, bob, charlie, people):
    audit.record(
        at=NOW,
        user_id=people["Bob"].id,
        fin_co_id=house.fin_co.id,
        action="test",
        source="127.0.0.1",
        detail={},
    )
    assert len(bob.open("/administration/audit-log").select("tbody tr")) == 1
    assert not charlie.open("/administration/audit-log").select("tbody tr")
    charlie.open("/administration/audit-log?fin_co=01", status=404)


def test_C1_9_no_page_holds_a_secret_or_opens_another_window(house, alice, config):
    make_connection(house.fin_co)
    page = str(alice.open(SCREEN))
    for secret in (config.xero_client_id, config.xero_client_secret, "ciphertext-of"):
        assert secret not in page
    assert "_blank" not in page
    assert "window.open" not in page


def test_C2_1_C2_2_the_product_is_called_workbench_and_its_buttons_are_plain(house, alice):
    make_connection(house.fin_co)
    page = alice.open(SCREEN)
    assert page.title.text.endswith(" Workbench")
    assert page.select_one(".navbar-brand").text == "Workbench"
    buttons = page.select(".buttons form button")
    assert {"Connect to Xero", "Disconnect"} <= {words(button) for button in buttons}
    assert not page.select("button img, button svg, main img")


def test_C3_1_the_launch_address_asks_to_sign_in_and_then_opens_the_screen(nobody, people):
    turned_away = nobody.get(SCREEN)
    assert turned_away.location == f"/sign-in?next={SCREEN}"
    signed_in = nobody.sign_in("Alice", next=SCREEN)
    assert signed_in.location == SCREEN
    assert nobody.open(signed_in.location).select_one("h1").text == "Xero Integration"


def test_C1_7_what_is_confirmed_is_what_the_page_showed(house, alice, people):
    wait_for(house.fin_co, people["Alice"])
    form = {"organisation": "South Ledger", "tenant_id": "aaaaaaaa-0000-4000-8000-00000000c0de"}
    response = alice.send(f"{SCREEN}/01/confirm", form)
    assert "another consent, for South Ledger" in alice.open(response.location).text
    assert fact(alice.open(SCREEN), "Company Name") == "North Build Ledger"
