"""The screens of loading files, for the test that looks at every screen."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect
from screens import press, run_state

SPEND = (
    "Vendor key;Paid to;Invoice No;Date;Net;Category;Department;Cost Centre;Purpose\r\n"
    "V1;Café Ltd;INV-1;03/04/2026;1,234;Catering;Civil works;J1;Lunch of the crew\r\n"
    "V2;Zürich Hire;INV-2;05/06/2026;2,345;Plant;Civil works;J1;Excavator\r\n"
)
FIRMS = "Firm;Key;Taxed\nKauri Contracting Ltd;K1;yes\nRimu Ltd;R1;perhaps\n"


def loading(page: Page, inspector: Any, folder: Path) -> None:
    page.goto("/loads")
    expect(page.get_by_text("Nothing was loaded from a file yet.")).to_be_visible()
    inspector.look(page, "loads-none")
    page.goto("/loads/new")
    inspector.look(page, "load-file")
    broken = folder / "broken.xlsx"
    broken.write_bytes(b"PK\x03\x04 no workbook")
    hand_in(page, "Companies", broken)
    expect(page.get_by_role("alert")).to_contain_text("broken.xlsx")
    inspector.look(page, "load-file-refused", expected="status of 422")

    spend = folder / "spend.csv"
    spend.write_bytes(SPEND.encode("cp1252"))
    hand_in(page, "AP Invoices and Credits by names", spend)
    expect(page.get_by_role("group", name="Dates")).to_be_visible()
    inspector.look(page, "load-columns-asked")
    press(page, "Show the preview")
    expect(page.get_by_role("alert")).to_contain_text("choose below")
    inspector.look(page, "load-columns-refused", expected="status of 422")

    firms = folder / "firms.csv"
    firms.write_text(FIRMS)
    hand_in(page, "Companies", firms)
    for heading, field in (("Firm", "Name *"), ("Key", "AP Account"), ("Taxed", "Uses GST")):
        page.get_by_label(f"Field of {heading}", exact=True).select_option(field)
    page.get_by_text("Where no column holds it, or a cell is empty").click()
    inspector.look(page, "load-columns")
    press(page, "Show the preview")
    expect(page.get_by_role("region", name="Problems")).to_be_visible()
    inspector.look(page, "load-preview")
    page.get_by_label("The good rows now").check()
    press(page, "Load")
    expect(run_state(page, "not all of it")).to_be_visible()
    inspector.look(page, "load-run")
    page.goto("/loads")
    expect(page.get_by_role("link", name="Load from a file")).to_be_visible()
    inspector.look(page, "loads")


def hand_in(page: Page, what: str, file: Path) -> None:
    page.goto("/loads/new")
    page.get_by_label("What the file holds").select_option(what)
    page.get_by_label("Fin Co").select_option("01")
    page.get_by_label("File", exact=True).set_input_files(file)
    press(page, "Send the file")
