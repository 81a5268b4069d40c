from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.xero._paging import Met, RawPage, walk
from webapp.xero.errors import BadResponse
from webapp.xero.records import Unreadable


def rows(identifiers):
    return tuple((identifier, identifier.upper()) for identifier in identifiers)


def found(pages):
    return {record for page in pages for record in page.records}


@st.composite
def splits(draw):
    """Any number of records cut into pages of any sizes."""
    identifiers = [f"id-{number}" for number in range(draw(st.integers(1, 60)))]
    cuts = sorted(draw(st.sets(st.integers(1, len(identifiers)), max_size=8)))
    edges = [0, *cuts, len(identifiers)]
    return identifiers, [identifiers[start:end] for start, end in pairwise(edges) if start < end]


@given(splits())
def test_every_record_comes_however_the_pages_are_cut(split):
    identifiers, pages = split

    def fetch(number):
        return RawPage(rows(pages[number - 1]), page_count=len(pages), item_count=len(identifiers))

    assert found(walk(fetch, 1000, "things")) == {name.upper() for name in identifiers}


@given(st.integers(0, 50), st.integers(1, 10))
def test_every_record_comes_without_any_count(total, size):
    identifiers = [f"id-{number}" for number in range(total)]

    def fetch(number):
        return RawPage(rows(identifiers[(number - 1) * size : number * size]))

    assert found(walk(fetch, size, "things")) == {name.upper() for name in identifiers}


def test_a_page_size_that_xero_clamped_does_not_end_the_walk():
    pages = {1: ["a", "b"], 2: ["c"]}
    walked = walk(lambda number: RawPage(rows(pages[number]), page_size=2), 1000, "things")
    assert found(walked) == {"A", "B", "C"}


def test_pages_that_repeat_for_ever_end():
    asked = []

    def fetch(number):
        asked.append(number)
        return RawPage(rows(["a", "b"]), page_size=2)

    assert [page.records for page in walk(fetch, 2, "things")] == [("A", "B")]
    assert asked == [1, 2]


def test_a_count_that_is_not_reached_is_an_error():
    def fetch(number):
        return RawPage(rows(["a", "b"]), page_count=1, item_count=3)

    with pytest.raises(BadResponse, match="counts 3 things and gave 2"):
        list(walk(fetch, 1000, "things"))


def test_a_record_that_slipped_over_a_page_edge_is_found_by_going_through_again():
    order = ["a", "b", "c", "d"]

    def fetch(number):
        page = rows(order[(number - 1) * 2 : number * 2])
        if number == 1:
            # "a" is changed now, goes to the end, and pulls "c" onto the page just read.
            order[:] = ["b", "c", "d", "a"]
        return RawPage(page, page_size=2, page_count=2, item_count=4)

    assert found(walk(fetch, 2, "things")) == {"A", "B", "C", "D"}


def test_an_empty_answer_is_one_empty_page():
    walked = list(walk(lambda _: RawPage((), page_count=0, item_count=0), 1000, "things"))
    assert [page.records for page in walked] == [()]


def test_trap_17_pages_that_go_round_for_ever_end():
    asked = []

    def fetch(number):
        asked.append(number)
        return RawPage(rows(["a", "b"] if number % 2 else ["c", "d"]), page_size=2)

    assert found(walk(fetch, 2, "things")) == {"A", "B", "C", "D"}
    assert asked == [1, 2, 3]


def test_going_through_again_gives_only_what_was_missing():
    order = ["a", "b", "c", "d"]

    def fetch(number):
        page = rows(order[(number - 1) * 2 : number * 2])
        if number == 1:
            order[:] = ["b", "c", "d", "a"]
        return RawPage(page, page_size=2, page_count=2, item_count=4)

    given_out = [record for page in walk(fetch, 2, "things") for record in page.records]

    assert given_out == ["A", "B", "D", "A", "C"]


def test_records_that_cannot_be_read_count_as_given():
    odd = Unreadable("Smith", "", None, "not an array", None, "digest")

    def fetch(number):
        return RawPage(rows(["a"]), page_count=1, item_count=2, unreadable=(odd,))

    (page,) = walk(fetch, 1000, "things")
    assert (page.records, page.unreadable) == (("A",), (odd,))


def test_many_ids_are_counted_without_being_kept():
    met = Met()
    met.add(f"id-{number}" for number in range(5000))
    met.add(f"id-{number}" for number in range(4000, 6000))

    assert met.count() == 6000
