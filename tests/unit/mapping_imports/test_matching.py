import pytest

from webapp.domain.matching import link_code


@pytest.mark.parametrize(
    "typed", ["C100", " C100 ", "\tC100\n", "\u00a0C100", "\u200bC100\ufeff", " \u200b C100"]
)
def test_spaces_around_a_code_never_break_a_match(typed):
    assert link_code(typed) == "C100"


@pytest.mark.parametrize("typed", ["c100", "C 100", "C-100"])
def test_what_is_inside_a_code_counts(typed):
    assert link_code(typed) != "C100"


@pytest.mark.parametrize("typed", [None, "", "  ", "\u00a0"])
def test_nothing_is_no_code(typed):
    assert link_code(typed) == ""
