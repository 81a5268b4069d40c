"""How a file is written: certain where there is one reading, else asked."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.domain.ingest.recognise import (
    EXCEL_SERIAL,
    date_readings,
    day_written,
    decimal_readings,
    delimiter_of,
    encoding_of,
)
from webapp.domain.ingest.values import amount

DAYS = st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31))
AMOUNTS = st.decimals(Decimal(-999_999), Decimal(999_999), places=2)


def guess_of(readings, cells):
    for cell in cells:
        readings.show(cell)
    return readings.guess()


@given(st.lists(DAYS, min_size=1, max_size=20), st.sampled_from(["%d/%m/%Y", "%m/%d/%Y"]))
def test_a_date_format_is_certain_only_where_it_cannot_be_read_otherwise(days, pattern):
    cells = [day.strftime(pattern) for day in days]
    guess = guess_of(date_readings(), cells)
    assert pattern in guess.choices
    if guess.certain:
        assert [day_written(cell, guess.value) for cell in cells] == days
    else:
        readings = {tuple(day_written(c, way) for c in cells) for way in guess.choices}
        assert len(readings) > 1


@given(st.lists(AMOUNTS, min_size=1, max_size=20), st.sampled_from([".", ","]), st.booleans())
def test_a_decimal_mark_is_certain_only_where_it_cannot_be_read_otherwise(amounts, mark, grouped):
    other = "," if mark == "." else "."
    shape = ",.2f" if grouped else ".2f"
    cells = [
        format(one, shape).translate(str.maketrans({",": other, ".": mark})) for one in amounts
    ]
    guess = guess_of(decimal_readings(), cells)
    assert mark in guess.choices
    if guess.certain:
        assert [amount(cell, guess.value) for cell in cells] == amounts


@given(DAYS)
def test_every_serial_number_of_a_day_comes_back(day):
    serial = str((day - dt.date(1899, 12, 30)).days)
    assert day_written(serial, EXCEL_SERIAL) == day


def test_one_late_day_settles_what_all_others_left_open():
    guess = guess_of(date_readings(), ["01/02/2026", "03/04/2026", "25/12/2026"])
    assert (guess.value, guess.certain) == ("%d/%m/%Y", True)


def test_an_amount_with_three_digits_after_its_mark_is_asked_for():
    guess = guess_of(decimal_readings(), ["1.234", "5.678"])
    assert not guess.certain
    assert set(guess.choices) == {".", ","}


@pytest.mark.parametrize("cells", [["yesterday"], [""], ["31/02/2026"], ["2026-11-30", "soon"]])
def test_what_is_no_date_is_guessed_as_none(cells):
    assert guess_of(date_readings(), cells) is None


@pytest.mark.parametrize(
    ("raw", "value", "certain"),
    [
        ("Māori".encode("utf-8-sig"), "utf-8", True),
        ("Māori".encode(), "utf-8", True),
        ("Māori".encode("utf-16"), "utf-16", True),
        ("a,b\nc,d".encode("utf-16-le"), "utf-16-le", True),
        ("a,b\nc,d".encode("utf-16-be"), "utf-16-be", True),
        ("Café".encode("cp1252"), "cp1252", False),
    ],
)
def test_an_encoding_is_recognised_or_asked_for(raw, value, certain):
    is_utf8 = True
    try:
        raw.decode()
    except UnicodeDecodeError:
        is_utf8 = False
    guess = encoding_of(raw, is_utf8=is_utf8)
    assert (guess.value, guess.certain) == (value, certain)


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_a_delimiter_is_recognised_whatever_stands_in_the_cells(mark):
    text = f'Name{mark}Value\n"a{mark}b"{mark}1\nc{mark}2\nd{mark}3\n'
    guess = delimiter_of(text)
    assert (guess.value, guess.certain) == (mark, True)


def test_a_delimiter_is_asked_for_where_two_split_all_lines_alike():
    guess = delimiter_of("a,b;c\n1,2;3\n4,5;6\n7,8;9\n")
    assert not guess.certain
    assert set(guess.choices) == {",", ";"}
