import pytest

from webapp.domain.terms import in_words


@pytest.mark.parametrize(
    ("days", "kind", "words"),
    [
        (20, "OFFOLLOWINGMONTH", "20th of the following month"),
        (1, "OFFOLLOWINGMONTH", "1st of the following month"),
        (31, "OFCURRENTMONTH", "31st of the current month"),
        (12, "OFCURRENTMONTH", "12th of the current month"),
        (22, "OFCURRENTMONTH", "22nd of the current month"),
        (3, "OFCURRENTMONTH", "3rd of the current month"),
        (14, "DAYSAFTERBILLDATE", "14 days after the invoice date"),
        (1, "DAYSAFTERBILLDATE", "1 day after the invoice date"),
        (0, "DAYSAFTERBILLDATE", "on the invoice date"),
        (30, "DAYSAFTERBILLMONTH", "30 days after the end of the invoice month"),
        (0, "DAYSAFTERBILLMONTH", "at the end of the invoice month"),
        (7, "SOMETHINGNEW", "7 days, SOMETHINGNEW"),
        (None, "OFFOLLOWINGMONTH", None),
        (20, None, None),
    ],
)
def test_R46_terms_are_told_as_people_say_them(days, kind, words):
    assert in_words(days, kind) == words
