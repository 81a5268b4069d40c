import hashlib
import json
import threading
from datetime import timedelta
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest
import redis
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis.backoff import NoBackoff
from redis.retry import Retry
from urllib3.exceptions import MaxRetryError, NewConnectionError

from webapp.xero.client import XeroClient
from webapp.xero.errors import (
    GateClosed,
    LimitReached,
    OutcomeUnknown,
    PermissionMissing,
    ReconnectNeeded,
    Refused,
    Unavailable,
)
from webapp.xero.records import ElementProblem
from webapp.xero.throttle import RedisGate

API = "https://api.test/api.xro/2.0"
ZERO = "00000000-0000-0000-0000-000000000000"
BODY = b'{"Invoices":[{"InvoiceNumber":"B-1","Total":110.00}]}'
SENT = {"Invoices": [{"InvoiceID": "I-1", "InvoiceNumber": "B-1", "Status": "AUTHORISED"}]}


def refused_connection():
    reason = NewConnectionError(None, "refused")
    return requests.ConnectionError(MaxRetryError(None, "/", reason))


def test_the_bytes_the_key_and_the_parameters_are_as_given(client, xero):
    xero.post(f"{API}/Invoices", json=SENT, headers={"Xero-Correlation-Id": "corr-1"})
    result = client.send_frozen("POST", "/Invoices", BODY, "key-1")
    sent = xero.calls[0].request
    assert sent.body == BODY
    assert sent.headers["Idempotency-Key"] == "key-1"
    assert sent.headers["Content-Type"] == "application/json; charset=utf-8"
    assert parse_qs(urlsplit(sent.url).query) == {"summarizeErrors": ["false"], "unitdp": ["4"]}
    assert result.correlation_id == "corr-1"
    assert [(element.xero_id, element.ok) for element in result.elements] == [("i-1", True)]


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(min_size=1, max_size=200))
def test_any_bytes_go_out_unchanged(client, xero, body):
    xero.reset()
    xero.post(f"{API}/ManualJournals", json={"ManualJournals": [{"ManualJournalID": "j"}]})
    client.send_frozen("POST", "ManualJournals", body, "key-1")
    assert xero.calls[-1].request.body == body


def test_each_element_tells_its_own_fate_with_every_problem_and_its_path(client, xero):
    answer = {
        "Invoices": [
            {
                "InvoiceID": "11111111-0000-0000-0000-000000000000",
                "InvoiceNumber": "B-1",
                "Type": "ACCPAY",
                "Contact": {"ContactID": "C-1"},
                "Status": "AUTHORISED",
                "SubTotal": 100.0,
                "TotalTax": 10.0,
                "Total": 110.0,
                "Url": "https://app.test/batches/1",
                "StatusAttributeString": "WARNING",
                "Warnings": [{"Message": "The rate is unusual"}],
                "LineItems": None,
            },
            {
                "InvoiceID": ZERO,
                "InvoiceNumber": "B-2",
                "HasErrors": True,
                "StatusAttributeString": "ERROR",
                "Contact": {"ValidationErrors": [{"Message": "The contact is archived"}]},
                "LineItems": [
                    {"ValidationErrors": []},
                    {
                        "ValidationErrors": [{"Description": "Account code '999' is not valid"}],
                        "Tracking": [{"ValidationErrors": [{"Message": "No such option"}]}],
                    },
                ],
                "ValidationErrors": [{"Message": "The document date is locked"}],
            },
        ]
    }
    xero.post(f"{API}/Invoices", json=answer)
    good, bad = client.send_frozen("POST", "Invoices", BODY, "key-1").elements
    assert good.ok
    assert (good.index, good.number, good.contact_id) == (0, "B-1", "c-1")
    assert (good.sub_total, good.total_tax, good.total) == (
        Decimal("100.0"),
        Decimal("10.0"),
        Decimal("110.0"),
    )
    assert good.url == "https://app.test/batches/1"
    assert good.warnings == (ElementProblem("", "The rate is unusual"),)
    assert not bad.ok
    assert (bad.index, bad.xero_id) == (1, None)
    assert set(bad.errors) == {
        ElementProblem("Contact", "The contact is archived"),
        ElementProblem("LineItems[1]", "Account code '999' is not valid"),
        ElementProblem("LineItems[1].Tracking[0]", "No such option"),
        ElementProblem("", "The document date is locked"),
    }


@pytest.mark.parametrize(
    "element",
    [
        {"InvoiceID": ZERO},
        {"InvoiceID": None},
        {"InvoiceID": "i-1", "StatusAttributeString": "ERROR"},
        {"InvoiceID": "i-1", "HasErrors": True},
        {"InvoiceID": "i-1", "LineItems": [{"ValidationErrors": [{"Message": "no"}]}]},
    ],
)
def test_an_element_with_any_sign_of_refusal_is_not_ok(client, xero, element):
    xero.post(f"{API}/Invoices", json={"Invoices": [element]})
    [result] = client.send_frozen("POST", "Invoices", BODY, "key-1").elements
    assert not result.ok


