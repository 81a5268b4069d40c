import re
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

pytestmark = pytest.mark.faults


def test_every_answer_carries_what_is_left_and_a_correlation_id(api):
    for path in ("Organisation", "Nothing", "Invoices/unknown"):
        answer = api.call("GET", path)
        for header in ("X-MinLimit-Remaining", "X-DayLimit-Remaining", "X-AppMinLimit-Remaining"):
            assert answer.headers[header].isdigit()
        assert re.fullmatch(r"[0-9a-f-]{36}", answer.headers["Xero-Correlation-Id"])
    unauthorised = requests.get(f"{api.sandbox.url}/api.xro/2.0/Organisation", timeout=30)
    assert unauthorised.headers["Xero-Correlation-Id"]


def allow_in_a_fresh_minute(api, calls):
    """Wait for the minute to turn, so that it does not turn between the calls of a test."""
    api.sandbox.control("PUT", "limits", {"minute": 1})
    while (refused := api.call("GET", "Organisation")).status_code == 200:
        pass
    wait = int(refused.headers["Retry-After"])
    api.sandbox.control("POST", "clock", {"advance_seconds": wait})
    api.sandbox.control("PUT", "limits", {"minute": calls})
    api.sandbox.control("DELETE", "limits")


def test_the_call_over_the_minute_is_refused_until_retry_after_has_passed(api):
    allow_in_a_fresh_minute(api, 3)
    seen = [api.call("GET", "Organisation") for _ in range(4)]
    assert [one.status_code for one in seen] == [200, 200, 200, 429]
    assert [one.headers["X-MinLimit-Remaining"] for one in seen] == ["2", "1", "0", "0"]
    assert seen[3].headers["X-Rate-Limit-Problem"] == "minute"
    wait = int(seen[3].headers["Retry-After"])
    assert 1 <= wait <= 60
    api.sandbox.control("POST", "clock", {"advance_seconds": wait})
    assert api.call("GET", "Organisation").status_code == 200


def test_each_organisation_has_its_own_minute(api):
    other = api.sandbox.connect(1)
    allow_in_a_fresh_minute(api, 1)
    assert api.call("GET", "Organisation").status_code == 200
    assert api.call("GET", "Organisation").status_code == 429
    assert other.call("GET", "Organisation").status_code == 200


def test_the_day_limit_names_itself_and_survives_a_restart(start_sandbox):
    sandbox = start_sandbox("--daily-limit", "2")
    api = sandbox.connect()
    assert [api.call("GET", "Organisation").status_code for _ in range(2)] == [200, 200]
    port = sandbox.port
    sandbox.stop()
    again = start_sandbox("--daily-limit", "2", state=sandbox.state, port=port)
    refused = api.call("GET", "Organisation")
    assert refused.status_code == 429
    assert refused.headers["X-Rate-Limit-Problem"] == "day"
    assert 0 < int(refused.headers["Retry-After"]) <= 86_400
    assert again.control("GET", "limits")["used"][0]["day_used"] == 2


def test_the_sixth_call_at_the_same_time_is_refused_without_retry_after(start_sandbox, wait_until):
    sandbox = start_sandbox("--latency-ms", "1500")
    api = sandbox.connect()

    def five_run():
        return any(one["running"] == 5 for one in sandbox.control("GET", "limits")["used"])

    with ThreadPoolExecutor(5) as pool:
        running = [pool.submit(plain_get, api, "Organisation") for _ in range(5)]
        wait_until(five_run)
        refused = plain_get(api, "Organisation")
    assert refused.status_code == 429
    assert refused.headers["X-Rate-Limit-Problem"] == "concurrent"
    assert "Retry-After" not in refused.headers
    assert [one.result().status_code for one in running] == [200] * 5


def plain_get(api, path):
    return requests.get(
        f"{api.sandbox.url}/api.xro/2.0/{path}", headers=dict(api.session.headers), timeout=30
    )


def test_a_replayed_call_counts_against_the_limit(api):
    headers = {"Idempotency-Key": "counted"}
    body = {"Contacts": [{"Name": "Counted"}]}
    first = api.call("PUT", "Contacts", json=body, headers=headers)
    second = api.call("PUT", "Contacts", json=body, headers=headers)
    left = [int(one.headers["X-DayLimit-Remaining"]) for one in (first, second)]
    assert left[0] - left[1] == 1
    assert first.content == second.content


