import base64
import json
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from webapp.xero.authorize import (
    BASE_SCOPES,
    PAYROLL_SCOPES,
    authorization_url,
    delete_connection,
    exchange_code,
    list_connections,
    revoke,
)
from webapp.xero.errors import (
    AuthorizationFailed,
    BadResponse,
    ReconnectNeeded,
    Unavailable,
)

TOKEN_URL = "https://identity.test/connect/token"
CALLBACK = "http://localhost:5000/xero/callback"
CONNECTION = {
    "id": "e1eede29-f875-4a5d-8470-17f6a29a88b1",
    "authEventId": "event-9",
    "tenantId": "70784a63-d24b-46a9-a4db-0e70a274b056",
    "tenantType": "ORGANISATION",
    "tenantName": "Maple Florist",
    "createdDateUtc": "2019-07-09T23:40:30.1833130",
    "updatedDateUtc": "2020-05-15T01:35:13.8491980",
}


def access_token():
    claims = {"xero_userid": "user-7", "authentication_event_id": "event-9", "scope": ["openid"]}
    return f"e30.{base64.urlsafe_b64encode(json.dumps(claims).encode()).decode()}.s"


def test_the_person_is_sent_with_state_and_scopes(endpoints, credentials):
    url = authorization_url(endpoints, credentials, CALLBACK, BASE_SCOPES, "one-time-state")
    assert url.startswith("https://login.test/identity/connect/authorize?")
    assert parse_qs(urlsplit(url).query) == {
        "response_type": ["code"],
        "client_id": ["our-client-id"],
        "redirect_uri": [CALLBACK],
        "scope": [" ".join(BASE_SCOPES)],
        "state": ["one-time-state"],
    }


def test_C4_1_nothing_is_asked_for_that_is_not_used_and_lasting_access_is():
    assert set(BASE_SCOPES) == {
        "openid",
        "profile",
        "email",
        "offline_access",
        "accounting.settings.read",
        "accounting.contacts",
        "accounting.invoices",
        "accounting.payments.read",
        "accounting.manualjournals",
        "accounting.attachments",
    }


def test_C4_1_payroll_is_asked_for_apart():
    assert set(PAYROLL_SCOPES) == {
        "payroll.employees.read",
        "payroll.settings.read",
        "payroll.timesheets",
    }


def test_C1_9_no_secret_is_in_the_address_a_browser_is_sent_to(endpoints, credentials):
    url = authorization_url(endpoints, credentials, CALLBACK, BASE_SCOPES, "one-time-state")

    assert credentials.client_secret
    assert credentials.client_secret not in url
    assert set(parse_qs(urlsplit(url).query)) == {
        "response_type", "client_id", "redirect_uri", "scope", "state",
    }  # fmt: skip


def test_a_code_is_swapped_for_tokens(endpoints, credentials, xero):
    xero.post(
        TOKEN_URL,
        json={
            "access_token": access_token(),
            "refresh_token": "refresh-secret",
            "expires_in": 1800,
            "scope": "openid offline_access",
        },
    )
    now = datetime(2026, 11, 2, tzinfo=UTC)
    tokens = exchange_code(endpoints, credentials, CALLBACK, "the-code", now)
    sent = xero.calls[0].request
    assert parse_qs(sent.body) == {
        "grant_type": ["authorization_code"],
        "code": ["the-code"],
        "redirect_uri": [CALLBACK],
    }
    assert sent.headers["Authorization"].startswith("Basic ")
    assert (tokens.refresh_token, tokens.scope) == ("refresh-secret", ("openid", "offline_access"))
    assert (tokens.xero_user_id, tokens.auth_event_id) == ("user-7", "event-9")
    assert (tokens.expires_at - now).total_seconds() == 1800


