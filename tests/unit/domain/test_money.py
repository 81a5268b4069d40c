from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from webapp.domain.money import gst_of, to_cents, total

amounts = st.decimals("-9999999", "9999999", places=2)


def test_gst_is_rounded_on_each_line_and_not_on_the_sum():
    lines = [Decimal("10.10")] * 3
    assert [gst_of(value, Decimal(15)) for value in lines] == [Decimal("1.52")] * 3
    assert total(gst_of(value, Decimal(15)) for value in lines) == Decimal("4.56")


def test_half_a_cent_goes_away_from_zero_on_both_sides():
    assert to_cents(Decimal("1.005")) == Decimal("1.01")
    assert to_cents(Decimal("-1.005")) == Decimal("-1.01")


@given(amounts, st.sampled_from([Decimal(0), Decimal(10), Decimal("12.5"), Decimal(15)]))
def test_the_gst_of_a_reversal_undoes_the_gst_it_reverses(value, percent):
    assert gst_of(-value, percent) == -gst_of(value, percent)


@given(st.lists(amounts))
def test_a_total_always_has_cents(values):
    assert total(values).as_tuple().exponent == -2
    assert total(values) == sum(values)
