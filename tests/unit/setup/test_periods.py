import datetime as dt
import itertools

from hypothesis import given
from hypothesis import strategies as st

from webapp.domain.setup.periods import Span, misfits, months_from

MONTHS = [
    Span(start, end, year=2027, number=number)
    for number, (start, end) in enumerate(months_from(dt.date(2026, 4, 1)), start=1)
]


@given(st.sets(st.sampled_from(MONTHS)), st.permutations(MONTHS))
def test_a_whole_year_joins_in_any_order_whatever_is_there_already(kept, order):
    first, last = (min(kept), max(kept)) if kept else (MONTHS[0], MONTHS[-1])
    there = [one for one in MONTHS if kept and first <= one <= last]
    assert misfits(there, [one for one in order if one not in there]) == {}


@given(st.sets(st.sampled_from(MONTHS), min_size=1))
def test_what_is_taken_in_leaves_no_day_between_the_first_and_the_last_without_a_period(months):
    refused = misfits([], months)
    taken = sorted(months - refused.keys())
    assert taken[0] == min(months)
    for one, following in itertools.pairwise(taken):
        assert following.start - one.end == dt.timedelta(days=1)
    assert not any(one.start - taken[-1].end == dt.timedelta(days=1) for one in refused)
