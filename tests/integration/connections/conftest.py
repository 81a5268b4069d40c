"""Consents that wait to be confirmed, and a line to the sandbox that is listened to."""

import datetime as dt
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests

from webapp.models import PendingConnection, XeroConnection
from webapp.services import connections

MORGAN = "6d2f0c1e-4a53-4a1b-9d0e-0f6f5f1f8a01"
NOW = dt.datetime(2026, 11, 20, 9, 30, tzinfo=dt.UTC)


GUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
HOP_BY_HOP = {"connection", "transfer-encoding", "content-length", "content-encoding", "host"}


def guids(text: str) -> set[str]:
    """Every id in a text."""
    return {found.lower() for found in GUID.findall(text)}


@pytest.fixture
def receive(sandbox, house, deps) -> Callable[..., PendingConnection]:
    """Consent for a FinCo (01 unless told), and come back from the consent page."""

    def received(
        fin_co_id: int | None = None,
        organisation: int = 0,
        user: str = MORGAN,
        *,
        with_payroll: bool = False,
        without: str = "",
    ) -> PendingConnection:
        address = connections.authorization_address(deps.xero, "s", with_payroll=with_payroll)
        if without:
            address = address.replace(without, "")
        return connections.receive_consent(
            deps.xero,
            fin_co_id=house.fin_co_id if fin_co_id is None else fin_co_id,
            user_id=house.alice_id,
            code=sandbox.consent(address, organisation, user)["code"],
            now=NOW,
        )

    return received


@pytest.fixture
def confirm(house, deps) -> Callable[..., XeroConnection]:
    """Press Confirm for a FinCo (01 unless told)."""

    def confirmed(
        fin_co_id: int | None = None, typed_name: str | None = None, **given: object
    ) -> XeroConnection:
        asked = {
            "fin_co_id": house.fin_co_id if fin_co_id is None else fin_co_id,
            "user_id": house.alice_id,
            "typed_name": typed_name,
            "now": NOW,
        }
        return connections.confirm_connection(deps.xero, **(asked | given))

    return confirmed


@dataclass(frozen=True)
class Exchange:
    """One request and its answer."""

    method: str
    path: str
    tenant_id: str
    sent: str
    answered: str


@dataclass
class Recorder:
    """What passed, in order."""

    url: str
    exchanges: list[Exchange] = field(default_factory=list)

    def of_api(self) -> list[Exchange]:
        return [one for one in self.exchanges if one.path.startswith("/api.xro/")]

    def strangers(self) -> list[tuple[str, str, str]]:
        """Ids that went to another organisation than the one they were learnt from.

        An id belongs to the organisation whose answer named it first.
        """
        owners: dict[str, str] = {}
        found = []
        for one in self.of_api():
            asked = guids(f"{one.path} {one.sent}")
            found += [
                (one.method, one.path, known)
                for known in asked
                if owners.get(known, one.tenant_id) != one.tenant_id
            ]
            for learnt in guids(one.answered) - asked:
                owners.setdefault(learnt, one.tenant_id)
        return found


@contextmanager
def recording(upstream: str) -> Iterator[Recorder]:
    """Stand before a server, pass everything on and keep it."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_one_request(self) -> None:
            self.raw_requestline = self.rfile.readline(65537)
            if not self.raw_requestline or not self.parse_request():
                self.close_connection = True
                return
            self.pass_on()

        def pass_on(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {k: v for k, v in self.headers.items() if k.lower() not in HOP_BY_HOP}
            answer = requests.request(
                self.command,
                upstream + self.path,
                data=body,
                headers=headers,
                allow_redirects=False,
                timeout=60,
            )
            recorder.exchanges.append(
                Exchange(
                    self.command,
                    self.path,
                    self.headers.get("xero-tenant-id", ""),
                    body.decode("utf-8", "replace"),
                    answer.text,
                )
            )
            self.send_response(answer.status_code)
            for name, value in answer.headers.items():
                if name.lower() not in {*HOP_BY_HOP, "date", "server"}:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.content)))
            self.end_headers()
            self.wfile.write(answer.content)

        def log_message(self, *_: object) -> None:
            """What passes is kept, not printed."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    recorder = Recorder(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield recorder
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def recorder(sandbox) -> Iterator[Recorder]:
    with recording(sandbox.url) as recorder:
        yield recorder
