import base64
import json
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from bs4 import BeautifulSoup
from joserfc import jwt
from joserfc.jwk import KeySet

REDIRECT = "http://localhost:5999/callback"


def claims_of(token: str) -> dict:
    part = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def test_the_consent_page_offers_two_organisations_and_two_users_without_a_script(sandbox):
    page = requests.get(
        f"{sandbox.url}/identity/connect/authorize",
        params=sandbox.authorize_fields(),
        timeout=30,
    )
    assert page.status_code == 200
    assert "Harbour Civil Ltd" in page.text
    assert "Southern Cross Engineering Pty Ltd" in page.text
    assert page.text.count('name="user"') == 2
    assert "<script" not in page.text


def test_state_comes_back_unchanged_with_the_code(sandbox):
    answer = sandbox.consent(state="a b&c=ü")
    query = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert answer.status_code == 302
    assert query["state"] == ["a b&c=ü"]
    assert query["code"]


def test_cancel_comes_back_as_access_denied_without_a_code(sandbox):
    answer = sandbox.consent(decision="cancel")
    query = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert query == {"error": ["access_denied"], "state": ["abc"]}


@pytest.mark.parametrize(
    ("changed", "error", "status"),
    [
        ({"client_id": "somebody-else"}, "unauthorized_client", 400),
        ({"redirect_uri": "http://127.0.0.1:5999/callback"}, "unauthorized_client", 403),
        ({"redirect_uri": "http://example.com/callback"}, "unauthorized_client", 403),
        ({"scope": "openid accounting.everything"}, "invalid_scope", 400),
        ({"response_type": "token"}, "unsupported_response_type", 400),
    ],
)
def test_a_wrong_authorize_request_is_shown_and_never_sent_back(sandbox, changed, error, status):
    answer = requests.get(
        f"{sandbox.url}/identity/connect/authorize",
        params=sandbox.authorize_fields(**changed),
        timeout=30,
        allow_redirects=False,
    )
    assert answer.status_code == status
    assert error in answer.text


def test_https_and_localhost_are_taken_as_redirect_addresses(sandbox):
    for uri in ("https://app.example.com/xero", "http://localhost/xero"):
        assert sandbox.consent(redirect_uri=uri).headers["Location"].startswith(uri)


def test_a_token_answer_has_exactly_the_keys_the_official_client_takes(sandbox):
    assert set(sandbox.tokens()) == {
        "id_token", "access_token", "refresh_token", "expires_in", "token_type", "scope",
    }  # fmt: skip
    assert set(sandbox.tokens(scope="accounting.settings.read")) >= {"access_token", "scope"}


def test_without_offline_access_there_is_no_refresh_token_and_without_openid_no_id_token(sandbox):
    tokens = sandbox.tokens(scope="accounting.settings.read")
    assert "refresh_token" not in tokens
    assert "id_token" not in tokens


def test_tokens_are_signed_and_carry_the_claims(sandbox):
    tokens = sandbox.tokens(nonce="n-1")
    discovery = requests.get(f"{sandbox.url}/.well-known/openid-configuration", timeout=30).json()
    keys = KeySet.import_key_set(requests.get(discovery["jwks_uri"], timeout=30).json())
    access = jwt.decode(tokens["access_token"], keys, algorithms=["RS256"]).claims
    identity = jwt.decode(tokens["id_token"], keys, algorithms=["RS256"]).claims
    assert access["iss"] == identity["iss"] == discovery["issuer"]
    assert access["exp"] - access["iat"] == tokens["expires_in"] == 1800
    assert isinstance(access["scope"], list)
    for claim in ("client_id", "sub", "auth_time", "xero_userid", "global_session_id", "jti"):
        assert access[claim]
    assert identity["nonce"] == "n-1"
    assert identity["email"].endswith("@example.com")


def test_a_code_works_once(sandbox):
    code = sandbox.code()
    fields = {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT}
    assert sandbox.token_call(**fields).status_code == 200
    again = sandbox.token_call(**fields)
    assert (again.status_code, again.json()) == (400, {"error": "invalid_grant"})


def test_a_code_dies_after_five_minutes(sandbox):
    code = sandbox.code()
    sandbox.control("POST", "clock", {"advance_seconds": 301})
    answer = sandbox.token_call(grant_type="authorization_code", code=code, redirect_uri=REDIRECT)
    assert answer.json() == {"error": "invalid_grant"}


def test_a_code_is_bound_to_its_redirect_address(sandbox):
    answer = sandbox.token_call(
        grant_type="authorization_code",
        code=sandbox.code(),
        redirect_uri="http://localhost:5999/other",
    )
    assert answer.json() == {"error": "invalid_grant"}


def test_a_wrong_secret_is_an_invalid_client(sandbox):
    answer = sandbox.token_call(
        secret="wrong", grant_type="authorization_code", code=sandbox.code(), redirect_uri=REDIRECT
    )
    assert (answer.status_code, answer.json()) == (400, {"error": "invalid_client"})


def refresh(sandbox, token):
    return sandbox.token_call(grant_type="refresh_token", refresh_token=token)


def test_each_refresh_gives_a_new_refresh_token(sandbox):
    first = sandbox.tokens()
    second = refresh(sandbox, first["refresh_token"]).json()
    third = refresh(sandbox, second["refresh_token"]).json()
    tokens = {one["refresh_token"] for one in (first, second, third)}
    assert len(tokens) == 3


