"""The whole job once, as a person does it: from signing in to documents in the ledger."""

import re

import pytest
from playwright.sync_api import Page, expect
from running_copy import Copy
from screens import allow, close, confirm, export, fact, press, row, run_state, tick

PURCHASES = "6430"
"""The GL account of one of the small month's invoices and of no other."""
OF_NO_AMOUNT = {("ACCPAY", "PAID"): (1, "0.00")}
"""An invoice whose lines cancel out owes nothing from the first."""


@pytest.fixture(scope="module")
def copy(start_copy) -> Copy:
    copy = start_copy()
    copy.seed()  # a firm's Xero already holds its suppliers and accounts
    return copy


def test_a_person_connects_imports_and_exports_a_month(admin: Page, copy: Copy):
    page = connect(admin)
    page = import_and_leave(page, copy)
    invoices, returns = [batch.split()[0] for batch in loaded(copy)]
    see_that_only_closed_batches_can_be_ticked(page, invoices, returns)

    copy.change_organisation(archive_account=PURCHASES)
    export(page, invoices, returns)
    see_each_documents_outcome(page, invoices, returns)
    assert copy.in_xero() == {
        ("ACCPAY", "AUTHORISED"): (7, "1266432.75"),
        **OF_NO_AMOUNT,
        ("ACCPAYCREDIT", "AUTHORISED"): (1, "400.00"),
    }

    copy.change_organisation(restore_account=PURCHASES)
    other_tab = page.context.new_page()
    other_tab.goto("/export-control")
    tick(other_tab, invoices).check()
    copy.forget_calls()
    export(page, invoices)
    expect(run_state(page, "Export completed")).to_be_visible()
    expect(page.get_by_text("1 of 1 documents")).to_be_visible()
    assert copy.documents_sent() == 1

    press(other_tab, "Export")
    expect(row(other_tab, invoices)).to_contain_text(
        f"Batch {invoices} is exported already, so nothing of it was sent again."
    )
    expect(other_tab.get_by_text("Nothing can be sent yet")).to_be_visible()
    assert copy.documents_sent() == 1
    assert copy.in_xero() == {
        ("ACCPAY", "AUTHORISED"): (8, "1270095.31"),
        **OF_NO_AMOUNT,
        ("ACCPAYCREDIT", "AUTHORISED"): (1, "400.00"),
    }
    see_that_exported_batches_stay_ticked(page, invoices, returns)


def connect(page: Page) -> Page:
    menu = page.get_by_role("main")
    expect(menu.get_by_role("heading", name="Administration")).to_be_visible()
    expect(menu.get_by_role("heading", name="Data Transfer")).to_be_visible()
    menu.get_by_role("link", name="Xero Integration").click()
    page.get_by_label("Fin Co Code").select_option("01")
    expect(fact(page, "Company Name")).to_have_text("\N{EN DASH}")
    expect(fact(page, "Access")).to_have_text("Not connected")
    expect(page.get_by_role("button", name="Disconnect")).to_be_hidden()

    press(page, "Connect to Xero")
    expect(page.get_by_role("radio", name="Southern Cross Engineering")).to_be_visible()
    allow(page, "Harbour Civil Ltd")
    assert "code=" not in page.url
    expect(fact(page, "Access")).to_have_text("Not connected")

    confirm(page, "Harbour Civil Ltd", fin_co="01")
    expect(page.get_by_label("Fin Co Code")).to_have_value("01")
    expect(fact(page, "Company Name")).to_have_text("Harbour Civil Ltd")
    expect(fact(page, "Access")).to_contain_text("Connected")

    press(page, "Disconnect")
    expect(page.get_by_text("FinCo 01 is disconnected.")).to_be_visible()
    expect(page.get_by_role("button", name="Disconnect")).to_be_hidden()
    press(page, "Connect to Xero")
    allow(page, "Harbour Civil Ltd")
    confirm(page, "Harbour Civil Ltd", fin_co="01")
    expect(page.get_by_role("button", name="Disconnect")).to_be_visible()

    press(page, "Test")
    result = page.get_by_role("region", name="Result")
    expect(result.get_by_role("status")).to_contain_text("Harbour Civil Ltd")
    expect(fact(page, "Base currency")).to_have_text("NZD")
    return page


