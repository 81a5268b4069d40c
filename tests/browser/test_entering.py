"""An AP invoice entered without a mouse, and without JavaScript."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect
from running_copy import Copy
from screens import fact, press, sign_in

MOST_TABS = 150


@pytest.fixture(scope="module")
def copy(start_copy) -> Copy:
    return start_copy()


def test_an_ap_invoice_is_entered_by_the_keyboard_alone(admin: Page):
    new_batch(admin, "by keyboard")
    add = admin.get_by_role("link", name="+ Add AP Invoice")
    tab_to(admin, add)
    admin.keyboard.press("Enter")

    tab_to(admin, admin.get_by_role("combobox", name="Supplier"))
    pick(admin, "tasman", "Tasman Ready Mix")
    tab_to(admin, admin.get_by_label("Invoice No"))
    admin.keyboard.type("K-1")
    tab_to(admin, line(admin, 1).get_by_label("Description"))
    admin.keyboard.type("Concrete")
    tab_to(admin, line(admin, 1).get_by_role("combobox", name="Job Code"))
    pick(admin, "harbour", "1001")
    tab_to(admin, line(admin, 1).get_by_role("combobox", name="Activity"))
    pick(admin, "concrete", "CONC")
    tab_to(admin, line(admin, 1).get_by_label("Ex GST"))
    admin.keyboard.type("10.10")
    expect(line(admin, 1).get_by_text("1.52 (G15, 15 %)")).to_be_visible()
    tab_to(admin, admin.get_by_role("button", name="Copy line 1"))
    admin.keyboard.press("Enter")
    expect(line(admin, 2).get_by_label("Ex GST")).to_have_value("10.10")
    tab_to(admin, admin.get_by_role("button", name="Copy line 2"))
    admin.keyboard.press("Space")
    expect(line(admin, 3).get_by_label("Description")).to_have_value("Concrete")
    expect(fact(admin, "Inc GST")).to_contain_text("34.86 NZD")
    tab_to(admin, line(admin, 3).get_by_label("GST", exact=True))
    admin.keyboard.type("1.51")
    expect(line(admin, 3).get_by_text("Given by hand.")).to_be_visible()
    expect(fact(admin, "Inc GST")).to_contain_text("34.85 NZD")

    admin.keyboard.press("Enter")

    expect(admin.get_by_text("AP Invoice K-1 is saved.")).to_be_visible()
    expect(fact(admin, "Total inc GST")).to_contain_text("34.85 NZD")
    tab_to(admin, admin.get_by_role("link", name="Approve"))
    admin.keyboard.press("Enter")
    tab_to(admin, admin.get_by_role("button", name="Approve"))
    admin.keyboard.press("Enter")
    expect(admin.get_by_text("AP Invoice K-1 is approved.")).to_be_visible()


def test_what_is_wrong_is_reached_from_the_list_and_nothing_typed_is_lost(
    admin: Page, complaints: list[str]
):
    new_batch(admin, "with mistakes")
    admin.get_by_role("link", name="+ Add AP Invoice").click()
    admin.get_by_label("Invoice No").fill("K-2")
    line(admin, 1).get_by_label("Ex GST").fill("12,5")
    press(admin, "Save")
    alert = admin.get_by_role("alert")
    expect(alert).to_contain_text("is not saved yet")
    expect(admin.locator("#faults-title")).to_be_focused()
    alert.get_by_role("link", name="Line 1, Ex GST").click()
    box = line(admin, 1).get_by_label("Ex GST")
    expect(box).to_be_focused()
    expect(box).to_have_value("12,5")
    expect(admin.get_by_label("Invoice No")).to_have_value("K-2")
    assert all("422" in complaint for complaint in complaints)
    complaints.clear()


def test_an_ap_invoice_is_entered_with_javascript_switched_off(
    open_browser: Callable[..., BrowserContext], copy: Copy
):
    page = open_browser(java_script_enabled=False).new_page()
    sign_in(page, "admin", copy.passwords["admin"])
    new_batch(page, "without scripts")
    number = page.get_by_role("heading", level=1).inner_text().removeprefix("Batch ")
    page.get_by_role("link", name="+ Add AP Invoice").click()
    page.get_by_role("combobox", name="Supplier").fill("RIDGE01")
    page.get_by_label("Invoice No").fill("N-1")
    line(page, 1).get_by_role("combobox", name="Job Code").fill("1002")
    line(page, 1).get_by_role("combobox", name="Activity").fill("AGG")
    line(page, 1).get_by_label("Ex GST").fill("100.00")
    press(page, "+ Add line")
    line(page, 2).get_by_role("combobox", name="Job Code").fill("1001")
    line(page, 2).get_by_role("combobox", name="Activity").fill("AGG")
    line(page, 2).get_by_label("Ex GST").fill("50.00")
    press(page, "Copy line 2")
    press(page, "Remove line 3")
    press(page, "Work out GST and totals")
    expect(fact(page, "Inc GST")).to_contain_text("172.50 NZD")
    press(page, "Save")
    expect(page.get_by_text("AP Invoice N-1 is saved.")).to_be_visible()
    page.get_by_label("File, up to 10 MB").set_input_files(
        {"name": "invoice.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4"}
    )
    press(page, "Attach")
    expect(page.get_by_role("link", name="invoice.pdf", exact=True)).to_be_visible()
    page.goto(f"/batches/{number}")
    page.get_by_role("link", name="Approve all").click()
    press(page, "Approve all")
    press(page, "Close")
    expect(page.get_by_text(f"Batch {number} is closed.")).to_be_visible()


def new_batch(page: Page, reference: str) -> None:
    page.goto("/batches")
    page.get_by_role("link", name="+ New Batch").click()
    page.get_by_label("Batch Type").select_option("AP Invoice")
    page.get_by_label("Fin Co").select_option("01")
    page.get_by_label("Reference").fill(reference)
    press(page, "Save")
    expect(page).to_have_url(re.compile(r"/batches/\w*\d+$"))


def line(page: Page, place: int) -> Locator:
    return page.get_by_role("group", name=f"Line {place}", exact=True)


def pick(page: Page, typed: str, offered: str) -> None:
    """Type into the box that has the focus, and take the first of what it offers."""
    page.keyboard.type(typed)
    option = page.get_by_role("option").filter(has_text=offered)
    expect(option).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(option).to_be_hidden()


def tab_to(page: Page, target: Locator) -> None:
    expect(target).to_be_visible()
    for _ in range(MOST_TABS):
        if target.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"not reached by Tab: {target}")