def test_a_journal_is_known_by_its_narration(client, xero):
    row = {"ManualJournalID": "j-1", "Narration": "Batch 12", "Status": "POSTED"}
    xero.post(f"{API}/ManualJournals", json={"ManualJournals": [row]})
    [result] = client.send_frozen("POST", "ManualJournals", BODY, "key-1").elements
    assert (result.xero_id, result.reference, result.ok) == ("j-1", "Batch 12", True)


@pytest.mark.parametrize(
    "answer",
    [
        {"body": requests.ReadTimeout("late")},
        {"body": requests.ConnectionError("reset")},
        {"body": requests.exceptions.ChunkedEncodingError("half an answer")},
        {"status": 500, "json": {"Title": "An error occurred"}},
        {"status": 503, "body": "The Xero API is temporarily unavailable"},
        {"status": 200, "body": "<html>hello</html>"},
        {"status": 200, "body": ""},
        {"status": 200, "json": {"Status": "OK"}},
        {"status": 200, "json": {"Invoices": []}},
        {"status": 200, "json": {"Invoices": [{"InvoiceID": "i-1", "Total": "much"}]}},
        {"status": 302, "headers": {"Location": "https://elsewhere.test/"}},
    ],
)
def test_a_write_without_an_answer_to_trust_is_unknown_and_sent_once(client, xero, answer):
    xero.post(f"{API}/Invoices", **answer)
    with pytest.raises(OutcomeUnknown):
        client.send_frozen("POST", "Invoices", BODY, "key-1")
    assert len(xero.calls) == 1


def test_a_write_that_never_left_is_sent_again_with_the_same_bytes_and_key(client, xero):
    xero.post(f"{API}/Invoices", body=refused_connection())
    xero.post(f"{API}/Invoices", body=requests.ConnectTimeout("no connection"))
    xero.post(f"{API}/Invoices", json=SENT)
    client.send_frozen("POST", "Invoices", BODY, "key-1")
    assert {call.request.body for call in xero.calls} == {BODY}
    assert {call.request.headers["Idempotency-Key"] for call in xero.calls} == {"key-1"}
    assert len(xero.calls) == 3


def test_a_write_that_never_leaves_is_unavailable(client, xero):
    xero.post(f"{API}/Invoices", body=refused_connection())
    with pytest.raises(Unavailable):
        client.send_frozen("POST", "Invoices", BODY, "key-1")


def test_a_limited_write_is_sent_again_with_the_same_bytes_and_key(client, xero):
    for problem in ("minute", "concurrent"):
        limits = {"X-Rate-Limit-Problem": problem}
        if problem == "minute":
            limits["Retry-After"] = "20"
        xero.post(f"{API}/Invoices", status=429, headers=limits)
    xero.post(f"{API}/Invoices", json=SENT)
    client.send_frozen("POST", "Invoices", BODY, "key-1")
    sent = {(call.request.body, call.request.headers["Idempotency-Key"]) for call in xero.calls}
    assert sent == {(BODY, "key-1")}


def test_a_write_is_not_repeated_when_its_key_has_died(client, xero):
    limits = {"X-Rate-Limit-Problem": "minute", "Retry-After": "110"}
    xero.post(f"{API}/Invoices", status=429, headers=limits)
    with pytest.raises(Unavailable):
        client.send_frozen("POST", "Invoices", BODY, "key-1")
    # 110 and 220 seconds later the key lives; 330 seconds later it does not.
    assert len(xero.calls) == 3


def test_an_expired_token_is_renewed_and_the_same_bytes_sent(client, xero):
    xero.post(f"{API}/Invoices", status=401, json={"Detail": "TokenExpired: token expired"})
    xero.post(
        "https://identity.test/connect/token",
        json={"access_token": "access-secret-2", "refresh_token": "refresh-secret-2"},
    )
    xero.post(f"{API}/Invoices", json=SENT)
    client.send_frozen("POST", "Invoices", BODY, "key-1")
    assert xero.calls[0].request.body == xero.calls[2].request.body == BODY
    assert xero.calls[2].request.headers["Authorization"] == "Bearer access-secret-2"


