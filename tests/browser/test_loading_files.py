"""A file whose columns are named and ordered otherwise goes in, whatever the browser can do."""

import csv
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from running_copy import SMALL_MONTH, Copy
from screens import press, run_state, sign_in

COLUMNS = {
    "Vendor key": ("Supplier ID", "Supplier Account *"),
    "Paid to": ("Supplier(Beneficiary) Name", "Supplier Name *"),
    "Bill": ("Invoice Number", "Invoice Number *"),
    "Line": ("Internal Ref Number", "Line Reference"),
    "Net": ("Net Amount", "Value *"),
    "On": ("Date", "Invoice Date *"),
    "Cost kind": (
        "Procurement Classification: Council's Procurement Category Name",
        "Activity *",
    ),
    "Part": ("Expense Area", "Profit Centre *"),
    "Code": ("Expense Code", "Job *"),
    "Why": ("Purpose of Spend (Summary)", "Description"),
}
"""Their headings: the column of the month they hold, and the field they feed."""
MAKE = ("suppliers", "activities", "profit centres", "jobs")
GST_TYPE = "G15"


@pytest.fixture(scope="module")
def copy(start_copy) -> Copy:
    return start_copy()


@pytest.fixture(scope="module")
def others(tmp_path_factory) -> Path:
    """The small month as another body would write it: cp1252, semicolons, day first, a comma."""
    path = tmp_path_factory.mktemp("files") / "spend of another body.csv"
    with (
        SMALL_MONTH.open(encoding="utf-8-sig", newline="") as month,
        path.open("w", encoding="cp1252", newline="") as file,
    ):
        writer = csv.writer(file, delimiter=";")
        writer.writerow(COLUMNS)
        for row in csv.DictReader(month):
            cells = {one: row[there] for one, (there, _) in COLUMNS.items()}
            cells["Net"] = cells["Net"].replace(".", ",")
            cells["On"] = "/".join(reversed(cells["On"].split("-")))
            cells["Paid to"] = cells["Paid to"].replace("Ltd", "Société")
            writer.writerow(cells.values())
    return path


def net_total() -> Decimal:
    with SMALL_MONTH.open(encoding="utf-8-sig", newline="") as month:
        return sum((Decimal(row["Net Amount"]) for row in csv.DictReader(month)), Decimal(0))


def send(page: Page, what: str, file: Path) -> None:
    page.goto("/")
    page.get_by_role("link", name="Load from a file").click()
    page.get_by_label("What the file holds").select_option(what)
    page.get_by_label("Fin Co").select_option("01")
    page.get_by_label("File", exact=True).set_input_files(file)
    press(page, "Send the file")
    expect(page.get_by_role("heading", name="Which column is which")).to_be_visible()


def say_what_is_what(page: Page) -> None:
    for heading, (_, field) in COLUMNS.items():
        page.get_by_label(f"Field of {heading}", exact=True).select_option(field)
    for kind in MAKE:
        page.get_by_label(f"Make {kind} that are missing").check()
    page.get_by_label("GST Type", exact=True).fill(GST_TYPE)
    page.get_by_text("Where no column holds it, or a cell is empty").click()
    page.get_by_role("textbox", name="Activity *").fill("Not classified")
    page.get_by_role("textbox", name="Profit Centre *").fill("No expense area")
    page.get_by_label("Words that mean an empty cell").fill("-")


def test_the_file_of_another_body_goes_in_after_it_was_said_what_is_what(admin: Page, others: Path):
    send(admin, "AP Invoices and Credits by names", others)
    encoding = admin.get_by_role("group", name="Encoding")
    expect(encoding).to_contain_text("Société")
    encoding.get_by_label("Windows, Western Europe").check()
    say_what_is_what(admin)
    admin.get_by_label("Remember these columns as").fill("Another body")
    press(admin, "Show the preview")
    expect(admin.get_by_role("heading", name="Load", exact=True)).to_be_visible()
    expect(admin.locator("dl.facts").first).to_contain_text(f"{net_total():,.2f}")
    press(admin, "Load")
    expect(run_state(admin, "Load completed")).to_be_visible()
    admin.get_by_role("link", name=re.compile("^Batch ")).first.click()
    expect(admin.get_by_role("heading", level=1)).to_contain_text("Batch")

    # What was said is known: the next such file needs no more than a look, and changes nothing.
    send(admin, "AP Invoices and Credits by names", others)
    expect(admin.get_by_text("remembered as “Another body”")).to_be_visible()
    press(admin, "Show the preview")
    expect(admin.get_by_text("would change nothing")).to_be_visible()


def test_without_scripts_the_good_rows_go_in_and_the_bad_ones_come_back(
    open_browser: Callable[..., BrowserContext], copy: Copy, tmp_path: Path
):
    file = tmp_path / "firms.csv"
    file.write_text("Since|Key|Firm|Taxed\n2019|K1|Kauri Ltd|yes\n2020|R1|Rimu Ltd|perhaps\n")
    page = open_browser(java_script_enabled=False).new_page()
    sign_in(page, "admin", copy.passwords["admin"])
    send(page, "Companies", file)
    for heading, field in (("Key", "AP Account"), ("Firm", "Name *"), ("Taxed", "Uses GST")):
        page.get_by_label(f"Field of {heading}", exact=True).select_option(field)
    press(page, "Show the preview")
    problem = page.get_by_role("region", name="Problems").get_by_role("row").nth(1)
    expect(problem).to_contain_text("Row 3")
    expect(problem).to_contain_text("perhaps")
    page.get_by_label("The good rows now").check()
    press(page, "Load")
    expect(run_state(page, "not all of it")).to_be_visible()
    with page.expect_download() as begun:
        page.get_by_role("link", name="Download the bad rows as CSV").click()
    back = tmp_path / "bad.csv"
    begun.value.save_as(back)
    with back.open(encoding="utf-8-sig", newline="") as rows:
        (row,) = csv.DictReader(rows)
    assert row["Firm"] == "Rimu Ltd"
    page.goto("/companies?q=Kauri")
    expect(page.get_by_role("link", name="Kauri Ltd")).to_be_visible()