@pytest.mark.parametrize(
    ("kind", "status", "text"),
    [
        ("500_before", 500, "An error occurred"),
        ("500_after", 500, "An error occurred"),
        ("503_before", 503, "offline for maintenance"),
        ("503_after", 503, "offline for maintenance"),
        ("503_offline", 503, "The Organisation is offline"),
        ("html", 502, "<html>"),
    ],
)
def test_a_fault_strikes_as_often_as_told(api, kind, status, text):
    before = count(api)
    api.sandbox.faults({"kind": kind, "times": 1, "path": "/Contacts", "method": "PUT"})
    assert api.call("GET", "Contacts").status_code == 200
    struck = api.call("PUT", "Contacts", json={"Contacts": [{"Name": "Struck"}]})
    assert struck.status_code == status
    assert text in struck.text
    assert count(api) - before == (1 if kind.endswith("_after") else 0)
    api.send("PUT", "Contacts", {"Contacts": [{"Name": "Not struck"}]})


def count(api):
    return api.sandbox.control("GET", "state")["organisations"][0]["contacts"]


@pytest.mark.parametrize(("kind", "made"), [("drop_before", 0), ("drop_after", 1)])
def test_a_dropped_connection_gives_no_answer(api, kind, made):
    before = count(api)
    api.sandbox.faults({"kind": kind, "times": 1})
    with pytest.raises(requests.ConnectionError):
        api.call("PUT", "Contacts", json={"Contacts": [{"Name": "Dropped"}]})
    assert count(api) - before == made
    assert api.sandbox.log()[-1]["status"] is None
    assert api.call("GET", "Organisation").status_code == 200


@pytest.mark.parametrize("kind", ["500_after", "503_after", "drop_after"])
def test_the_true_outcome_is_kept_under_the_key_when_a_fault_hid_it(api, kind):
    headers = {"Idempotency-Key": f"hidden-{kind}"}
    body = {"Contacts": [{"Name": "Hidden once"}]}
    before = count(api)
    api.sandbox.faults({"kind": kind, "times": 1})
    if kind == "drop_after":
        with pytest.raises(requests.ConnectionError):
            api.call("PUT", "Contacts", json=body, headers=headers)
    else:
        assert api.call("PUT", "Contacts", json=body, headers=headers).status_code in (500, 503)
    replayed = api.call("PUT", "Contacts", json=body, headers=headers)
    assert replayed.status_code == 200
    assert replayed.json()["Contacts"][0]["Name"] == "Hidden once"
    assert count(api) - before == 1
    assert api.sandbox.log()[-1]["replayed"] is True


@pytest.mark.parametrize(
    ("kind", "retry_after"),
    [("429_minute", "7"), ("429_day", "7"), ("429_concurrent", None)],
)
def test_limits_can_be_feigned(api, kind, retry_after):
    api.sandbox.faults({"kind": kind, "times": 1, "seconds": 7})
    refused = api.call("GET", "Organisation")
    assert refused.status_code == 429
    assert refused.headers["X-Rate-Limit-Problem"] == kind.partition("_")[2]
    assert refused.headers.get("Retry-After") == retry_after
    assert api.call("GET", "Organisation").status_code == 200


def test_expired_tokens_are_refused_and_a_refreshed_one_works(api):
    api.sandbox.faults({"kind": "expire_tokens"})
    refused = api.call("GET", "Organisation")
    assert refused.status_code == 401
    assert refused.json()["Detail"].startswith("TokenExpired: token expired at ")
    assert refused.headers["WWW-Authenticate"] == "Bearer error=invalid_token"
    fresh = api.sandbox.token_call(
        grant_type="refresh_token", refresh_token=api.tokens["refresh_token"]
    ).json()
    api.session.headers["Authorization"] = f"Bearer {fresh['access_token']}"
    assert api.call("GET", "Organisation").status_code == 200


