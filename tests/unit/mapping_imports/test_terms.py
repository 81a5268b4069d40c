import datetime as dt

import pytest

from webapp.domain.terms import due_date

INVOICED = dt.date(2026, 1, 15)


@pytest.mark.parametrize(
    ("days", "kind", "due"),
    [
        (30, "DAYSAFTERBILLDATE", dt.date(2026, 2, 14)),
        (0, "DAYSAFTERBILLDATE", INVOICED),
        (10, "DAYSAFTERBILLMONTH", dt.date(2026, 2, 10)),
        (20, "OFCURRENTMONTH", dt.date(2026, 1, 20)),
        (20, "OFFOLLOWINGMONTH", dt.date(2026, 2, 20)),
        (31, "OFFOLLOWINGMONTH", dt.date(2026, 2, 28)),
    ],
)
def test_each_kind_of_terms_has_its_due_date(days, kind, due):
    assert due_date(INVOICED, days, kind) == due


def test_the_month_after_december_is_january():
    assert due_date(dt.date(2026, 12, 31), 20, "OFFOLLOWINGMONTH") == dt.date(2027, 1, 20)


def test_the_month_after_a_long_month_is_not_skipped():
    assert due_date(dt.date(2026, 1, 31), 31, "OFFOLLOWINGMONTH") == dt.date(2026, 2, 28)


def test_nothing_falls_due_before_its_own_date():
    assert due_date(dt.date(2026, 1, 25), 20, "OFCURRENTMONTH") == dt.date(2026, 1, 25)


def test_an_unknown_kind_is_refused():
    with pytest.raises(ValueError, match="SOMEDAY"):
        due_date(INVOICED, 20, "SOMEDAY")
