"""The picker of accounts without a mouse, and without JavaScript."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from running_copy import Copy
from screens import press, sign_in

ACTIVITIES = "/set-up/activities"


@pytest.fixture(scope="module")
def copy(start_copy) -> Copy:
    copy = start_copy()
    copy.connect_and_import()
    return copy


def test_R66_an_account_is_picked_by_the_keyboard_alone(admin: Page):
    admin.goto(ACTIVITIES)
    admin.get_by_role("link", name="MAT", exact=True).focus()
    admin.keyboard.press("Enter")
    popup = admin.get_by_role("dialog", name="Activity MAT")
    expect(popup.get_by_label("Description")).to_be_focused()
    box = popup.get_by_role("combobox", name="DR GL Account")
    expect(popup.get_by_text("Purchases (01)")).to_be_visible()
    while not box.evaluate("box => box === document.activeElement"):
        admin.keyboard.press("Tab")
    admin.keyboard.press("Control+a")
    admin.keyboard.type("vehicle")
    offered = popup.get_by_role("listbox", name="Suggestions for DR GL Account").get_by_role(
        "option"
    )
    expect(offered.first).to_contain_text("449 Motor Vehicle Expenses")

    admin.keyboard.press("Escape")
    expect(offered.first).to_be_hidden()
    expect(popup).to_be_visible()
    admin.keyboard.press("ArrowDown")
    expect(offered.first).to_be_visible()
    admin.keyboard.press("ArrowDown")
    expect(offered.first).to_have_attribute("aria-selected", "true")
    admin.keyboard.press("Enter")

    expect(box).to_have_value("449")
    expect(popup.get_by_text("Motor Vehicle Expenses (01)")).to_be_visible()
    admin.keyboard.press("Enter")
    expect(admin.get_by_text("Activity MAT is saved.")).to_be_visible()
    row = admin.get_by_role("row").filter(has=admin.get_by_role("link", name="MAT", exact=True))
    expect(row).to_contain_text("449")
    expect(popup).to_be_hidden()


def test_the_popup_changes_with_the_code_type_and_keeps_what_was_typed(admin: Page):
    admin.goto(ACTIVITIES)
    admin.get_by_role("link", name="+ New Activity").click()
    popup = admin.get_by_role("dialog", name="New Activity")
    popup.get_by_label("Activity Code").fill("mat")
    popup.get_by_label("Description").fill("Labour")
    expect(popup.get_by_text("There is an Activity of this code already.")).to_be_visible()
    popup.get_by_label("Code Type").select_option("Time")
    expect(popup.get_by_label("Payroll Code")).to_be_visible()
    expect(popup.get_by_label("GST Type")).to_be_hidden()
    expect(popup.get_by_label("Description")).to_have_value("Labour")
    admin.keyboard.press("Escape")
    expect(popup).to_be_hidden()
    expect(admin.get_by_role("link", name="+ New Activity")).to_be_focused()


def test_R66_an_account_is_picked_with_javascript_switched_off(
    open_browser: Callable[..., BrowserContext], copy: Copy
):
    page = open_browser(java_script_enabled=False).new_page()
    sign_in(page, "admin", copy.passwords["admin"])
    page.get_by_role("main").get_by_role("link", name="Activities").click()
    page.get_by_role("link", name="+ New Activity").click()
    page.get_by_label("Activity Code").fill("CRANE")
    page.get_by_label("Description").fill("Cranes")
    page.get_by_label("Code Type").select_option("Plant")
    press(page, "Show the fields of this type")
    page.get_by_label("Unit").fill("day")
    expect(page.get_by_label("Description")).to_have_value("Cranes")
    page.get_by_label("Pick the DR GL Account").select_option("330")
    press(page, "Save")
    expect(page.get_by_text("Activity CRANE is saved.")).to_be_visible()
    page.get_by_role("link", name="CRANE", exact=True).click()
    expect(page.get_by_label("DR GL Account", exact=True)).to_have_value("330")
    expect(page.get_by_label("Unit")).to_have_value("day")


def test_R68_the_export_codes_follow_the_ticks(admin: Page):
    admin.goto("/set-up/gst-types")
    codes = admin.get_by_label("Export Code of G15")
    expect(codes.get_by_role("option", name="INPUT2")).to_have_count(1)
    expect(codes.get_by_role("option", name="OUTPUT2")).to_have_count(0)
    admin.get_by_label("Use G15 for AP").uncheck()
    admin.get_by_label("Use G15 for AR").check()
    expect(codes.get_by_role("option", name="OUTPUT2")).to_have_count(1)
    admin.get_by_label("Percent of G15").fill("12.5")
    admin.keyboard.press("Tab")
    expect(admin.get_by_text("12.5 % here, 15 % in Xero (01).")).to_be_visible()


def test_a_popup_says_itself_what_did_not_go_well(admin: Page, complaints: list[str]):
    admin.goto(ACTIVITIES)
    admin.get_by_role("link", name="MAT", exact=True).click()
    popup = admin.get_by_role("dialog", name="Activity MAT")
    popup.get_by_label("Description").fill("")
    press(admin, "Save")
    expect(popup.get_by_role("alert")).to_contain_text("Activity MAT was not saved.")
    expect(popup.get_by_label("Description")).to_be_focused()

    popup.get_by_label("Description").fill("Timber")
    # As after hours at lunch: the page's token is good no longer.
    admin.evaluate("document.querySelector('meta[name=csrf-token]').content = 'old'")
    admin.evaluate("document.querySelectorAll('[name=csrf_token]').forEach(t => t.value = 'old')")
    with admin.expect_console_message(lambda said: re.search(r"400 from \S+/\d+$", said.text)):
        press(admin, "Save")
    expect(popup.get_by_role("alert")).to_contain_text("This page was open too long.")
    expect(popup.get_by_label("Description")).to_have_value("Timber")
    assert all("422" in complaint or "400" in complaint for complaint in complaints)
    complaints.clear()
