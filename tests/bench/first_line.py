"""From pressing Import to the first line that moves, as a browser with scripts sees it."""

import re
import time

import requests
from bs4 import BeautifulSoup
from flask import url_for

from tests.bench.workbench import Workbench

UNDER_WAY = ("Running", "Done")


def timed(workbench: Workbench, fin_co: str) -> float:
    """Press Import; give the seconds until the stream showed that a kind had begun."""
    with workbench.app.test_request_context():
        address = url_for("integration.import_now", code=fin_co)
    with requests.Session() as browser:
        token = _sign_in(browser, workbench)
        began = time.perf_counter()
        pressed = browser.post(
            f"{workbench.copy.address}{address}",
            data={"csrf_token": token},
            headers={"HX-Request": "true"},
            timeout=60,
        )
        pressed.raise_for_status()
        stream = re.search(r'data-stream="([^"]+)"', pressed.text)
        if stream is None:
            raise SystemExit(f"no import was started: {pressed.text}")
        with browser.get(
            f"{workbench.copy.address}{stream[1]}", stream=True, timeout=60
        ) as streamed:
            event: list[str] = []
            for line in streamed.iter_lines(chunk_size=1, decode_unicode=True):
                event.append(line)
                if not line:
                    if _begun("\n".join(event)):
                        return time.perf_counter() - began
                    event = []
    raise SystemExit("the stream ended before a kind had begun")


def _begun(event: str) -> bool:
    html = re.sub(r"^data: ", "", event, flags=re.MULTILINE)
    rows = BeautifulSoup(html, "html.parser").select("tbody tr")
    cells = [row.td.get_text(strip=True) for row in rows if row.td]
    return any(cell.startswith(UNDER_WAY) for cell in cells)


def _sign_in(browser: requests.Session, workbench: Workbench) -> str:
    """Sign in as the first person of the copy; give the token that forms are sent with."""
    name, password = next(iter(workbench.copy.passwords.items()))
    address = f"{workbench.copy.address}/sign-in"
    fields = {"csrf_token": _token(browser.get(address, timeout=60)), "name": name}
    page = browser.post(address, data={**fields, "password": password}, timeout=60)
    page.raise_for_status()
    return _token(page)


def _token(page: requests.Response) -> str:
    meta = BeautifulSoup(page.text, "html.parser").find("meta", attrs={"name": "csrf-token"})
    return str(meta["content"]) if meta else ""
