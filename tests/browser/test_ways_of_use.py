"""The screens without a mouse, and without JavaScript."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect
from running_copy import Copy
from screens import (
    allow,
    confirm,
    confirmation,
    fact,
    press,
    replace,
    run_state,
    see_connected,
    sign_in,
    waiting,
)

MOST_TABS = 120
HARBOUR = "Harbour Civil Ltd"
SOUTHERN = "Southern Cross Engineering Pty Ltd"


@pytest.fixture(scope="module")
def copy(start_copy) -> Copy:
    return start_copy()


def test_everything_is_reached_and_used_by_the_keyboard(
    open_browser: Callable[..., BrowserContext], copy: Copy
):
    page = open_browser().new_page()
    page.goto("/")
    page.keyboard.type("admin")  # the name has the focus from the start
    tab_to(page, page.get_by_label("Password"))
    page.keyboard.type(copy.passwords["admin"])
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("main").get_by_role("link", name="Xero Integration"))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_label("Fin Co Code"))
    page.keyboard.press("ArrowDown")
    use(page, "Show")
    expect(page).to_have_url(re.compile("fin_co=02"))
    use(page, "Connect to Xero")
    choose(page, HARBOUR)
    use(page, "Allow access")
    use(page, "Confirm")
    see_connected(page, HARBOUR, "02")
    use(page, "Connect to Xero")
    choose(page, SOUTHERN)
    use(page, "Allow access")
    tab_to(page, waiting(page).get_by_role("textbox"))
    page.keyboard.type(SOUTHERN)
    use(page, "Confirm")
    see_connected(page, SOUTHERN, "02")

    use(page, "Test", key="Space")
    expect(fact(page, "Base currency")).to_have_text("AUD")
    use(page, "Save")
    expect(page.get_by_text("The settings of FinCo 02 are saved.")).to_be_visible()
    use(page, "Import", key="Space")
    expect(run_state(page, "Import completed")).to_be_visible()

    page.goto("/export-control")
    steel = page.get_by_role("row").filter(has_text="Steel and cranes")
    tab_to(page, steel.get_by_role("checkbox"))
    page.keyboard.press("Space")
    expect(page.get_by_text("1 batch ticked")).to_be_visible()
    use(page, "Export")
    tab_to(page, confirmation(page))
    page.keyboard.press("Enter")
    expect(run_state(page, "Export completed")).to_be_visible()

    use(page, "Sign out")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def choose(page: Page, organisation: str) -> None:
    """Come to the group of organisations with Tab and to one of them with the arrows."""
    group = page.get_by_role("group", name="Organisation").get_by_role("radio")
    tab_to(page, group.and_(page.get_by_role("radio", checked=True)))
    wanted = page.get_by_role("radio", name=organisation)
    for _ in range(group.count()):
        if wanted.is_checked():
            break
        page.keyboard.press("ArrowDown")
    expect(wanted).to_be_checked()


def use(page: Page, name: str, *, key: str = "Enter") -> None:
    tab_to(page, page.get_by_role("button", name=name, exact=True))
    page.keyboard.press(key)


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until it has the focus, and see that the focus can be seen."""
    expect(wanted).to_be_visible()
    for _ in range(MOST_TABS):
        if wanted.evaluate("e => e === document.activeElement"):
            break
        page.keyboard.press("Tab")
    expect(wanted).to_be_focused()
    mark = wanted.evaluate("e => [getComputedStyle(e).outlineStyle, getComputedStyle(e).boxShadow]")
    assert mark != ["none", "none"], f"no one sees that {wanted} has the focus"


def test_everything_works_with_javascript_switched_off(
    open_browser: Callable[..., BrowserContext], copy: Copy
):
    page = open_browser(java_script_enabled=False).new_page()
    sign_in(page, "admin", copy.passwords["admin"])
    page.get_by_role("main").get_by_role("link", name="Xero Integration").click()
    press(page, "Connect to Xero")
    allow(page, SOUTHERN)
    confirm(page, SOUTHERN, fin_co="01")
    press(page, "Connect to Xero")
    allow(page, HARBOUR)
    replace(page, HARBOUR, fin_co="01")
    page.get_by_label("Fin Co Code").select_option("02")
    press(page, "Show")
    press(page, "Connect to Xero")
    allow(page, SOUTHERN)
    confirm(page, SOUTHERN, fin_co="02")

    page.get_by_label("GL Accounts").uncheck()
    press(page, "Save")
    expect(page.get_by_text("The settings of FinCo 02 are saved.")).to_be_visible()
    expect(page.get_by_label("GL Accounts")).not_to_be_checked()
    press(page, "Test")
    expect(fact(page, "Base currency")).to_have_text("AUD")
    copy.slow("/TaxRates", method="GET", seconds=3)
    press(page, "Import")
    expect(run_state(page, "Import running")).to_be_visible()
    assert page.url.endswith("#result")
    # The screen with its form stays as it is; the page of the run loads itself again.
    page.get_by_role("link", name="Watch import").click()
    expect(run_state(page, "Import completed")).to_be_visible()
    copy.no_faults()

    page.get_by_role("navigation", name="Main").get_by_role("link", name="Export Control").click()
    batch = page.get_by_role("row").filter(has_text="Still being entered")
    to_export = batch.get_by_role("checkbox", name="Export batch")
    expect(to_export).to_be_disabled()
    batch.get_by_role("button", name="Close").click()
    expect(page.get_by_text("It can be exported now.")).to_be_visible()
    to_export.check()
    copy.slow("/Invoices", seconds=3)
    press(page, "Export")
    confirmation(page).click()
    expect(run_state(page, "Exporting")).to_be_visible()
    page.get_by_role("link", name="In Xero", exact=True).click()
    assert page.url.endswith("#documents")
    expect(run_state(page, "Export completed")).to_be_visible()
    expect(page.get_by_role("link", name="In Xero", exact=True)).to_have_attribute(
        "aria-current", "true"
    )
    copy.no_faults()
    expect(page.get_by_role("link", name="Open in Xero")).to_be_visible()
