"""An export that lacks its permission, and documents that Xero takes with a warning."""

import datetime as dt
import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests

from webapp.db import db, utc_now
from webapp.domain.runs import ItemState, RunState
from webapp.models import ExportRun
from webapp.models.xero import ConnectionState
from webapp.services import connections, exports

PRIYA = "b7c9e0aa-1d25-4f0c-8f7e-2b6f3ad0c902"
WARNING = "The exchange rate is far from that of the day."
AS_SENT = ("Authorization", "xero-tenant-id", "Idempotency-Key", "Accept", "Content-Type")


@pytest.fixture
def warning_xero(sandbox) -> Iterator[str]:
    """The sandbox, adding a warning to each document that it takes; its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            answer = requests.put(
                sandbox.url + self.path,
                data=body,
                headers={name: self.headers[name] for name in AS_SENT if name in self.headers},
                timeout=30,
            )
            said = json.loads(answer.text)
            for document in said["Invoices"]:
                document["StatusAttributeString"] = "WARNING"
                document["Warnings"] = [{"Message": WARNING}]
            content = json.dumps(said).encode()
            self.send_response(answer.status_code)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_C5_3_a_warning_of_xero_is_kept_beside_the_document_it_is_about(books, warning_xero):
    endpoints = replace(books.deps.xero.endpoints, api_url=warning_xero)
    through = replace(
        books, deps=replace(books.deps, xero=replace(books.deps.xero, endpoints=endpoints))
    )

    (run_id,) = through.plan(books.batch("10.00")).run_ids

    assert through.work(run_id).state is RunState.COMPLETED
    (item,) = books.items(run_id)
    assert item.state is ItemState.SENT
    assert [(one["code"], one["verbatim"]) for one in item.problems] == [("warning", WARNING)]


def consent(books, sandbox, house, user: str, *, without: str = "nothing") -> None:
    address = connections.authorization_address(books.deps.xero, "s").replace(without, "")
    connections.complete_connect(
        books.deps.xero,
        fin_co_id=books.fin_co_id,
        user_id=house.alice_id,
        code=sandbox.consent(address, user=user)["code"],
        now=utc_now(),
    )


def test_C4_2_an_export_without_its_permission_waits_for_it_and_asks_once(books, sandbox, house):
    (run_id,) = books.plan(books.batch("10.00")).run_ids
    consent(books, sandbox, house, PRIYA, without="accounting.invoices")
    sandbox.control("DELETE", "requests")

    paused = books.work(run_id)

    assert paused.state is RunState.WAITING
    assert "exporting AP and sales invoices and credits" in paused.waiting_for
    assert "Ask for permission" in paused.waiting_for
    assert [call["status"] for call in sandbox.calls()] == [401]
    present = connections.current_connection(books.fin_co_id)
    assert present.state is ConnectionState.CONNECTED
    db.session.commit()
    assert exports.due_exports(utc_now() + dt.timedelta(minutes=20)) == [], "no loop of tries"

    consent(books, sandbox, house, PRIYA)

    assert exports.due_exports(utc_now()) == [run_id], "the permission wakes it"
    assert books.work(run_id).state is RunState.COMPLETED
    assert db.session.get_one(ExportRun, run_id).waits_for_person is False
