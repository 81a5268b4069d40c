"""Closing many batches at once, by mouse and keyboard."""

import re

import pytest
from playwright.sync_api import Page, expect
from running_copy import Copy
from screens import CONTROL, press


@pytest.fixture(scope="module")
def copy(start_copy) -> Copy:
    copy = start_copy()
    copy.seed()
    copy.load()
    return copy


def test_R78_all_open_batches_are_ticked_at_once_and_one_is_left_out(admin: Page):
    admin.goto(f"{CONTROL}?status=open&period=any")
    ticks = admin.get_by_role("checkbox", name="Tick open batch")
    count = ticks.count()
    assert count > 1
    admin.get_by_text("Close or mark open batches").click()
    whole = admin.get_by_role("checkbox", name=re.compile("that are shown"))
    whole.focus()
    admin.keyboard.press("Space")
    expect(admin.get_by_text(f"{count} batches ticked")).to_be_visible()
    ticks.first.uncheck()
    expect(whole).not_to_be_checked()
    press(admin, "Close those ticked")
    closed = r"is closed" if count == 2 else f"{count - 1} batches are closed"
    expect(admin.get_by_text(re.compile(closed))).to_be_visible()
    expect(admin.get_by_role("checkbox", name="Tick open batch")).to_have_count(1)
