"""The screens of batches and documents, for the test that looks at every screen."""

from typing import Any

from playwright.sync_api import Page, expect
from screens import press


def documents(page: Page, inspector: Any) -> None:
    page.goto("/batches?status=any")
    expect(page.get_by_role("heading", level=1, name="Batches")).to_be_visible()
    inspector.look(page, "batches")
    page.goto("/batches?text=nothing-like-it")
    inspector.look(page, "batches-empty")
    page.goto("/batches/new?type=AP+Invoice")
    inspector.look(page, "batch-new")
    page.get_by_label("Batch Date").fill("")
    press(page, "Save")
    expect(page.locator("main [aria-invalid=true]").first).to_be_visible()
    inspector.look(page, "batch-new-refused", expected="status of 422")
    _entering(page, inspector)
    _deciding(page, inspector)
    _made(page, "Adjustment")
    page.get_by_role("link", name="+ Add Journal").click()
    inspector.look(page, "document-new-journal")
    _made(page, "AR Invoice")
    page.get_by_role("link", name="+ Add Contract Claim").click()
    inspector.look(page, "document-new-claim")


def _entering(page: Page, inspector: Any) -> None:
    _made(page, "AP Invoice")
    inspector.look(page, "batch-open-empty")
    page.get_by_role("link", name="+ Add AP Invoice").click()
    expect(page.get_by_role("heading", level=1, name="New AP Invoice")).to_be_visible()
    inspector.look(page, "document-new")
    page.get_by_role("combobox", name="Supplier").fill("tasman")
    expect(page.get_by_role("listbox").get_by_role("option").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    inspector.look(page, "document-picking")
    page.goto(page.url)
    page.get_by_role("combobox", name="Supplier").fill("TASMAN")
    page.get_by_label("Ex GST").fill("1,000.00")
    press(page, "+ Add line")
    expect(page.get_by_role("group", name="Line 2")).to_be_visible()
    press(page, "Save")
    expect(page.get_by_role("alert")).to_be_visible()
    inspector.look(page, "document-refused-at-its-boxes", expected="422")
    page.goto(page.url)
    page.get_by_role("combobox", name="Supplier").fill("TASMAN")
    page.get_by_label("Ex GST").fill("1,000.00")
    page.get_by_label("Invoice No").fill("LOOK-1")
    page.get_by_role("combobox", name="Job Code").fill("1001")
    page.get_by_role("combobox", name="Activity").fill("CONC")
    page.get_by_label("GST", exact=True).fill("149.99")
    press(page, "Save")
    expect(page.get_by_text("AP Invoice LOOK-1 is saved.")).to_be_visible()
    inspector.look(page, "document-entered")


def _deciding(page: Page, inspector: Any) -> None:
    for decision in ("Approve", "Delete"):
        page.get_by_role("link", name=decision, exact=True).click()
        inspector.look(page, f"document-{decision.lower()}")
        page.get_by_role("link", name="Cancel").click()
    page.get_by_role("link", name="Edit", exact=True).click()
    expect(page.get_by_role("heading", level=1, name="AP Invoice LOOK-1")).to_be_visible()
    inspector.look(page, "document-edit")
    page.get_by_role("link", name="Cancel").click()
    page.get_by_role("navigation", name="Breadcrumb").get_by_role("link", name="Batch ").click()
    press(page, "Close")
    expect(page.get_by_role("alert")).to_be_visible()
    inspector.look(page, "batch-open-unapproved")
    page.get_by_role("link", name="Approve all").click()
    inspector.look(page, "batch-approve-all")


def _made(page: Page, kind: str) -> None:
    page.goto("/batches/new")
    page.get_by_label("Batch Type").select_option(kind)
    page.get_by_label("Fin Co").select_option("01")
    press(page, "Save")
    expect(page.get_by_text("Add its documents.")).to_be_visible()