def import_and_leave(page: Page, copy: Copy) -> Page:
    """Import, see it advance, close the tab on it, and find the end of it in a new one."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    copy.slow("/Accounts", method="GET", seconds=3)
    press(page, "Import")
    expect(run_state(page, "Import running")).to_be_visible()
    # The panel changes under the eyes of whoever watches, by the stream alone.
    expect(row(page, "Companies")).to_contain_text("Done")
    expect(row(page, "GL Accounts")).to_contain_text("Running")
    expect(row(page, "Export Codes")).to_contain_text("Waiting its turn")
    assert any(url.endswith("/stream") for url in asked)
    assert not [url for url in asked if url.endswith("/panel")]
    # What the button changed elsewhere on the screen is asked for once, not over and over.
    assert len([url for url in asked if url.endswith("fin_co=01")]) == 1
    browser = page.context
    page.close()

    page = browser.new_page()
    page.goto("/administration/data-transfer/xero-integration?fin_co=01")
    expect(run_state(page, "Import completed")).to_be_visible()
    copy.no_faults()
    for kind in ("Companies", "GL Accounts", "Export Codes", "Currencies"):
        expect(row(page, kind)).to_contain_text("Done")
    expect(fact(page, "Last Update")).not_to_have_text("Never")
    page.get_by_role("link", name="Export Control").click()
    return page


def loaded(copy: Copy) -> list[str]:
    report = copy.load()
    assert (report["documents"], report["lines"], report["total"]) == (10, 16, "1269695.31")
    return report["batches"]


def see_that_only_closed_batches_can_be_ticked(page: Page, *batches: str) -> None:
    page.reload()
    expect(page.get_by_label("Status")).to_have_value("not exported")
    expect(page.get_by_label("Year / Period")).to_have_value("current")
    for batch in batches:
        expect(row(page, batch)).to_contain_text("Open")
        expect(tick(page, batch)).to_be_disabled()
    table = page.get_by_role("region", name="Table of batches")
    types = table.get_by_role("cell").get_by_text(re.compile(r"^AP (Credit|Invoice)$"))
    assert types.all_inner_texts() == sorted(types.all_inner_texts())

    close(page, *batches)

    for batch in batches:
        expect(row(page, batch)).to_contain_text("Closed")
        expect(tick(page, batch)).to_be_enabled()


def see_each_documents_outcome(page: Page, invoices: str, returns: str) -> None:
    expect(run_state(page, "Export finished, but not all of it went")).to_be_visible()
    expect(page.get_by_text("10 of 10 documents")).to_be_visible()
    expect(row(page, returns)).to_contain_text("Exported")
    expect(row(page, invoices)).to_contain_text("Closed")

    page.get_by_role("link", name="Did not go").click()
    refused = page.get_by_role("region", name="Table of documents").get_by_role("row").nth(1)
    expect(refused).to_contain_text("Willow House Ltd")
    expect(refused).to_contain_text("Refused by Xero")
    expect(refused).to_contain_text(f"Account {PURCHASES} (Private Contractors) is archived")
    expect(refused).to_contain_text(f"Restore account {PURCHASES} (Private Contractors) in Xero")

    page.get_by_role("region", name="Documents").get_by_role("link", name="In Xero").click()
    sent = page.get_by_role("row").filter(has_text="0001/A")
    expect(sent).to_contain_text("Awaiting payment")
    with page.expect_popup() as opened:
        sent.get_by_role("link", name="Open in Xero").click()
    expect(opened.value.get_by_role("heading", level=1)).to_contain_text("0001/A")
    opened.value.close()


def see_that_exported_batches_stay_ticked(page: Page, *batches: str) -> None:
    page.goto("/export-control")
    page.get_by_label("Status").select_option("exported")
    page.get_by_label("Fin Co").select_option("01")
    press(page, "Show")
    for batch in batches:
        expect(row(page, batch)).to_contain_text("Exported")
        expect(tick(page, batch)).to_be_checked()
        expect(tick(page, batch)).to_be_disabled()
    expect(page.get_by_role("button", name="Export", exact=True)).to_be_disabled()
