import io
from collections.abc import Callable
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from jobs.tasks import load_task


@pytest.fixture(autouse=True)
def instance(monkeypatch, tmp_path) -> Path:
    """Files that are handed in are kept where only this test looks."""
    monkeypatch.setenv("INSTANCE_PATH", str(tmp_path))
    return tmp_path


@pytest.fixture
def send() -> Callable:
    """Hand a file in, and give the answer."""

    def sent(browser, content: str | bytes, *, target="companies", fin_co="01", name="file.csv"):
        data = content.encode() if isinstance(content, str) else content
        return browser.send(
            "/loads/new",
            {"target": target, "fin_co": fin_co, "file": (io.BytesIO(data), name)},
        )

    return sent


@pytest.fixture
def take() -> Callable:
    """Hand a file in that can be taken, and open the page of its columns."""

    def taken(browser, send, content, **more) -> tuple[str, BeautifulSoup]:
        response = send(browser, content, **more)
        assert response.status_code == 303, response.text
        return response.location.removesuffix("/mapping"), browser.open(response.location)

    return taken


@pytest.fixture
def filled() -> Callable:
    """What a browser would send of a page's mapping, with some of it changed."""

    def form(page: BeautifulSoup, **changes: str) -> dict[str, str]:
        found = {}
        for box in page.select("#mapping input[name]"):
            if box.get("type") in {"radio", "checkbox"} and not box.has_attr("checked"):
                continue
            found[box["name"]] = box.get("value", "")
        for box in page.select("#mapping select[name]"):
            chosen = box.select_one("option[selected]") or box.select_one("option")
            found[box["name"]] = chosen["value"]
        del found["csrf_token"]
        return {**found, "do": "save", **changes}

    return form


@pytest.fixture
def work(instance) -> Callable:
    """Do what a worker would, and open the page of the load."""

    def worked(browser, address: str) -> BeautifulSoup:
        load_task(int(address.rpartition("/")[2]))
        return browser.open(address)

    return worked
