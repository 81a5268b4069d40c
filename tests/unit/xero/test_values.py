import os
import time
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.xero._values import day, flag, identifier, instant, money, text

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.decimals() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


@pytest.fixture(params=["Pacific/Auckland", "America/Los_Angeles", "UTC"])
def local_zone(request, monkeypatch):
    monkeypatch.setitem(os.environ, "TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


def net_date(calendar_day, offset=""):
    days = (calendar_day - date(1970, 1, 1)).days
    return f"/Date({days * 86_400_000}{offset})/"


# New Zealand's clocks change on 27 September 2026 and 5 April 2026.
@pytest.mark.parametrize("calendar_day", [date(2026, 9, 27), date(2026, 4, 5), date(1955, 2, 28)])
@pytest.mark.parametrize("offset", ["", "+0000", "+1300", "-0800"])
def test_e_trap_15_a_day_is_never_shifted(local_zone, calendar_day, offset):
    assert day(net_date(calendar_day, offset)) == calendar_day
    assert day(f"{calendar_day}T00:00:00") == calendar_day
    assert day(calendar_day.isoformat()) == calendar_day


@given(st.dates(), st.sampled_from(["", "+0000", "+1300", "-0800"]))
def test_e_every_day_survives(calendar_day, offset):
    assert day(net_date(calendar_day, offset)) == calendar_day


@given(st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2200, 1, 1)))  # noqa: DTZ001 - zoneless on purpose
def test_e_instants_in_either_form_are_the_same_instant(naive):
    moment = naive.replace(microsecond=naive.microsecond // 1000 * 1000, tzinfo=UTC)
    milliseconds = (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
    assert instant(f"/Date({milliseconds}+0000)/") == moment
    assert instant(moment.replace(tzinfo=None).isoformat()) == moment
    assert instant(moment.isoformat()) == moment


def test_e_seven_decimals_of_a_second_are_read():
    assert instant("2019-07-09T23:40:30.1833130") == datetime(
        2019, 7, 9, 23, 40, 30, 183313, tzinfo=UTC
    )


def test_instants_are_aware_utc():
    read = instant("2026-09-27T02:30:00+13:00")
    assert read == datetime(2026, 9, 26, 13, 30, tzinfo=UTC)
    assert read.utcoffset() == timedelta(0)


def test_the_first_day_that_is_there_counts():
    assert day(None, "", "2026-01-31T00:00:00", "2026-02-01") == date(2026, 1, 31)
    assert day(None, "") is None


@pytest.mark.parametrize("missing", [None, ""])
def test_e_what_is_missing_is_neutral(missing):
    assert (money(missing), instant(missing), day(missing), text(missing)) == (None, None, None, "")


def test_C6_6_the_zero_id_is_none():
    assert identifier("00000000-0000-0000-0000-000000000000") is None
    assert identifier("ABCDEF00-0000-0000-0000-000000000000") == (
        "abcdef00-0000-0000-0000-000000000000"
    )


def test_e_amounts_are_exact():
    assert money(Decimal("0.10")) == Decimal("0.10")
    assert money("12.3450") == Decimal("12.3450")
    assert money(7) == Decimal(7)


@given(JSON)
def test_odd_values_are_read_or_refused_and_nothing_else(value):
    for read in (money, instant, day):
        try:
            read(value)
        except ValueError:
            continue
    assert flag(value) in {True, False}


@pytest.mark.parametrize("odd", [{"a": 1}, ["a"]])
def test_e_what_is_no_text_is_refused_as_text(odd):
    with pytest.raises(ValueError, match="not text"):
        text(odd)


def test_e_text_keeps_what_people_write_and_leaves_out_what_nothing_can_store():
    assert text("Ng\u0101 \U0001f477\tM\u00e4rz\n") == "Ng\u0101 \U0001f477\tM\u00e4rz\n"
    assert text("a\u0000b\ud83dc\u001b") == "abc"


def test_e_an_id_is_never_longer_than_one():
    with pytest.raises(ValueError, match="not an id"):
        identifier("a" * 37)
