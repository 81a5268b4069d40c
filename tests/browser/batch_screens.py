"""The reports of a batch, for the test that looks at every screen."""

from typing import Any

from playwright.sync_api import Page, expect


def reports(page: Page, inspector: Any) -> None:
    """From the page of a batch to each of its reports, and to what is printed."""
    batch = page.url
    for name in ("Lines", "GL analysis", "Tax summary", "History"):
        page.get_by_role("navigation", name="Pages of the batch").get_by_role(
            "link", name=name
        ).click()
        expect(page.get_by_role("heading", level=2, name=name)).to_be_visible()
        inspector.look(page, f"batch-{name.lower().replace(' ', '-')}")
    page.get_by_role("link", name="Print with lines").click()
    expect(page.get_by_role("button", name="Print this page")).to_be_visible()
    inspector.look(page, "batch-on-paper")
    page.goto(batch)
