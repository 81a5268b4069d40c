"""The set-up screens, for the test that looks at every screen."""

from typing import Any

from playwright.sync_api import Page, expect

LISTS = {
    "financial-companies": "Financial Companies",
    "locations": "Locations",
    "period-ends": "Period Ends",
    "profit-centres": "Profit Centres",
    "jobs": "Jobs",
    "job-types": "Job Types",
    "job-groups": "Job Groups",
    "work-centres": "Work Centres",
    "users": "Users",
    "activities": "Activities",
    "sales-codes": "Sales Codes",
    "gst-types": "GST Types",
    "gl-accounts": "GL Accounts",
}


def set_up(page: Page, inspector: Any) -> None:
    for name, heading in LISTS.items():
        page.goto(f"/set-up/{name}")
        expect(page.get_by_role("heading", level=1, name=heading)).to_be_visible()
        inspector.look(page, f"set-up-{name}")
    page.goto("/set-up/activities?text=nothing-like-it")
    inspector.look(page, "set-up-empty")
    page.goto("/set-up/financial-companies/01")
    inspector.look(page, "set-up-financial-company")
    for name in ("jobs", "users", "profit-centres", "locations", "gl-accounts"):
        page.goto(f"/set-up/{name}/new")
        inspector.look(page, f"set-up-{name}-new")
    page.goto("/set-up/users/new")
    page.get_by_label("Name").fill("Dora")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", name="Dora can sign in")).to_be_visible()
    inspector.look(page, "set-up-user-password")
    page.goto("/set-up/activities/new")
    inspector.look(page, "set-up-activity-new")
    page.goto("/set-up/activities")
    page.get_by_role("link", name="MAT", exact=True).click()
    inspector.look(page, "set-up-activity")
    box = page.get_by_role("combobox", name="DR GL Account")
    box.fill("expenses")
    expect(page.get_by_role("listbox").get_by_role("option").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    inspector.look(page, "set-up-activity-picking")