def test_refreshing_can_be_refused(api):
    api.sandbox.faults({"kind": "refuse_refresh", "times": 1})
    fields = {"grant_type": "refresh_token", "refresh_token": api.tokens["refresh_token"]}
    assert api.sandbox.token_call(**fields).json() == {"error": "invalid_grant"}
    assert api.sandbox.token_call(**fields).status_code == 200


def test_a_slow_answer_takes_its_time(api):
    api.sandbox.faults({"kind": "slow", "times": 1, "seconds": 0.3})
    assert api.call("GET", "Organisation").elapsed.total_seconds() >= 0.3
    assert api.sandbox.control("GET", "faults") == {"faults": []}


def test_a_fault_that_is_none_is_refused_with_a_reason(sandbox):
    for wrong in ({"kind": "meteor"}, {"kind": "slow", "times": 0}, {"kind": "slow", "path2": 1}):
        answer = requests.put(f"{sandbox.url}/_sandbox/faults", json=[wrong], timeout=30)
        assert answer.status_code == 400
        assert answer.json()["error"]


def test_faults_can_be_set_at_start(start_sandbox):
    sandbox = start_sandbox("--fault", "503_before:1:/Contacts")
    api = sandbox.connect()
    assert api.call("GET", "Organisation").status_code == 200
    assert api.call("GET", "Contacts").status_code == 503
    assert api.call("GET", "Contacts").status_code == 200


def test_a_real_expiry_is_told_as_the_service_tells_it(api):
    api.sandbox.control("POST", "clock", {"advance_seconds": 1801})
    assert api.call("GET", "Organisation").json()["Detail"].startswith("TokenExpired")


def test_a_token_that_is_none_is_answered_in_lower_case(api):
    api.session.headers["Authorization"] = "Bearer nonsense"
    answer = api.call("GET", "Organisation")
    assert answer.status_code == 401
    assert answer.json()["detail"] == "AuthenticationUnsuccessful"


def test_an_unknown_or_missing_tenant_is_forbidden(api):
    for tenant in ("", "2c3e8d35-0d0b-4c9e-9d3c-1f5f6b0f4a11", api.sandbox.tenant(1)):
        api.session.headers["xero-tenant-id"] = tenant
        answer = api.call("GET", "Organisation")
        assert answer.status_code == 403
        assert answer.json()["Title"] == "Forbidden"
        assert answer.json()["Detail"] == "AuthenticationUnsuccessful"


@pytest.mark.parametrize(
    ("scope", "allowed", "refused"),
    [
        ("accounting.invoices.read", [("GET", "Invoices")], [("POST", "Invoices")]),
        ("accounting.invoices", [("GET", "CreditNotes")], [("GET", "Contacts")]),
        ("accounting.transactions", [("GET", "Payments"), ("GET", "ManualJournals")], []),
        ("accounting.settings.read", [("GET", "Accounts")], [("PUT", "Currencies")]),
        ("accounting.contacts.read", [("GET", "ContactGroups")], [("GET", "Organisation")]),
    ],
)
def test_a_call_needs_its_scope(sandbox, scope, allowed, refused):
    api = sandbox.connect(scope=scope)
    for method, path in allowed:
        assert api.call(method, path).status_code == 200
    for method, path in refused:
        answer = api.call(method, path, json={})
        assert answer.status_code == 401
        assert answer.json()["Detail"] == "AuthorizationUnsuccessful"
        assert answer.headers["WWW-Authenticate"] == "insufficient_scope"


def test_attachments_need_a_scope_of_their_own(sandbox):
    api = sandbox.connect(scope="accounting.invoices accounting.contacts accounting.settings")
    invoice = api.make()
    answer = api.call("GET", f"Invoices/{invoice['InvoiceID']}/Attachments")
    assert answer.status_code == 401


def test_a_trial_that_ended_and_a_reset_are_forbidden(api):
    tenant = api.tenant_id
    api.sandbox.control("PATCH", f"organisations/{tenant}", {"expire_trial": True})
    assert api.call("GET", "Organisation").status_code == 403
    api.sandbox.control("PATCH", f"organisations/{tenant}", {"expire_trial": False})
    assert api.call("GET", "Organisation").status_code == 200
    new = api.sandbox.control("PATCH", f"organisations/{tenant}", {"reset": True})["tenant_id"]
    assert new != tenant
    assert api.call("GET", "Organisation").status_code == 403
    assert api.sandbox.connect().get("Organisation")


