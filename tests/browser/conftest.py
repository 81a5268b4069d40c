"""A real browser in front of real processes."""

import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    expect,
    sync_playwright,
)

# Test folders are no packages; what the tests share lies beside them.
sys.path.insert(0, str(Path(__file__).parent))

from running_copy import Copy
from screens import sign_in

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
]
OVERTAKEN = ("htmx:sendAbort", "htmx:afterRequest")
"""What htmx says where a question was overtaken by the next letter typed, as it is meant to be."""
PATIENCE_MS = 30_000
"""Two busy cores answer late; a test that passes does not wait for it."""
expect.set_options(timeout=PATIENCE_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        pytest.skip(f"no Chromium on the PATH: none of {', '.join(NAMES)}")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def start_copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Copy]]:
    """Start copies of the application that end with the file's last test."""
    started: list[Copy] = []

    def start(**settings: str) -> Copy:
        copy = Copy(tmp_path_factory.mktemp("copy"), **settings)
        started.append(copy)
        copy.start()
        return copy

    yield start
    for copy in started:
        copy.end()


@pytest.fixture
def complaints() -> Iterator[list[str]]:
    """Whatever a page put into the browser's console; a test ends red if there is anything.

    A broken content security policy shows here too.
    """
    heard: list[str] = []
    yield heard
    assert heard == []


@pytest.fixture
def open_browser(
    browser: Browser, copy: Copy, complaints: list[str]
) -> Iterator[Callable[..., BrowserContext]]:
    """A browser of somebody's own: cookies and tabs shared with nobody else's."""
    opened: list[BrowserContext] = []

    def listen(message: ConsoleMessage) -> None:
        # The practice ledger's own pages are not ours.
        where = message.location.get("url", "")
        if message.type not in {"error", "warning"} or where.startswith(copy.sandbox):
            return
        if not message.text.endswith(OVERTAKEN):
            complaints.append(f"{where}: {message.text}")

    def new(**options) -> BrowserContext:
        context = browser.new_context(base_url=copy.address, **options)
        context.set_default_timeout(PATIENCE_MS)
        context.on("console", listen)
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        opened.append(context)
        return context

    yield new
    for context in opened:
        context.close()


@pytest.fixture
def admin(open_browser: Callable[..., BrowserContext], copy: Copy) -> Page:
    """The administrator, signed in and in front of the main menu."""
    page = open_browser().new_page()
    sign_in(page, "admin", copy.passwords["admin"])
    return page
