import base64
import datetime as dt
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from redis import Redis
from rq import Queue
from werkzeug.test import TestResponse

from jobs.queue import QueueName
from webapp.db import db
from webapp.deps import EXTENSION, Deps, current_deps
from webapp.models import XeroSettings
from webapp.services import connections

KEY = "0123456789abcdefghijklmnopqrstuvwxyz"
HALF_HOUR = dt.timedelta(minutes=30)
MINUTE = dt.timedelta(minutes=1)
WITHIN_SECONDS = 5


def event(tenant_id: str, **members: str) -> dict[str, str]:
    given = {
        "resourceUrl": "https://api.xero.com/api.xro/2.0/Contacts/717f2bfc",
        "resourceId": "717f2bfc-c6d4-41fd-b238-3f2f0c0cf777",
        "eventDateUtc": "2026-11-20T01:15:39.902",
        "eventType": "Update",
        "eventCategory": "CONTACT",
        "tenantId": tenant_id,
        "tenantType": "ORGANISATION",
    }
    return given | members


def delivery(*events: dict[str, str]) -> bytes:
    number = len(events)
    content = {
        "events": list(events),
        "firstEventSequence": number,
        "lastEventSequence": number,
        "entropy": "S0m3r4Nd0mt3xt",
    }
    return json.dumps(content).encode()


def signature(body: bytes, key: str = KEY) -> str:
    return base64.b64encode(hmac.new(key.encode(), body, hashlib.sha256).digest()).decode()


@pytest.fixture
def post(app: Flask, configured) -> Callable[..., TestResponse]:
    """Post as Xero does: a signed body, no session, no cookie, no token of a form."""

    def posted(
        body: bytes, signed: str | None = None, at: dt.datetime | None = None
    ) -> TestResponse:
        configured(at=at, xero_webhook_key=KEY)
        return app.test_client().post(
            "/xero/webhooks",
            data=body,
            headers={"x-xero-signature": signature(body) if signed is None else signed},
            content_type="application/json; charset=utf-8",
        )

    return posted


@pytest.fixture
def waiting(deps: Deps) -> Callable[[], list[str]]:
    """What waits on the upkeep queue for a worker."""
    queue = Queue(QueueName.UPKEEP, connection=deps.redis)
    return lambda: [job.func_name for job in queue.jobs]


@pytest.fixture
def imported(connect, house, look, carry_on, pass_time) -> dt.datetime:
    """FinCo 01 is connected and has just imported; give when."""
    (run,) = pass_time(connect().connected_at, 30)
    return run.started_at


def test_C11_3_the_intent_to_receive_is_answered_rightly_every_time(post):
    body = delivery()
    good, wrong = signature(body), signature(body, "another key of the same length......")

    for signed, status in [(good, 200), (wrong, 401), ("", 401), ("caf\u00e9", 401), (good, 200)]:
        started = time.monotonic()
        answer = post(body, signed)
        assert time.monotonic() - started < WITHIN_SECONDS
        assert (answer.status_code, answer.data) == (status, b"")
        assert "Set-Cookie" not in answer.headers


def test_C11_3_the_signature_counts_for_these_very_bytes(post):
    body = delivery()

    assert post(body + b" ", signature(body)).status_code == 401


def test_C11_3_without_a_key_nobody_listens(app: Flask):
    answer = app.test_client().post("/xero/webhooks", data=delivery())

    assert (answer.status_code, answer.data) == (404, b"")


def test_C11_3_a_changed_contact_makes_its_fin_co_due_at_once(
    imported, sandbox, look, post, waiting
):
    heard = imported + 16 * MINUTE
    assert look(heard) == []

    answer = post(delivery(event(sandbox.tenant().upper())), at=heard)

    assert answer.status_code == 200
    assert waiting() == ["jobs.tasks.scheduled_imports_task"]
    assert len(look(heard)) == 1


def test_C11_3_a_change_during_an_import_is_brought_in_by_the_next(
    imported, sandbox, look, carry_on, post
):
    (running,) = look(imported + HALF_HOUR)
    post(delivery(event(sandbox.tenant())), at=imported + HALF_HOUR + MINUTE)
    assert look(imported + HALF_HOUR + 20 * MINUTE) == []

    carry_on(running, imported + HALF_HOUR)

    assert len(look(imported + HALF_HOUR + 20 * MINUTE)) == 1


def test_C11_3_a_flood_of_changes_imports_at_most_twice_as_often(
    imported, sandbox, look, carry_on, post
):
    started = []
    for minute in range(1, 121):
        at = imported + minute * MINUTE
        post(delivery(event(sandbox.tenant(), eventDateUtc=at.isoformat())), at=at)
        for run_id in look(at):
            carry_on(run_id, at)
            started.append(at)

    assert len(started) == 8


def test_C11_3_an_event_that_was_heard_changes_nothing(imported, sandbox, post, waiting):
    told = event(sandbox.tenant())
    heard = imported + 16 * MINUTE
    post(delivery(told), at=heard - 15 * MINUTE)
    (first,) = waiting()

    assert post(delivery(told), at=heard).status_code == 200
    assert post(delivery(told, told | {"eventCategory": "INVOICE"}), at=heard).status_code == 200
    assert waiting() == [first]

    post(delivery(told | {"eventDateUtc": "2026-11-20T01:15:40.001"}), at=heard)
    assert waiting() == [first, first]


@pytest.mark.parametrize("what", ["another kind", "an unknown organisation", "not ticked", "gone"])
def test_C11_3_what_concerns_no_companies_of_ours_is_passed_over(
    imported, sandbox, house, deps, look, post, waiting, what
):
    told = event(sandbox.tenant())
    if what == "another kind":
        told["eventCategory"] = "INVOICE"
    elif what == "an unknown organisation":
        told["tenantId"] = "00000000-1111-2222-3333-444444444444"
    elif what == "not ticked":
        db.session.get_one(XeroSettings, house.fin_co_id).sync_companies = False
        db.session.commit()
    else:
        connections.disconnect(deps.xero, fin_co_id=house.fin_co_id, now=deps.clock())

    assert post(delivery(told), at=imported + 16 * MINUTE).status_code == 200

    assert waiting() == []
    assert look(imported + 16 * MINUTE) == []


@pytest.mark.parametrize(
    "body", [b"", b"no json", b"[]", b"{}", b'{"events": [7]}', b'{"events": [{"tenantId": null}]}']
)
def test_C11_3_what_is_signed_and_makes_no_sense_is_not_asked_for_again(post, waiting, body):
    assert post(body).status_code == 200
    assert waiting() == []


def test_C11_3_what_could_not_be_noted_is_sent_again_by_xero(app, connect, sandbox, post, waiting):
    connect()
    body = delivery(event(sandbox.tenant()))
    nobody_listens = Redis(host="127.0.0.1", port=1)
    post(delivery())
    deps = current_deps()
    app.extensions[EXTENSION] = replace(deps, redis=nobody_listens)
    headers = {"x-xero-signature": signature(body)}
    answer = app.test_client().post("/xero/webhooks", data=body, headers=headers)
    nobody_listens.close()
    assert (answer.status_code, answer.data) == (503, b"")
    app.extensions[EXTENSION] = deps

    assert post(body).status_code == 200
    assert waiting() == ["jobs.tasks.scheduled_imports_task"]