def test_a_disconnection_made_inside_xero_is_felt_at_the_next_call(api):
    api.sandbox.control("POST", "disconnect", {"tenant_id": api.tenant_id})
    assert api.call("GET", "Organisation").status_code == 403


def test_a_key_used_with_another_request_is_refused(api):
    headers = {"Idempotency-Key": "one-key"}
    first = {"Contacts": [{"Name": "First"}]}
    assert api.call("PUT", "Contacts", json=first, headers=headers).status_code == 200
    for method, path, body in (
        ("PUT", "Contacts", {"Contacts": [{"Name": "Second"}]}),
        ("POST", "Contacts", first),
        ("PUT", "Contacts?summarizeErrors=false", first),
    ):
        answer = api.call(method, path, json=body, headers=headers)
        assert answer.status_code == 400
        assert answer.json()["Message"] == (
            "Idempotency Key: one-key is used with a different request."
        )


def test_a_stored_error_is_replayed_until_six_minutes_have_passed(api):
    headers = {"Idempotency-Key": "an-error"}
    body = {"Contacts": [{"Name": "Ridgeway Quarries"}]}
    first = api.call("PUT", "Contacts", json=body, headers=headers)
    assert first.status_code == 400
    api.send("POST", f"Contacts/{api.contact_id('Ridgeway Quarries')}", {"Name": "Ridgeway Stone"})
    assert api.call("PUT", "Contacts", json=body, headers=headers).content == first.content
    api.sandbox.control("POST", "clock", {"advance_seconds": 361})
    assert api.call("PUT", "Contacts", json=body, headers=headers).status_code == 200


def test_a_key_longer_than_128_characters_is_refused(api):
    body = {"Contacts": [{"Name": "Long"}]}
    for length, status in ((128, 200), (129, 400)):
        headers = {"Idempotency-Key": "k" * length}
        assert api.call("PUT", "Contacts", json=body, headers=headers).status_code == status


def test_thirty_two_threads_with_one_key_make_one_document(api):
    body = {"Invoices": [api.bill()]}
    barrier = threading.Barrier(32)
    headers = {**api.session.headers, "Idempotency-Key": "race"}

    def post(_):
        barrier.wait(timeout=30)
        return requests.post(
            f"{api.sandbox.url}/api.xro/2.0/Invoices", json=body, headers=headers, timeout=60
        )

    with ThreadPoolExecutor(32) as pool:
        answers = list(pool.map(post, range(32)))
    assert {one.status_code for one in answers} == {200}
    assert len({one.content for one in answers}) == 1
    (row,) = api.sandbox.control("GET", "state")["organisations"][0]["documents"]
    assert row["count"] == 1
    assert sum(one["replayed"] for one in api.sandbox.log()) == 31


def test_thirty_two_threads_without_a_key_make_thirty_two_bills_and_one_sales_number(api):
    bills = {"Invoices": [api.bill()]}
    sales = {
        "Invoices": [
            api.bill(Type="ACCREC", LineItems=[dict(api.bill()["LineItems"][0], AccountCode="200")])
        ]
    }

    def put(body):
        return requests.put(
            f"{api.sandbox.url}/api.xro/2.0/Invoices",
            json=body,
            headers=dict(api.session.headers),
            timeout=60,
        ).status_code

    with ThreadPoolExecutor(32) as pool:
        made = list(pool.map(put, [bills, sales] * 32))
    assert made[0::2] == [200] * 32
    assert sorted(made[1::2]) == [200] + [400] * 31


@pytest.mark.parametrize(("host", "reached"), [("127.0.0.1", True), ("127.0.0.2", False)])
def test_the_sandbox_listens_on_one_loopback_address_only(sandbox_process, host, reached):
    # A process of its own tries: this one may speak to few addresses.
    attempt = f"import socket; socket.create_connection(({host!r}, {sandbox_process.port}), 5)"
    ended = subprocess.run([sys.executable, "-c", attempt], check=False, capture_output=True)
    assert (ended.returncode == 0) is reached