def test_the_previous_refresh_token_works_again_for_thirty_minutes(sandbox):
    first = sandbox.tokens()["refresh_token"]
    assert refresh(sandbox, first).status_code == 200
    sandbox.control("POST", "clock", {"advance_seconds": 29 * 60})
    assert refresh(sandbox, first).status_code == 200
    sandbox.control("POST", "clock", {"advance_seconds": 2 * 60})
    assert refresh(sandbox, first).json() == {"error": "invalid_grant"}


def test_the_previous_refresh_token_is_dead_once_its_successor_was_used(sandbox):
    first = sandbox.tokens()["refresh_token"]
    second = refresh(sandbox, first).json()["refresh_token"]
    assert refresh(sandbox, second).status_code == 200
    assert refresh(sandbox, first).json() == {"error": "invalid_grant"}


def test_refreshing_twice_with_one_token_leaves_only_the_later_answer_alive(sandbox):
    first = sandbox.tokens()["refresh_token"]
    lost, kept = (refresh(sandbox, first).json()["refresh_token"] for _ in range(2))
    assert refresh(sandbox, lost).json() == {"error": "invalid_grant"}
    assert refresh(sandbox, kept).status_code == 200


def test_a_refresh_token_unused_for_sixty_days_is_dead(sandbox):
    token = sandbox.tokens()["refresh_token"]
    sandbox.control("POST", "clock", {"advance_seconds": 60 * 24 * 3600 + 1})
    assert refresh(sandbox, token).json() == {"error": "invalid_grant"}


def test_revoking_drops_all_connections_of_the_user(sandbox):
    tokens = sandbox.tokens(0)
    tokens = sandbox.tokens(1)
    answer = requests.post(
        f"{sandbox.url}/connect/revocation",
        auth=("contract-tests", "not-a-secret"),
        data={"token": tokens["refresh_token"]},
        timeout=30,
    )
    assert (answer.status_code, answer.content) == (200, b"")
    assert refresh(sandbox, tokens["refresh_token"]).json() == {"error": "invalid_grant"}
    assert connections(sandbox, tokens) == []


def connections(sandbox, tokens, **params):
    return requests.get(
        f"{sandbox.url}/connections",
        headers={"Authorization": f"Bearer {tokens['access_token']}"},
        params=params,
        timeout=30,
    ).json()


def test_a_second_consent_adds_a_connection_and_the_filter_names_the_new_one(sandbox):
    sandbox.tokens(0)
    tokens = sandbox.tokens(1)
    event = claims_of(tokens["access_token"])["authentication_event_id"]
    assert len(connections(sandbox, tokens)) == 2
    (new,) = connections(sandbox, tokens, authEventId=event)
    assert new["tenantName"] == "Southern Cross Engineering Pty Ltd"
    assert set(new) == {
        "id", "authEventId", "tenantId", "tenantType", "tenantName", "createdDateUtc",
        "updatedDateUtc",
    }  # fmt: skip


def test_two_users_may_connect_the_same_organisation_and_see_their_own(sandbox):
    page = requests.get(
        f"{sandbox.url}/identity/connect/authorize",
        params=sandbox.authorize_fields(),
        timeout=30,
    ).text
    choices = BeautifulSoup(page, "html.parser").find_all("input", attrs={"name": "user"})
    users = [choice["value"] for choice in choices]
    first, second = (sandbox.tokens(0, user=user) for user in users)
    (one,), (other,) = connections(sandbox, first), connections(sandbox, second)
    assert one["tenantId"] == other["tenantId"]
    assert one["id"] != other["id"]


def test_deleting_a_connection_answers_204_then_404_and_403_for_a_tenant_id(api):
    connection = connections(api.sandbox, api.tokens)[0]
    base = f"{api.sandbox.url}/connections"
    assert api.session.delete(f"{base}/{connection['tenantId']}", timeout=30).status_code == 403
    assert api.session.delete(f"{base}/{connection['id']}", timeout=30).status_code == 204
    assert api.session.delete(f"{base}/{connection['id']}", timeout=30).status_code == 404
    assert api.call("GET", "Organisation").status_code == 403


def test_client_credentials_list_and_delete_the_connections_of_the_app(sandbox):
    sandbox.tokens(0)
    answer = sandbox.token_call(grant_type="client_credentials", scope="app.connections")
    found = connections(sandbox, answer.json())
    assert [one["tenantName"] for one in found] == ["Harbour Civil Ltd"]
    unknown = sandbox.token_call(grant_type="client_credentials", scope="app.nothing")
    assert unknown.json() == {"error": "invalid_scope"}


def test_scopes_add_up_over_consents(sandbox):
    sandbox.tokens(scope="offline_access accounting.settings")
    later = sandbox.tokens(scope="offline_access accounting.contacts.read")
    assert set(later["scope"].split()) == {
        "offline_access", "accounting.settings", "accounting.contacts.read",
    }  # fmt: skip


def test_no_token_of_any_kind_is_in_the_state_file_or_the_log(sandbox):
    tokens = sandbox.tokens()
    api = sandbox.connect()
    api.get("Organisation")
    kept = b"".join(path.read_bytes() for path in sandbox.state.parent.iterdir())
    for secret in (tokens["access_token"], tokens["refresh_token"], tokens["id_token"]):
        assert secret.encode() not in kept
        assert secret not in str(sandbox.log())
