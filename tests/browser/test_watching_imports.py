"""What people see of an import while it runs and afterwards, whatever their browser can do."""

import csv
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from running_copy import Copy
from screens import INTEGRATION, press, row, run_state, sign_in

KINDS = ["Companies", "Job Receipts", "Payments", "GL Accounts", "Export Codes", "Currencies"]
NO_CONTENT = 204


@pytest.fixture(scope="module")
def copy(start_copy) -> Copy:
    copy = start_copy()
    copy.command("sandbox", "connect", "--fin-co", "01")
    return copy


@pytest.fixture
def slow(copy: Copy):
    """Have the last but one kind take its time, until it is let go."""
    copy.slow("/TaxRates", method="GET", seconds=4)
    yield
    copy.no_faults()


def test_R26_each_kind_is_told_as_it_goes_and_then_all_of_it_in_a_sentence(
    admin: Page, copy: Copy, slow
):
    admin.goto(f"{INTEGRATION}?fin_co=01")
    press(admin, "Read everything again")
    expect(run_state(admin, "Import running")).to_be_visible()
    panel = admin.get_by_role("region", name="Import running")
    expect(panel.get_by_role("rowheader")).to_have_text(KINDS)
    expect(row(admin, "Currencies")).to_contain_text("Waiting its turn")
    expect(row(admin, "Export Codes")).to_contain_text("Running")
    expect(panel).to_contain_text("Everything is read again")

    done = admin.get_by_role("region", name="Import completed")
    expect(done).to_contain_text(re.compile(r"GL accounts new.*left out, see why\."))
    expect(done).to_contain_text(re.compile(r"\d+ calls to Xero, [\d,]+ left today\."))
    assert admin.get_by_role("row", name="Started an import").count() == 1


def test_a_page_whose_stream_is_refused_asks_by_itself_until_the_end(admin: Page, copy: Copy, slow):
    refused: list[str] = []

    def refuse(route) -> None:
        refused.append(route.request.url)
        route.fulfill(status=NO_CONTENT)

    admin.route("**/stream", refuse)
    admin.goto(f"{INTEGRATION}?fin_co=01")
    press(admin, "Import")
    expect(run_state(admin, "Import running")).to_be_visible()
    expect(run_state(admin, "Import completed")).to_be_visible()
    assert len(refused) == 1


def test_the_page_of_a_run_brings_its_own_news_without_scripts(
    open_browser: Callable[..., BrowserContext], copy: Copy, slow
):
    page = open_browser(java_script_enabled=False).new_page()
    sign_in(page, "admin", copy.passwords["admin"])
    page.goto(f"{INTEGRATION}?fin_co=01")
    press(page, "Import")
    page.get_by_role("link", name="This import").click()
    expect(run_state(page, "Import running")).to_be_visible()
    expect(run_state(page, "Import completed")).to_be_visible()


def test_what_is_left_out_is_found_explained_opened_and_taken_along(
    admin: Page, copy: Copy, tmp_path: Path
):
    copy.command("import", "--fin-co", "01", "--wait")
    admin.goto("/imports?fin_co=01")
    expect(admin.get_by_role("row").nth(1)).to_contain_text("Command")
    admin.get_by_role("rowheader").get_by_role("link").first.click()
    admin.get_by_role("link", name="Left out of FinCo 01").click()
    admin.get_by_role("link", name="no Account Number: ").click()
    table = admin.get_by_role("region", name="Records left out")
    name = table.get_by_role("rowheader").first.inner_text()
    admin.get_by_label("Name or reason").fill(name)
    press(admin, "Show")
    expect(table.get_by_role("rowheader")).to_have_text([name])
    with admin.expect_download() as begun:
        admin.get_by_role("link", name="Download these 1 as CSV").click()
    begun.value.save_as(tmp_path / "left-out.csv")
    with (tmp_path / "left-out.csv").open(encoding="utf-8-sig", newline="") as file:
        (record,) = csv.DictReader(file)
    assert record["Name in Xero"] == name
    with admin.expect_popup() as opened:
        table.get_by_role("link", name="Open in Xero").click()
    expect(opened.value.get_by_role("heading", level=1)).to_contain_text(name)