def test_a_refused_call_carries_every_problem_with_its_path(client, xero):
    body = {
        "ErrorNumber": 10,
        "Type": "ValidationException",
        "Message": "A validation exception occurred",
        "Elements": [
            {
                "InvoiceID": ZERO,
                "LineItems": [{"ValidationErrors": [{"Message": "Account is missing"}]}],
                "ValidationErrors": [{"Message": "Date is missing"}],
            }
        ],
    }
    xero.post(f"{API}/Invoices", status=400, json=body)
    with pytest.raises(Refused) as caught:
        client.send_frozen("POST", "Invoices", BODY, "key-1")
    assert set(caught.value.problems) == {
        ElementProblem("Elements[0].LineItems[0]", "Account is missing"),
        ElementProblem("Elements[0]", "Date is missing"),
    }


@pytest.mark.parametrize("status", [400, 404])
@pytest.mark.parametrize("body", ["", "<html>", "plain words"])
def test_a_refusal_without_json_is_still_a_refusal(client, xero, status, body):
    xero.post(f"{API}/Invoices", status=status, body=body)
    with pytest.raises(Refused) as caught:
        client.send_frozen("POST", "Invoices", BODY, "key-1")
    assert caught.value.status == status


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ({"status": 403, "json": {"Detail": "AuthenticationUnsuccessful"}}, ReconnectNeeded),
        ({"status": 403, "json": {"Detail": "AuthorizationUnsuccessful"}}, PermissionMissing),
        (
            {"status": 429, "headers": {"X-Rate-Limit-Problem": "Day", "Retry-After": "100"}},
            LimitReached,
        ),
    ],
)
def test_a_write_that_was_turned_away_says_what_to_do(client, xero, answer, error):
    xero.post(f"{API}/Invoices", **answer)
    with pytest.raises(error):
        client.send_frozen("POST", "Invoices", BODY, "key-1")
    assert len(xero.calls) == 1


def test_without_the_gate_nothing_is_sent(endpoints, tenant, session, tmp_path, xero):
    nobody = redis.Redis(unix_socket_path=str(tmp_path / "nobody"), retry=Retry(NoBackoff(), 0))
    client = XeroClient(endpoints, tenant, session, RedisGate(nobody))
    with pytest.raises(GateClosed):
        client.send_frozen("POST", "Invoices", BODY, "key-1")
    assert len(xero.calls) == 0


def test_a_collection_nobody_understands_is_not_written(client, xero):
    with pytest.raises(ValueError, match="Accounts"):
        client.send_frozen("POST", "Accounts", BODY, "key-1")
    assert len(xero.calls) == 0


def test_five_threads_send_their_own_bytes(client, xero):
    def echo(request):
        number = hashlib.sha256(request.body).hexdigest()
        return 200, {}, json.dumps({"Invoices": [{"InvoiceID": "i", "InvoiceNumber": number}]})

    xero.add_callback("POST", f"{API}/Invoices", echo)
    got = {}

    def work(name):
        body = f'{{"Invoices":[{{"InvoiceNumber":"{name}"}}]}}'.encode()
        [element] = client.send_frozen("POST", "Invoices", body, f"key-{name}").elements
        got[name] = element.number == hashlib.sha256(body).hexdigest()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert got == dict.fromkeys(range(5), True)


def test_a_group_is_made(client, xero):
    xero.put(
        f"{API}/ContactGroups",
        json={"ContactGroups": [{"ContactGroupID": "g-1", "Name": "Suppliers"}]},
    )
    assert client.create_contact_group("Suppliers", "key-1").contact_group_id == "g-1"
    sent = xero.calls[0].request
    assert sent.body == b'{"ContactGroups":[{"Name":"Suppliers"}]}'
    assert sent.headers["Idempotency-Key"] == "key-1"


def test_a_group_xero_does_not_want_is_refused_with_its_reason(client, xero):
    row = {"ContactGroupID": ZERO, "ValidationErrors": [{"Message": "The name is taken"}]}
    xero.put(f"{API}/ContactGroups", json={"ContactGroups": [row]})
    with pytest.raises(Refused) as caught:
        client.create_contact_group("Suppliers", "key-1")
    assert caught.value.problems == (ElementProblem("", "The name is taken"),)


@pytest.mark.parametrize("body", ["", '{"ContactGroups": []}'])
def test_a_group_without_an_answer_to_trust_is_unknown(client, xero, body):
    xero.put(f"{API}/ContactGroups", body=body)
    with pytest.raises(OutcomeUnknown):
        client.create_contact_group("Suppliers", "key-1")


def test_a_slow_gate_does_not_send_twice(client, clock, xero, gate, tenant):
    gate.observe(tenant, {"Retry-After": "30"}, 429)
    xero.post(f"{API}/Invoices", json=SENT)
    before = clock.now
    client.send_frozen("POST", "Invoices", BODY, "key-1")
    assert clock.now - before >= timedelta(seconds=30)
    assert len(xero.calls) == 1