def test_a_consent_without_offline_access_is_no_connection(endpoints, credentials, xero):
    xero.post(TOKEN_URL, json={"access_token": access_token(), "expires_in": 1800})
    with pytest.raises(ReconnectNeeded) as caught:
        exchange_code(endpoints, credentials, CALLBACK, "the-code")
    assert caught.value.reason == "no_refresh_token"


def test_a_refused_code_says_why(endpoints, credentials, xero):
    refusal = {"error": "invalid_grant", "error_description": "code is spent"}
    xero.post(TOKEN_URL, status=400, json=refusal)
    with pytest.raises(AuthorizationFailed) as caught:
        exchange_code(endpoints, credentials, CALLBACK, "the-code")
    assert (caught.value.code, caught.value.description) == ("invalid_grant", "code is spent")


@pytest.mark.parametrize(
    "answer",
    [{"status": 500}, {"body": requests.ReadTimeout()}, {"status": 200, "body": "<html>"}],
)
def test_a_code_exchange_without_answer_is_unavailable(endpoints, credentials, xero, answer):
    xero.post(TOKEN_URL, **answer)
    with pytest.raises(Unavailable):
        exchange_code(endpoints, credentials, CALLBACK, "the-code")


def test_the_connections_of_one_consent_are_listed(endpoints, xero):
    xero.get("https://api.test/connections", json=[CONNECTION])
    [found] = list_connections(endpoints, "access-secret", "event-9")
    sent = xero.calls[0].request
    assert parse_qs(urlsplit(sent.url).query) == {"authEventId": ["event-9"]}
    assert sent.headers["Authorization"] == "Bearer access-secret"
    assert "xero-tenant-id" not in sent.headers
    assert (found.connection_id, found.tenant_id) == (CONNECTION["id"], CONNECTION["tenantId"])
    assert (found.tenant_name, found.tenant_type) == ("Maple Florist", "ORGANISATION")
    assert found.created_at == datetime(2019, 7, 9, 23, 40, 30, 183313, tzinfo=UTC)


def test_no_connections_is_an_empty_list(endpoints, xero):
    xero.get("https://api.test/connections", json=[])
    assert list_connections(endpoints, "access-secret") == []


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ({"status": 401, "json": {"Title": "Unauthorized"}}, ReconnectNeeded),
        ({"status": 500}, Unavailable),
        ({"body": requests.ConnectionError()}, Unavailable),
        ({"body": "<html>"}, BadResponse),
        ({"json": {"not": "a list"}}, BadResponse),
        ({"json": [{"id": "without a tenant"}]}, BadResponse),
    ],
)
def test_connections_that_cannot_be_listed_say_what_to_do(endpoints, xero, answer, error):
    xero.get("https://api.test/connections", **answer)
    with pytest.raises(error):
        list_connections(endpoints, "access-secret")


@pytest.mark.parametrize("status", [204, 401, 403, 404])
def test_a_connection_that_is_gone_is_disconnected(endpoints, xero, status):
    xero.delete("https://api.test/connections/conn-1", status=status)
    delete_connection(endpoints, "access-secret", "conn-1")


def test_a_disconnect_that_failed_is_told(endpoints, xero):
    xero.delete("https://api.test/connections/conn-1", status=500)
    with pytest.raises(Unavailable):
        delete_connection(endpoints, "access-secret", "conn-1")


def test_a_refresh_token_is_given_up(endpoints, credentials, xero):
    xero.post("https://identity.test/connect/revocation", status=200)
    revoke(endpoints, credentials, "refresh-secret")
    sent = xero.calls[0].request
    assert parse_qs(sent.body)["token"] == ["refresh-secret"]
    assert sent.headers["Authorization"].startswith("Basic ")


@pytest.mark.parametrize("answer", [{"status": 503}, {"body": requests.ConnectionError()}])
def test_a_revocation_without_answer_is_told(endpoints, credentials, xero, answer):
    xero.post("https://identity.test/connect/revocation", **answer)
    with pytest.raises(Unavailable):
        revoke(endpoints, credentials, "refresh-secret")
