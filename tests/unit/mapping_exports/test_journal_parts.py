"""Journals cut into parts that Xero takes."""

from collections import Counter
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.mapping.exports import journal_parts
from webapp.mapping.exports.journal_parts import (
    MAX_BYTES,
    MAX_LINES,
    Posting,
    parts_of,
    value_of,
)

cents = st.integers(-10_000_000, 10_000_000).map(lambda amount: Decimal(amount) / 100)


def postings(*values, text=""):
    return [Posting(place, Decimal(value), text) for place, value in enumerate(values, 1)]


def balanced(values):
    """The values with a last one that brings them to zero."""
    return [*values, -sum(values, Decimal(0))]


def sums(parts):
    found = Counter()
    for entry in (entry for part in parts for entry in part):
        found[entry.line_no, entry.on_credit_account] += entry.amount
    return dict(found)


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setattr(journal_parts, "MAX_LINES", 6)


def test_R90_a_line_with_two_sides_debits_one_account_and_credits_the_other():
    (part,) = parts_of(postings("400.00"), one_sided=False)
    assert [(entry.amount, entry.on_credit_account) for entry in part] == [
        (Decimal("400.00"), False),
        (Decimal("-400.00"), True),
    ]
    assert value_of(part) == Decimal("400.00")


def test_lines_of_nothing_post_nothing():
    assert parts_of(postings("0.00", "0.00"), one_sided=False) == ()
    (part,) = parts_of(postings("1.00", "0.00", "-1.00"), one_sided=True)
    assert [entry.line_no for entry in part] == [1, 3]


def test_an_adjustment_that_fits_goes_line_by_line_as_it_was_entered():
    (part,) = parts_of(postings("-5.00", "3.00", "2.00"), one_sided=True)
    assert [str(entry.amount) for entry in part] == ["-5.00", "3.00", "2.00"]


@given(values=st.lists(cents, max_size=60), one_sided=st.booleans())
def test_R115_every_part_balances_within_the_limit_and_together_they_are_the_journal(
    values, one_sided
):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(journal_parts, "MAX_LINES", 6)
        given_ = postings(*balanced(values))
        parts = parts_of(given_, one_sided=one_sided)
    expected = {}
    for one in given_:
        if one.value:
            expected[one.line_no, False] = one.value
            if not one_sided:
                expected[one.line_no, True] = -one.value
    assert sums(parts) == expected
    for part in parts:
        assert sum(entry.amount for entry in part) == 0
        assert 2 <= len(part) <= 6
        assert all(entry.amount for entry in part)


def test_R115_one_credit_against_thousands_of_debits_is_shared_out_among_the_parts():
    parts = parts_of(postings(*balanced([Decimal("1.01")] * 1200)), one_sided=True)
    assert [len(part) for part in parts] == [MAX_LINES, MAX_LINES, 203]
    assert all(sum(entry.amount for entry in part) == 0 for part in parts)


def test_R115_long_texts_make_parts_of_fewer_lines():
    text = "Ā" * 4000
    parts = parts_of(postings(*["1.00"] * 300, text=text), one_sided=False)
    assert len(parts) > 1
    assert all(len(part) * 2 * len(text.encode()) < MAX_BYTES for part in parts)


def test_R115_the_cut_is_the_same_every_time(small):
    values = balanced([Decimal(n) / 7 * 100 // 1 for n in range(40)])
    first = parts_of(postings(*values), one_sided=True)
    assert parts_of(postings(*values), one_sided=True) == first
    assert len(first) > 3
