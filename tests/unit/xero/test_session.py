import base64
import json
import threading
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs

import pytest
import requests
import responses

from webapp.xero.errors import AuthorizationFailed, ReconnectNeeded, Unavailable

TOKEN_URL = "https://identity.test/connect/token"


def jwt(**claims):
    written = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"e30.{written}.signature"


def rotation(number):
    return {
        "access_token": jwt(number=number, xero_userid="user-1"),
        "refresh_token": f"refresh-secret-{number}",
        "expires_in": 1800,
        "token_type": "Bearer",
        "scope": "offline_access accounting.invoices",
    }


@pytest.fixture
def identity():
    with responses.RequestsMock(assert_all_requests_are_fired=False) as canned:
        yield canned


def spent(identity):
    return [parse_qs(call.request.body)["refresh_token"][0] for call in identity.calls]


def expire(tokens, clock):
    tokens.tokens = replace(tokens.tokens, expires_at=clock.now)


def test_a_good_token_is_used_as_it_is(session, tokens, identity):
    assert session.tokens() == tokens.tokens
    assert len(identity.calls) == 0


def test_a_token_with_less_than_five_minutes_is_refreshed(session, tokens, clock, identity):
    identity.post(TOKEN_URL, json=rotation(2))
    tokens.tokens = replace(tokens.tokens, expires_at=clock.now + timedelta(seconds=299))
    fresh = session.tokens()
    assert fresh == tokens.tokens
    assert fresh.refresh_token == "refresh-secret-2"
    assert fresh.expires_at == clock.now + timedelta(minutes=30)
    assert fresh.refreshed_at == clock.now
    assert spent(identity) == ["refresh-secret-1"]


def test_what_a_refresh_does_not_say_stays_as_it_was(session, tokens, clock, identity):
    before = tokens.tokens
    answer = {"access_token": "opaque", "refresh_token": "refresh-secret-2"}
    identity.post(TOKEN_URL, json=answer)
    expire(tokens, clock)
    fresh = session.tokens()
    assert (fresh.scope, fresh.xero_user_id, fresh.auth_event_id) == (
        before.scope,
        before.xero_user_id,
        before.auth_event_id,
    )


def test_the_app_proves_itself_by_basic_authentication(session, tokens, clock, identity):
    identity.post(TOKEN_URL, json=rotation(2))
    expire(tokens, clock)
    session.tokens()
    given = identity.calls[0].request.headers["Authorization"].removeprefix("Basic ")
    assert base64.b64decode(given) == b"our-client-id:our-client-secret"


@pytest.mark.parametrize("refused", [False, True])
def test_twenty_threads_refresh_once(session, tokens, clock, identity, refused):
    numbers = iter(range(2, 100))
    identity.add_callback(
        responses.POST, TOKEN_URL, lambda _: (200, {}, json.dumps(rotation(next(numbers))))
    )
    stale = tokens.tokens
    if not refused:
        expire(tokens, clock)
    start = threading.Barrier(20)
    given = []

    def work():
        start.wait(10)
        given.append(session.renew(stale) if refused else session.tokens())

    threads = [threading.Thread(target=work) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert spent(identity) == ["refresh-secret-1"]
    assert {tokens.refresh_token for tokens in given} == {"refresh-secret-2"}
    assert len(given) == 20


@pytest.mark.parametrize(
    "lost",
    [
        {"body": requests.ConnectionError("reset")},
        {"body": requests.ReadTimeout("late")},
        {"status": 503, "body": "The Xero API is temporarily unavailable"},
        {"status": 200, "body": "<html>"},
    ],
)
def test_a_lost_answer_is_asked_for_again_with_the_same_token(
    session, tokens, clock, identity, lost
):
    identity.post(TOKEN_URL, **lost)
    identity.post(TOKEN_URL, json=rotation(3))
    expire(tokens, clock)
    assert session.tokens().refresh_token == "refresh-secret-3"
    assert spent(identity) == ["refresh-secret-1", "refresh-secret-1"]


def test_an_identity_server_that_stays_silent_changes_nothing(session, tokens, clock, identity):
    identity.post(TOKEN_URL, body=requests.ConnectionError("refused"))
    expire(tokens, clock)
    before = tokens.tokens
    with pytest.raises(Unavailable):
        session.tokens()
    assert (tokens.tokens, tokens.refused) == (before, [])


def test_a_dead_refresh_token_asks_for_a_person(session, tokens, clock, identity):
    identity.post(TOKEN_URL, status=400, json={"error": "invalid_grant"})
    expire(tokens, clock)
    with pytest.raises(ReconnectNeeded) as caught:
        session.tokens()
    assert caught.value.reason == "refresh_refused"
    assert tokens.refused == [tokens.tokens]


def test_a_wrong_client_secret_does_not_condemn_the_tokens(session, tokens, clock, identity):
    identity.post(TOKEN_URL, status=400, json={"error": "invalid_client"})
    expire(tokens, clock)
    with pytest.raises(AuthorizationFailed) as caught:
        session.tokens()
    assert caught.value.code == "invalid_client"
    assert tokens.refused == []
