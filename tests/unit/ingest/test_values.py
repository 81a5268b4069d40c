import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.domain.ingest.codes import code_from_name
from webapp.domain.ingest.values import CellRefused, amount, day, names_a_day


@pytest.mark.parametrize(
    ("text", "mark", "value"),
    [
        ("4101.36", ".", "4101.36"),
        ("-438.80", ".", "-438.80"),
        ("(438.80)", ".", "-438.80"),
        ("438.80-", ".", "-438.80"),
        ("\N{MINUS SIGN}12", ".", "-12"),
        ("1,234,567.8", ".", "1234567.80"),
        ("1.234.567,89", ",", "1234567.89"),
        ("1 234,50", ",", "1234.50"),
        ("1\N{NO-BREAK SPACE}234,50", ",", "1234.50"),
        ("0.5000", ".", "0.50"),
        ("-0.00", ".", "0"),
    ],
)
def test_amounts_are_read_to_the_cent(text, mark, value):
    assert amount(text, mark) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("12a.00", "."),
        ("1,23.00", "."),
        ("1.234,50", "."),
        ("1,234.50", ","),
        ("12.345", "."),
        ("1e3", "."),
        ("NaN", "."),
        ("Infinity", "."),
        ("--5", "."),
        ("(-5)", "."),
        ("5.", "."),
        (".50", "."),
        ("£5.00", "."),
        ("٣", "."),
        ("1000000000000", "."),
    ],
)
def test_what_could_be_another_amount_is_refused(text, mark):
    with pytest.raises(CellRefused, match="amount"):
        amount(text, mark)


@given(st.decimals(min_value="-999999999", max_value="999999999", places=2))
def test_an_amount_written_out_is_read_back(value):
    assert amount(f"{value:,.2f}", ".") == value


def test_the_first_format_that_fits_is_taken():
    assert day("01/02/2022", ["%Y-%m-%d", "%d/%m/%Y"]) == dt.date(2022, 2, 1)


@pytest.mark.parametrize(
    "text", ["2022-02-30", "yesterday", "20-07-2022", "0022-07-01", "1899-12-31"]
)
def test_a_day_that_is_none_is_refused(text):
    with pytest.raises(CellRefused, match="date"):
        day(text, ["%Y-%m-%d"])


@pytest.mark.parametrize(
    ("pattern", "whole"),
    [("%Y-%m-%d", True), ("%d %b %y", True), ("%Y-%m", False), ("%d/%m", False), ("dd/mm", False)],
)
def test_a_date_format_must_name_day_month_and_year(pattern, whole):
    assert names_a_day(pattern) is whole


@given(st.text(min_size=1))
def test_a_code_made_from_a_name_fits_and_does_not_depend_on_spelling(name):
    code = code_from_name(name, 10, check=4)
    assert 4 <= len(code) <= 10
    assert code == code_from_name(f"  {name} ", 10, check=4)
    assert code.isascii()
    assert code.isalnum()


def test_long_names_that_begin_alike_get_different_codes():
    names = [f"Equipment Furniture And Materials number {number}" for number in range(200)]
    assert len({code_from_name(name, 10, check=4) for name in names}) == 200
