from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.xero.retry import GiveUp, Outcome, Retry, Verdict, decide

WRITES = st.sampled_from(["POST", "PUT"])
STATUSES = st.integers(100, 599)
OUTCOMES = st.builds(
    Outcome,
    fate=st.sampled_from(["not_sent", "lost", "answered"]),
    status=STATUSES,
    limit=st.sampled_from(["minute", "day", "concurrent", "app"]),
    permission=st.booleans(),
    renewed=st.booleans(),
)


@pytest.mark.parametrize("status", [500, 502, 503, 504, 599])
def test_a_read_is_repeated_after_a_fault_of_xero_and_then_given_up(status):
    outcome = Outcome("answered", status=status)
    waits = [decide("GET", outcome, attempt) for attempt in (1, 2, 3)]
    assert waits == [Retry(timedelta(seconds=seconds)) for seconds in (1, 2, 4)]
    assert decide("GET", outcome, 4) == GiveUp(Verdict.UNAVAILABLE)


@pytest.mark.parametrize("status", [301, 302, 408, 500, 502, 503, 504])
@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_a_write_with_a_doubtful_answer_is_unknown_at_once(method, status):
    assert decide(method, Outcome("answered", status=status), 1) == GiveUp(Verdict.UNKNOWN)


def test_a_write_whose_answer_was_lost_is_unknown_at_once():
    assert decide("POST", Outcome("lost"), 1) == GiveUp(Verdict.UNKNOWN)


def test_a_read_whose_answer_was_lost_is_repeated():
    assert isinstance(decide("GET", Outcome("lost"), 1), Retry)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_never_left_is_repeated_and_then_unavailable(method):
    assert isinstance(decide(method, Outcome("not_sent"), 1), Retry)
    assert decide(method, Outcome("not_sent"), 4) == GiveUp(Verdict.UNAVAILABLE)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_unhonoured_token_is_renewed_once(method):
    first = Outcome("answered", status=401)
    second = Outcome("answered", status=401, renewed=True)
    assert decide(method, first, 1) == Retry(timedelta(0), renew_token=True)
    assert decide(method, second, 2) == GiveUp(Verdict.RECONNECT)


@pytest.mark.parametrize("status", [401, 403])
def test_a_missing_permission_is_never_repeated(status):
    outcome = Outcome("answered", status=status, permission=True)
    assert decide("GET", outcome, 1) == GiveUp(Verdict.PERMISSION)


def test_a_forbidden_organisation_is_not_connected():
    assert decide("GET", Outcome("answered", status=403), 1) == GiveUp(Verdict.NOT_CONNECTED)


@pytest.mark.parametrize("status", [400, 404, 405, 409, 412, 413, 501])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_refusal_is_final(method, status):
    assert decide(method, Outcome("answered", status=status), 1) == GiveUp(Verdict.REFUSED)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_minute_and_concurrent_limits_are_waited_for_and_the_day_is_not(method):
    limited = {
        limit: decide(method, Outcome("answered", status=429, limit=limit), 1)
        for limit in ("minute", "concurrent", "day")
    }
    assert limited == {
        "minute": Retry(timedelta(0)),
        "concurrent": Retry(timedelta(milliseconds=250)),
        "day": GiveUp(Verdict.LIMIT),
    }


@given(method=WRITES, outcome=OUTCOMES, attempt=st.integers(1, 20))
def test_a_write_is_repeated_only_where_it_was_certainly_not_applied(method, outcome, attempt):
    if isinstance(decide(method, outcome, attempt), Retry):
        assert outcome.fate == "not_sent" or (
            outcome.fate == "answered" and outcome.status in {401, 429}
        )


@given(method=st.sampled_from(["GET", "POST", "PUT"]), outcome=OUTCOMES)
def test_every_call_ends(method, outcome):
    assert isinstance(decide(method, outcome, 8), GiveUp) or (
        outcome.status == 401 and not outcome.renewed
    )


@given(outcome=OUTCOMES, attempt=st.integers(1, 20))
def test_a_read_never_has_an_unknown_outcome(outcome, attempt):
    assert decide("GET", outcome, attempt) != GiveUp(Verdict.UNKNOWN)
