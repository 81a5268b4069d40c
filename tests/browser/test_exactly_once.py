"""Whatever happens at the moment of the export: every document once, none missing."""

import csv
import os
import secrets
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from running_copy import SMALL_MONTH, Copy, poll
from screens import confirmation, export, preview, run_state, sign_in

MANY = 20
THEIRS = 500
PEOPLE = ("admin", "finance")
INVOICES = 120
"""More than two requests' worth, so that a worker can die between them and inside them."""


@pytest.fixture(scope="module")
def copy(start_copy, tmp_path_factory) -> Copy:
    # A dead worker's run is taken up once its lease lapsed; the test need not wait 20 seconds.
    copy = start_copy(EXPORT_LEASE_SECONDS="4", SWEEP_SECONDS="2")
    copy.seed(_invoices(tmp_path_factory.mktemp("seed"), 1))
    copy.connect_and_import()
    return copy


def loaded(copy: Copy, folder: Path, count: int) -> str:
    """A closed batch of FinCo 01 that can go, of invoices nobody else has."""
    (number,) = copy.load(_invoices(folder, count))["batches"]
    copy.command("batches", "close", number)
    return number


def _invoices(folder: Path, count: int) -> Path:
    file, prefix = folder / "invoices.csv", secrets.token_hex(4)
    with SMALL_MONTH.open(encoding="utf-8-sig", newline="") as small:
        model = next(csv.DictReader(small))
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, model.keys())
        writer.writeheader()
        for number in range(count):
            writer.writerow(model | {"Invoice Number": f"{prefix}-{number}", "Net Amount": "10.00"})
    return file


@pytest.mark.faults
def test_a_worker_killed_in_the_middle_leaves_nothing_missing_and_nothing_twice(
    admin: Page, copy: Copy, tmp_path: Path
):
    batch = loaded(copy, tmp_path, INVOICES)
    before = documents(copy)
    # Two requests hang while the third is answered: the worker dies with all three fates open.
    copy.slow("/Invoices", method="PUT", seconds=4, times=2)
    export(admin, batch)
    expect(run_state(admin, "Exporting")).to_be_visible()
    killed = copy.pid("worker")
    poll(lambda: documents(copy) > before, "the first answer")
    os.kill(killed, signal.SIGKILL)
    assert documents(copy) < before + INVOICES

    poll(lambda: copy.pid("worker") not in {killed, None}, "a new worker")
    expect(run_state(admin, "Export completed")).to_be_visible(timeout=60_000)
    expect(admin.get_by_text(f"{INVOICES} of {INVOICES} documents")).to_be_visible()
    assert documents(copy) == before + INVOICES


def test_twenty_people_press_export_at_once_and_one_export_runs(
    open_browser: Callable[..., BrowserContext], copy: Copy, tmp_path: Path
):
    batch = loaded(copy, tmp_path, THEIRS)
    before = documents(copy)
    pages = [page for name in PEOPLE for page in in_front_of(open_browser, copy, name, batch)]
    # Nothing may be sent, and so ended, before everybody has pressed.
    os.kill(copy.pid("worker"), signal.SIGSTOP)

    moment = (time.time() + 2) * 1000
    for page in pages:
        confirmation(page).evaluate(
            "(b, t) => { setTimeout(() => b.click(), t - Date.now()); }", moment
        )
    for page in pages:
        expect(page.get_by_text("Exporting", exact=True).or_(told(page)).first).to_be_visible()
    exporting = [page for page in pages if "/export-runs/" in page.url]

    assert len(exporting) == 1
    run = exporting[0].url.rpartition("/")[2]
    who = PEOPLE[pages.index(exporting[0]) >= MANY // 2]
    for page in pages:
        if page is not exporting[0]:
            expect(told(page)).to_contain_text(
                f"Batch {batch} is already being exported by {who} (export {run})."
            )
    os.kill(copy.pid("worker"), signal.SIGCONT)
    expect(run_state(exporting[0], "Export completed")).to_be_visible(timeout=60_000)
    assert documents(copy) == before + THEIRS


def in_front_of(
    open_browser: Callable[..., BrowserContext], copy: Copy, name: str, batch: str
) -> list[Page]:
    """Half of the browsers, signed in as one person, who sees what the export would do."""
    first = open_browser()
    sign_in(first.new_page(), name, copy.passwords[name])
    cookies = first.storage_state()
    pages = []
    for _ in range(MANY // 2):
        page = open_browser(storage_state=cookies).new_page()
        preview(page, batch)
        pages.append(page)
    return pages


def told(page: Page):
    return page.get_by_role("alert")


def documents(copy: Copy) -> int:
    return sum(count for count, _ in copy.in_xero().values())
