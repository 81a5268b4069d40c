"""What the schedule costs at Xero, and what becomes of it when Xero takes no more calls."""

import datetime as dt
from collections import Counter

import pytest
import sqlalchemy as sa

from webapp.db import db
from webapp.domain.runs import KindState
from webapp.models import Company
from webapp.services import connections, imports

HALF_HOUR = dt.timedelta(minutes=30)
AP = "Workbench AP (Suppliers)"
STARTER_SHARE = 300
"""Of 1,000 calls a day on the smallest tier, what one FinCo's schedule may take."""


@pytest.fixture
def suppliers(connect, sandbox):
    def made(count: int) -> None:
        for start in range(0, count, 1000):
            sandbox.seed(
                contacts=[
                    {"name": f"Supplier {n}", "account_number": f"S{n}", "group": AP}
                    for n in range(start, min(start + 1000, count))
                ]
            )

    return made


def companies(house) -> int:
    return db.session.scalar(
        sa.select(sa.func.count(Company.id)).where(
            Company.fin_co_id == house.fin_co_id, Company.id != house.template_id
        )
    )


@pytest.mark.parametrize("database", ["sqlite"])
def test_C11_2_a_day_of_scheduled_imports_with_nothing_new_fits_the_starter_tier(
    connect, sandbox, deps, suppliers, pass_time, database
):
    since = connect().connected_at
    suppliers(50)
    runs = pass_time(since, 30)
    sandbox.control("DELETE", "requests")

    for half_hour in range(1, 49):
        deps.redis.flushdb()  # the calls of the half hour before are out of the minute's count
        runs += pass_time(since + half_hour * HALF_HOUR, 30)
    connections.check_connections(deps.xero, since + 48 * HALF_HOUR)
    connections.keep_tokens_alive(deps.xero, since + 48 * HALF_HOUR)

    assert len(runs) == 49
    calls = Counter(call["path"].rpartition("/")[2] for call in sandbox.calls("", "/api.xro"))
    assert calls["Organisation"] == 1, "the daily upkeep counts too"
    assert 48 <= calls.total() <= STARTER_SHARE, calls
    assert all(kind.state is KindState.DONE for run in runs for kind in run.kinds)
    assert all(kind.created + kind.updated == 0 for run in runs[1:] for kind in run.kinds)


@pytest.mark.parametrize("database", ["sqlite"])
def test_C11_2_contacts_come_in_by_the_thousand_and_every_other_kind_with_one_call(
    connect, sandbox, house, suppliers, look, carry_on, database
):
    at = connect().connected_at + HALF_HOUR
    suppliers(5000)
    sandbox.control("DELETE", "requests")

    (run_id,) = look(at)
    carry_on(run_id, at)

    assert companies(house) == 5000
    calls = Counter(call["path"].rpartition("/")[2] for call in sandbox.calls())
    assert calls.pop("Contacts") == 6, "the organisation holds a few more than five thousand"
    assert set(calls.values()) == {1}, calls
    assert len(calls) <= 5


@pytest.mark.parametrize("limit", ["429_minute", "429_concurrent"])
def test_C11_1_a_limit_that_passes_is_waited_out_and_nothing_is_lost(
    connect, sandbox, house, suppliers, look, carry_on, limit
):
    at = connect().connected_at + HALF_HOUR
    suppliers(30)
    sandbox.fault(limit, seconds=1, times=2, path="/Contacts")

    (run_id,) = look(at)
    run = carry_on(run_id, at)

    assert {kind.state for kind in run.kinds} == {KindState.DONE}
    assert companies(house) == 30
    assert [call["status"] for call in sandbox.calls("GET", "/Contacts")] == [429, 429, 200]


def test_C11_1_a_minute_that_is_used_up_is_not_called_into_before_it_is_over(
    connect, sandbox, suppliers, look, carry_on
):
    at = connect().connected_at + HALF_HOUR
    sandbox.fault("429_minute", seconds=2, times=1, path="/Accounts")

    (run_id,) = look(at)
    carry_on(run_id, at)

    turned_away, taken = sandbox.calls("GET", "/Accounts")
    assert instant(taken) - instant(turned_away) >= dt.timedelta(seconds=2)


def test_C11_1_a_day_that_is_used_up_parks_the_schedule_until_it_is_over(
    connect, sandbox, house, deps, suppliers, look, carry_on, connection_of
):
    at = connect().connected_at + HALF_HOUR
    suppliers(30)
    sandbox.fault("429_day", seconds=3600, path="/Accounts")
    (parked,) = look(at)
    run = carry_on(parked, at)
    assert run.finished_at is not None
    assert imports.due_imports(at + dt.timedelta(hours=1)) == []
    assert companies(house) == 30, "what came in before the limit stays"
    assert "all it allows in a day are used up" in connection_of(house.fin_co_id).outage_reason
    sandbox.no_faults()
    sandbox.control("DELETE", "requests")

    (held,) = look(at + HALF_HOUR)
    carry_on(held, at + HALF_HOUR)
    assert sandbox.calls() == [], "nothing is sent while Xero said to wait"

    deps.redis.flushdb()  # the day is over
    (next_day,) = look(at + 2 * HALF_HOUR)
    run = carry_on(next_day, at + 2 * HALF_HOUR)

    assert {kind.state for kind in run.kinds} == {KindState.DONE}
    assert connection_of(house.fin_co_id).outage_since is None


def instant(call: dict) -> dt.datetime:
    return dt.datetime.fromisoformat(call["at"])
