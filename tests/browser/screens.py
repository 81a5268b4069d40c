"""What a person does and sees on the screens, by the words and roles that are there for all."""

import re

from playwright.sync_api import Locator, Page, expect

INTEGRATION = "/administration/data-transfer/xero-integration"
CONTROL = "/export-control"
AUDIT_LOG = "/administration/audit-log"


def sign_in(page: Page, name: str, password: str) -> None:
    page.goto("/")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Main menu")).to_be_visible()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def fact(page: Page, name: str) -> Locator:
    """What stands beside a label such as Company Name."""
    label = page.get_by_role("term").filter(has=page.get_by_text(name, exact=True))
    label = label.or_(page.get_by_role("term").get_by_text(name, exact=True))
    return page.locator("dl > div").filter(has=label).get_by_role("definition")


def row(page: Page, name: str) -> Locator:
    """The row of a table whose heading cell is ``name``."""
    return page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=name, exact=True))


def tick(page: Page, batch: str) -> Locator:
    return page.get_by_role("checkbox", name=f"Export batch {batch}")


def allow(page: Page, organisation: str) -> None:
    """Say yes on the consent page, and come back to be asked whether it is the right one."""
    page.get_by_role("radio", name=organisation).check()
    press(page, "Allow access")
    expect(waiting(page)).to_contain_text(f"In Xero you chose {organisation}.")


def waiting(page: Page) -> Locator:
    """What asks to confirm the organisation that was chosen."""
    return page.get_by_role("region", name="Confirm the organisation")


def confirm(page: Page, organisation: str, *, fin_co: str) -> None:
    """Say that it is the right one, where no other is connected."""
    expect(waiting(page).get_by_role("textbox")).to_have_count(0)
    press(page, "Confirm")
    see_connected(page, organisation, fin_co)


def replace(page: Page, organisation: str, *, fin_co: str) -> None:
    """Say that it is the right one in place of another, by its name."""
    waiting(page).get_by_label("Type the name of the new organisation").fill(organisation)
    press(page, "Confirm")
    see_connected(page, organisation, fin_co)


def see_connected(page: Page, organisation: str, fin_co: str) -> None:
    expect(page.get_by_text(f"FinCo {fin_co} is connected to {organisation}.")).to_be_visible()
    expect(waiting(page)).to_be_hidden()
    expect(fact(page, "Company Name")).to_contain_text(organisation)


def export(page: Page, *batches: str) -> None:
    preview(page, *batches)
    confirmation(page).click()


def preview(page: Page, *batches: str) -> None:
    """Let the page say what an export of these batches would do."""
    page.goto(CONTROL)
    for batch in batches:
        tick(page, batch).check()
    press(page, "Export")
    expect(page.get_by_role("heading", name="Export preview")).to_be_visible()


def confirmation(page: Page) -> Locator:
    """The button that exports what the preview shows."""
    return page.get_by_role("button", name=re.compile(r"^Export [\d,]+ documents?$"))


def close(page: Page, *batches: str) -> None:
    page.goto(CONTROL)
    for batch in batches:
        press(page, f"Close batch {batch}")
        expect(page.get_by_text(f"Batch {batch} is closed.")).to_be_visible()


def run_state(page: Page, words: str) -> Locator:
    """The heading of a run's panel."""
    return page.get_by_role("region", name=words).get_by_role("heading", name=words)
