"""A connection's life on the screen: permissions, an ended plan, another organisation."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect
from running_copy import Copy
from screens import (
    INTEGRATION,
    allow,
    confirm,
    fact,
    press,
    replace,
    run_state,
    see_connected,
    sign_in,
    waiting,
)

HARBOUR = "Harbour Civil Ltd"
SOUTHERN = "Southern Cross Engineering Pty Ltd"


@pytest.fixture(scope="module")
def copy(start_copy) -> Copy:
    return start_copy()


def connecting(page: Page) -> Locator:
    """The buttons at the foot of the screen, not those of its banners."""
    return page.get_by_role("group", name="What you can do")


def end_trial(copy: Copy, *, ended: bool) -> None:
    southern = copy.control("GET", "state")["organisations"][1]["tenant_id"]
    copy.control("PATCH", f"organisations/{southern}", {"expire_trial": ended})


def test_permissions_are_asked_for_and_every_button_says_what_it_does_now(admin: Page, copy: Copy):
    page = admin
    page.goto(f"{INTEGRATION}?fin_co=02")
    payroll = page.get_by_label("Ask for payroll permission too")
    expect(payroll).not_to_be_checked()
    payroll.check()
    press(page, "Connect to Xero")
    expect(page.get_by_text("payroll.timesheets")).to_be_visible()
    allow(page, SOUTHERN)
    confirm(page, SOUTHERN, fin_co="02")
    expect(fact(page, "Payroll Access")).to_contain_text("timesheets sent")
    expect(payroll).to_be_checked()

    # From here on nothing loads the page again.
    page.evaluate("window.loadedOnce = true")
    payroll.uncheck()
    end_trial(copy, ended=True)
    test = page.get_by_role("button", name="Test", exact=True)
    test.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("its trial ended")
    expect(connecting(page).get_by_role("button", name="Reconnect to Xero")).to_be_visible()
    expect(page.get_by_role("button", name="Connect to Xero", exact=True)).to_have_count(0)
    expect(fact(page, "Access")).to_contain_text("Needs to be connected again")
    expect(page.get_by_text("choose a plan for it in Xero, then press Test").first).to_be_visible()
    expect(payroll, "what somebody ticked stays").not_to_be_checked()
    expect(test).to_be_focused()

    end_trial(copy, ended=False)
    press(page, "Test")
    expect(page.get_by_role("button", name="Reconnect to Xero")).to_have_count(0)
    expect(connecting(page).get_by_role("button", name="Connect to Xero")).to_be_visible()
    expect(fact(page, "Access")).to_contain_text("Connected")

    press(page, "Disconnect")
    expect(page.get_by_role("button", name="Disconnect")).to_be_hidden()
    expect(fact(page, "Access")).to_have_text("Not connected")
    assert page.evaluate("window.loadedOnce")

    press(page, "Connect to Xero")
    allow(page, HARBOUR)
    expect(waiting(page)).to_contain_text(f"was last connected to {SOUTHERN}")
    replace(page, HARBOUR, fin_co="02")
    see_connected(page, HARBOUR, "02")


def test_settings_are_kept_by_save_alone(admin: Page, copy: Copy):
    page = admin
    page.goto(f"{INTEGRATION}?fin_co=01")
    page.get_by_label("Payments", exact=True).uncheck()
    page.get_by_label("Include AP Attachments").check()
    page.reload()
    expect(page.get_by_label("Payments", exact=True)).to_be_checked()
    page.get_by_label("Payments", exact=True).uncheck()
    page.get_by_label("Include AP Attachments").check()
    page.get_by_label("Category 2 is filled from").select_option("Job Type")
    press(page, "Save")
    expect(page.get_by_text("The settings of FinCo 01 are saved.")).to_be_visible()
    page.reload()
    expect(page.get_by_label("Payments", exact=True)).not_to_be_checked()
    expect(page.get_by_label("Include AP Attachments")).to_be_checked()
    expect(page.get_by_label("Category 2 is filled from")).to_have_value("Job Type")
    page.get_by_label("Fin Co Code").select_option("02")
    press(page, "Show")
    expect(page.get_by_label("Payments", exact=True)).to_be_checked()


def test_without_scripts_an_import_wipes_nothing_that_is_being_typed(
    open_browser: Callable[..., BrowserContext], copy: Copy
):
    copy.command("sandbox", "connect", "--fin-co", "01")
    browser = open_browser(java_script_enabled=False)
    page = browser.new_page()
    sign_in(page, "admin", copy.passwords["admin"])
    page.goto(f"{INTEGRATION}?fin_co=01")
    copy.slow("/TaxRates", method="GET", seconds=3)
    press(page, "Import")
    expect(run_state(page, "Import running")).to_be_visible()
    typed = page.get_by_label("Include AR Attachments")
    typed.check()

    other = browser.new_page()
    other.goto(page.get_by_role("link", name="Watch import").get_attribute("href"))
    expect(run_state(other, "Import completed")).to_be_visible()

    copy.no_faults()
    expect(typed).to_be_checked()
    expect(run_state(page, "Import running")).to_be_visible()
