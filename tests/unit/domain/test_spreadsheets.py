import pytest

from webapp.domain.spreadsheets import defused


@pytest.mark.parametrize("cell", ["=1+1", "+64 9", "-5", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_cell_that_a_spreadsheet_would_run_is_shown_instead(cell):
    assert defused(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "300", "AK.300", "a=b", "'quoted"])
def test_any_other_cell_stays_as_it_is(cell):
    assert defused(cell) == cell
