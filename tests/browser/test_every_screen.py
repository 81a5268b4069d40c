"""What must hold on every screen: no complaint of the browser, none of axe, none cut off.

A picture of each is left in ``tests/artifacts`` for people to look at.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from batch_screens import reports
from document_screens import documents
from load_screens import loading
from playwright.sync_api import BrowserContext, Page, expect
from running_copy import Copy
from screens import AUDIT_LOG, CONTROL, INTEGRATION, allow, press, run_state, sign_in, waiting
from set_up_screens import set_up

ARTIFACTS = Path(__file__).resolve().parents[1] / "artifacts"
WIDTHS = (1440, 390)
GRAVE = {"serious", "critical"}
CLERK = "auditor"


@pytest.fixture(scope="module")
def copy(start_copy) -> Copy:
    """A copy in which everything there is to see has happened once."""
    copy = start_copy()
    copy.command(
        "user", "add", CLERK, "--role", "Read only", "--fin-co", "01", "--password-stdin",
        input="a password of an auditor\n",
    )  # fmt: skip
    copy.passwords[CLERK] = "a password of an auditor"
    copy.seed()
    copy.connect_and_import()
    copy.load()
    copy.command("batches", "close", "--all", "--fin-co", "01")
    copy.change_organisation(archive_account="6430")
    copy.command("batches", "export", "--all", "--fin-co", "01", "--wait", status=1)
    return copy


class Inspector:
    """Looks at one screen after the other, in two widths."""

    def __init__(self, complaints: list[str]) -> None:
        self.found: dict[str, list[str]] = {}
        self._complaints = complaints
        self._axe = Axe()

    def look(self, page: Page, name: str, *, expected: str | None = None) -> None:
        ARTIFACTS.mkdir(exist_ok=True)
        problems = [text for text in self._complaints if not (expected and expected in text)]
        self._complaints.clear()
        page.mouse.move(0, 0)  # what it would hover over is no part of the picture
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=ARTIFACTS / f"{name}-{width}.png", full_page=True)
            problems += [f"{width}: {problem}" for problem in self._see(page)]
        if problems:
            self.found[name] = problems

    def _see(self, page: Page) -> list[str]:
        violations = self._axe.run(page).response["violations"]
        problems = [
            f"{violation['id']}: {node['target']} {node['html'][:200]}"
            for violation in violations
            if violation["impact"] in GRAVE
            for node in violation["nodes"]
        ]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            problems.append("wider than the window")
        return problems


@pytest.fixture
def inspector(complaints: list[str]) -> Inspector:
    return Inspector(complaints)


def test_no_screen_has_anything_wrong_with_it(
    open_browser: Callable[..., BrowserContext], copy: Copy, inspector: Inspector
):
    page = open_browser().new_page()
    page.goto("/")
    inspector.look(page, "sign-in")
    page.get_by_label("Name").fill("admin")
    page.get_by_label("Password").fill("a wrong one")
    press(page, "Sign in")
    expect(page.get_by_role("alert")).to_be_visible()
    inspector.look(page, "sign-in-refused", expected="status of 422")
    sign_in(page, "admin", copy.passwords["admin"])
    inspector.look(page, "main-menu")

    integration(page, inspector, copy)
    exporting(page, inspector)
    page.goto(AUDIT_LOG)
    expect(page.get_by_text("Cancelled the consent")).to_be_visible()
    inspector.look(page, "audit-log")
    errors(page, inspector)

    page = open_browser().new_page()
    sign_in(page, CLERK, copy.passwords[CLERK])
    for name, address in (("integration", INTEGRATION), ("export-control", CONTROL)):
        page.goto(address)
        inspector.look(page, f"{name}-read-only")

    assert inspector.found == {}


def test_no_page_about_people_and_tokens_has_anything_wrong_with_it(
    open_browser: Callable[..., BrowserContext], admin: Page, inspector: Inspector
):
    admin.goto("/set-up/users/new")
    admin.get_by_label("Name").fill("Erin")
    press(admin, "Save")
    given = admin.locator("#new-password").inner_text().strip()
    page = open_browser().new_page()
    page.goto("/")
    page.get_by_label("Name").fill("Erin")
    page.get_by_label("Password").fill(given)
    press(page, "Sign in")
    expect(page.get_by_role("heading", name="Choose your password")).to_be_visible()
    inspector.look(page, "own-password")
    page.get_by_label("New password").fill("short")
    press(page, "Keep it and go on")
    expect(page.get_by_text("It needs at least 12 characters.")).to_be_visible()
    inspector.look(page, "own-password-refused", expected="status of 422")
    page.get_by_label("New password").fill("words of Erin's own")
    page.get_by_label("The same again").fill("words of Erin's own")
    press(page, "Keep it and go on")
    expect(page.get_by_role("heading", name="Main menu")).to_be_visible()

    admin.goto("/administration/api-tokens")
    inspector.look(admin, "api-tokens-empty")
    admin.get_by_label("Name of the system").fill("Costing")
    admin.get_by_role("checkbox", name="01").check()
    press(admin, "Make token")
    expect(admin.locator("#new-token")).to_be_visible()
    inspector.look(admin, "api-token-made")
    admin.get_by_role("link", name="Revoke Costing").click()
    expect(admin.get_by_text("That cannot be undone")).to_be_visible()
    inspector.look(admin, "api-token-revoke")
    press(admin, "Revoke Costing")
    expect(admin.get_by_text("The token Costing is revoked.")).to_be_visible()
    inspector.look(admin, "api-tokens")
    assert inspector.found == {}


def test_no_enquiry_has_anything_wrong_with_it(admin: Page, inspector: Inspector):
    for name, heading in (
        ("companies", "Companies"),
        ("currencies", "Currencies"),
        ("job-receipts", "Job Receipts"),
        ("job-sales-invoices", "Job Sales Invoices"),
        ("payments", "Payments"),
        ("ap-invoice-enquiry", "AP Invoice Enquiry"),
    ):
        admin.goto(f"/{name}")
        expect(admin.get_by_role("heading", level=1, name=heading)).to_be_visible()
        inspector.look(admin, name)
        admin.goto(f"/{name}?q=nothing-like-it")
        expect(admin.get_by_text(" matches. ")).to_be_visible()
        inspector.look(admin, f"{name}-empty")
    for name in ("companies", "currencies", "ap-invoice-enquiry"):
        admin.goto(f"/{name}")
        link = admin.get_by_role("rowheader").get_by_role("link").first
        named = link.inner_text()
        link.click()
        expect(admin.get_by_role("heading", level=1)).to_contain_text(named)
        inspector.look(admin, f"{name}-one")
    admin.goto("/companies/new")
    inspector.look(admin, "company-new")
    admin.goto("/companies?linked=yes")
    admin.get_by_role("rowheader").get_by_role("link").first.click()
    admin.get_by_role("link", name="Link to another contact").click()
    admin.get_by_role("searchbox").fill("a")
    press(admin, "Search in Xero")
    expect(admin.get_by_role("region", name="Contacts found")).to_be_visible()
    inspector.look(admin, "company-contact-search")
    assert inspector.found == {}


def test_no_set_up_screen_has_anything_wrong_with_it(admin: Page, inspector: Inspector):
    set_up(admin, inspector)
    assert inspector.found == {}


def test_no_screen_of_documents_has_anything_wrong_with_it(admin: Page, inspector: Inspector):
    documents(admin, inspector)
    assert inspector.found == {}


def test_no_screen_of_loads_has_anything_wrong_with_it(
    admin: Page, inspector: Inspector, tmp_path: Path
):
    loading(admin, inspector, tmp_path)
    assert inspector.found == {}


def integration(page: Page, inspector: Inspector, copy: Copy) -> None:
    page.goto(f"{INTEGRATION}?fin_co=02")
    inspector.look(page, "integration-not-connected")
    press(page, "Test")
    expect(page.get_by_role("alert")).to_be_visible()
    inspector.look(page, "integration-test-refused", expected="409")
    press(page, "Connect to Xero")
    expect(page.get_by_role("button", name="Allow access")).to_be_visible()
    inspector.look(page, "consent")
    press(page, "Cancel")
    expect(page.get_by_text("was not connected")).to_be_visible()
    inspector.look(page, "integration-cancelled")
    press(page, "Connect to Xero")
    allow(page, "Southern Cross Engineering Pty Ltd")
    inspector.look(page, "integration-confirm")

    page.goto(f"{INTEGRATION}?fin_co=01")
    inspector.look(page, "integration-imported")
    copy.slow("/Accounts", seconds=5)
    press(page, "Import")
    expect(page.get_by_role("row").filter(has_text="GL Accounts")).to_contain_text("Running")
    inspector.look(page, "integration-importing")
    expect(run_state(page, "Import completed")).to_be_visible()
    press(page, "Read everything again")
    expect(run_state(page, "Import running")).to_be_visible()
    page.get_by_role("link", name="This import").click()
    expect(run_state(page, "Import running")).to_be_visible()
    inspector.look(page, "import-running")
    copy.no_faults()
    expect(run_state(page, "Import completed")).to_be_visible()
    inspector.look(page, "import-completed")
    imports(page, inspector)
    page.goto(f"{INTEGRATION}?fin_co=01")
    press(page, "Test")
    expect(page.get_by_text("Base currency")).to_be_visible()
    inspector.look(page, "integration-tested")
    press(page, "Validate Accounts")
    expect(page.get_by_role("region", name="Accounts that do not fit")).to_be_visible()
    inspector.look(page, "integration-accounts")
    press(page, "Connect to Xero")
    allow(page, "Southern Cross Engineering Pty Ltd")
    inspector.look(page, "integration-confirm-replaces")
    waiting(page).get_by_role("textbox").fill("Southern Cross")
    press(page, "Confirm")
    expect(waiting(page)).to_contain_text("the name typed is not that one")
    inspector.look(page, "integration-confirm-refused", expected="status of 422")
    waiting(page).get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("was not connected to FinCo 01")).to_be_visible()


def imports(page: Page, inspector: Inspector) -> None:
    page.goto("/imports")
    expect(page.get_by_role("heading", level=1, name="Imports")).to_be_visible()
    inspector.look(page, "imports")
    page.goto("/imports?fin_co=02")
    expect(page.get_by_text("Nothing was imported yet.")).to_be_visible()
    inspector.look(page, "imports-none")
    page.goto("/imports/left-out?fin_co=01")
    expect(page.get_by_role("link", name="no Account Number: ")).to_be_visible()
    inspector.look(page, "left-out")
    page.get_by_role("link", name="no Account Number: ").click()
    inspector.look(page, "left-out-of-one-cause")
    page.goto("/imports/left-out?fin_co=01&text=nothing-like-it")
    expect(page.get_by_text("Nothing like that is left out.")).to_be_visible()
    inspector.look(page, "left-out-empty")


def exporting(page: Page, inspector: Inspector) -> None:
    page.goto(CONTROL)
    inspector.look(page, "export-control")
    page.get_by_role("link", name="22", exact=False).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Batch")
    inspector.look(page, "batch")
    reports(page, inspector)
    page.goto(f"{CONTROL}?status=exported")
    inspector.look(page, "export-control-exported")
    page.goto(f"{CONTROL}?number=nothing-like-it")
    inspector.look(page, "export-control-empty")
    page.goto("/export-runs/1")
    inspector.look(page, "export-run")
    page.get_by_role("link", name="Did not go").click()
    page.get_by_role("link", name="11JUL-07AUG").first.click()
    inspector.look(page, "document-refused")
    page.goto(CONTROL)
    press(page, "Export")
    expect(page.get_by_text("no batch is ticked")).to_be_visible()
    inspector.look(page, "export-control-nothing-ticked")


def errors(page: Page, inspector: Inspector) -> None:
    page.goto("/batches/none-of-that-number")
    inspector.look(page, "not-found", expected="status of 404")
    page.goto("/xero/callback?code=x&state=y")
    inspector.look(page, "consent-used-before", expected="status of 400")
