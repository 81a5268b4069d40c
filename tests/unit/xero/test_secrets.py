import logging
import traceback
from dataclasses import replace

import pytest
import requests
import structlog

from webapp.xero import errors
from webapp.xero._wire import Answer, HttpRequest
from webapp.xero.authorize import exchange_code
from webapp.xero.records import ElementProblem

API = "https://api.test/api.xro/2.0"
# Named, because a traceback quotes the lines of this file too.
LEDGER = b'{"Reference":"ledger-secret"}'
CODE = "code-secret"
SECRETS = (
    "access-secret",
    "refresh-secret",
    "our-client-secret",
    "b3VyLWNsaWVudC1pZDpvdXItY2xpZW50LXNlY3JldA",  # the client's id and secret as sent
    "code-secret",
    "ledger-secret",
)


def shows_nothing(*shown):
    for text in map(str, shown):
        assert not [secret for secret in SECRETS if secret in text]


@pytest.fixture
def logged(caplog):
    caplog.set_level(logging.DEBUG)
    with structlog.testing.capture_logs() as events:
        yield lambda: [*events, *(record.getMessage() for record in caplog.records)]


def test_reprs_show_no_secret(tokens, credentials, session, client):
    request = HttpRequest(
        "POST", API, {"a": "ledger-secret"}, {"A": "access-secret"}, b"ledger-secret"
    )
    answer = Answer(200, {"A": "access-secret"}, b"ledger-secret")
    for thing in (tokens.tokens, credentials, session, client, client._sender, request, answer):
        shows_nothing(repr(thing), thing)


@pytest.mark.parametrize(
    "answer",
    [
        {"status": 200, "json": {"Invoices": [{"InvoiceID": "i", "Reference": "ledger-secret"}]}},
        {"status": 400, "json": {"Elements": [{"Reference": "ledger-secret"}]}},
        {"status": 401, "json": {"Detail": "AuthorizationUnsuccessful"}},
        {"status": 403},
        {"status": 429, "headers": {"X-Rate-Limit-Problem": "day", "Retry-After": "9"}},
        {"status": 500, "body": "ledger-secret"},
        {"body": requests.ConnectionError("access-secret ledger-secret")},
    ],
)
def test_no_call_logs_or_raises_a_secret(client, tokens, clock, xero, logged, answer):
    tokens.tokens = replace(tokens.tokens, expires_at=clock.now)
    fresh = {"access_token": "access-secret-2", "refresh_token": "refresh-secret-2"}
    xero.post("https://identity.test/connect/token", json=fresh)
    xero.post(f"{API}/Invoices", **answer)
    try:
        client.send_frozen("POST", "Invoices", LEDGER, "key-1")
    except errors.XeroError as error:
        shows_nothing(repr(error), error, "".join(traceback.format_exception(error)))
    events = logged()
    assert [event for event in events if "xero.call" in str(event)]
    shows_nothing(*events)


@pytest.mark.parametrize(
    "answer",
    [
        {"status": 400, "json": {"error": "invalid_grant"}},
        {"status": 200, "json": {"access_token": "access-secret"}},
        {"body": requests.ConnectionError("reset")},
    ],
)
def test_no_consent_logs_or_raises_a_secret(endpoints, credentials, xero, logged, answer):
    xero.post("https://identity.test/connect/token", **answer)
    with pytest.raises(errors.XeroError) as caught:
        exchange_code(endpoints, credentials, "http://localhost/callback", CODE)
    shows_nothing(repr(caught.value), "".join(traceback.format_exception(caught.value)), *logged())


def test_a_call_is_logged_with_what_finds_it(client, tenant, xero, logged):
    xero.get(
        f"{API}/Currencies",
        json={"Currencies": []},
        headers={"Xero-Correlation-Id": "corr-1"},
    )
    client.currencies()
    [event] = [event for event in logged() if isinstance(event, dict)]
    assert event == {
        "event": "xero.call",
        "log_level": "info",
        "method": "GET",
        "path": "Currencies",
        "status": 200,
        "fate": "answered",
        "attempt": 1,
        "correlation_id": "corr-1",
        "tenant_id": tenant,
    }


def test_an_error_says_where_it_happened():
    call = errors.Call("POST", "Invoices", 400, "corr-1")
    error = errors.Refused("Xero refused the call", problems=(ElementProblem("", "no"),), call=call)
    assert repr(error) == (
        "Refused('Xero refused the call (POST Invoices, status 400, correlation corr-1)')"
    )
