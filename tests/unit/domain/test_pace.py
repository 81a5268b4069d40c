import datetime as dt

import pytest

from webapp.domain.pace import time_left

NOW = dt.datetime(2026, 11, 20, 9, 30, tzinfo=dt.UTC)


def every(seconds, count):
    return [NOW - dt.timedelta(seconds=seconds * place) for place in range(count)]


def test_the_rest_takes_as_long_a_request_as_the_last_ones_did():
    assert time_left(12, every(10, 4), NOW) == dt.timedelta(minutes=2)


def test_a_pace_nobody_can_know_yet_is_not_guessed():
    assert time_left(12, [], NOW) is None
    assert time_left(12, [NOW], NOW) is None


def test_while_no_answer_comes_the_time_grows_until_nothing_is_foretold():
    answered = every(1, 5)
    later = [time_left(5, answered, NOW + dt.timedelta(seconds=wait)) for wait in (0, 30, 90)]
    assert later == sorted(later)
    assert time_left(5, answered, NOW + dt.timedelta(minutes=3)) is None


@pytest.mark.parametrize(("left", "least"), [(60, 0), (300, 240)])
def test_no_run_is_foretold_to_be_faster_than_xeros_limit_for_a_minute(left, least):
    assert time_left(left, every(0.05, 20), NOW) >= dt.timedelta(seconds=least)


def test_with_nothing_left_it_takes_no_time():
    assert time_left(0, [], NOW) == dt.timedelta()
