import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.xero.encoding import decode, encode

AMOUNTS = st.decimals(allow_nan=False, allow_infinity=False, places=4)
PLAIN_TEXT = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | AMOUNTS | PLAIN_TEXT,
    lambda inner: st.lists(inner) | st.dictionaries(PLAIN_TEXT, inner),
)


@given(VALUES)
def test_what_is_written_is_read_back(value):
    assert decode(encode(value)) == value


@given(VALUES)
def test_the_same_payload_is_always_the_same_bytes(value):
    assert encode(value) == encode(value)


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9))
def test_amounts_are_plain_and_exact(amount):
    written = encode({"LineAmount": amount}).decode()
    digits = written.removeprefix('{"LineAmount":').removesuffix("}")
    assert set(digits) <= set("-0123456789.")
    assert Decimal(digits) == amount


@pytest.mark.parametrize(
    ("amount", "written"),
    [("1E+2", b"100"), ("10.10", b"10.10"), ("1E-7", b"0.0000001"), ("-0.00", b"-0.00")],
)
def test_amounts_keep_their_places_and_lose_their_exponent(amount, written):
    assert encode(Decimal(amount)) == written


@given(st.text())
def test_any_text_becomes_text_that_xml_can_hold(text):
    written = json.loads(encode(text))
    assert all(letter in "\t\n\r" or letter >= " " for letter in written)
    assert not {"\ufffe", "\uffff"} & set(written)


def test_control_characters_are_dropped_and_line_ends_kept():
    assert decode(encode("a\x00b\x0bc\nd\te")) == "abc\nd\te"


def test_days_are_written_as_days():
    assert encode(date(2026, 9, 27)) == b'"2026-09-27"'


@pytest.mark.parametrize("wrong", [0.1, datetime(2026, 9, 27, tzinfo=UTC), b"bytes", {1, 2}])
def test_what_may_not_become_money_or_a_day_is_refused(wrong):
    with pytest.raises(TypeError):
        encode({"Value": [wrong]})


@pytest.mark.parametrize("wrong", ["NaN", "Infinity", "-Infinity"])
def test_an_amount_must_be_a_number(wrong):
    with pytest.raises(ValueError, match="not an amount"):
        encode(Decimal(wrong))


def test_numbers_are_read_exactly():
    read = decode('{"Total": 0.1, "Count": 3}')
    assert read == {"Total": Decimal("0.1"), "Count": 3}
    assert isinstance(read["Total"], Decimal)


def test_constants_that_are_not_json_are_refused():
    with pytest.raises(ValueError, match="NaN"):
        decode('{"Total": NaN}')
