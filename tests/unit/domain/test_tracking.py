import pytest

from webapp.domain.tracking import tracking_problems

KNOWN = {"Department": "ACTIVE", "Job": "ACTIVE", "Old": "ARCHIVED"}


@pytest.mark.parametrize(
    "named", [("Department", "Job"), (None, "Job"), (None, None), ("Job", None)]
)
def test_R103_categories_that_xero_has_are_right(named):
    assert tracking_problems(named, KNOWN) == ()


def test_R103_another_case_is_another_category_and_the_right_one_is_told():
    (problem,) = tracking_problems(("department", "Job"), KNOWN)

    assert problem.code == "tracking-category-unknown"
    assert problem.record == "Tracking Category 1"
    assert "department" in problem.message
    assert "Department" in problem.way_out


def test_R103_an_unknown_category_is_told_with_those_there_are():
    (problem,) = tracking_problems((None, "Region"), KNOWN)

    assert problem.record == "Tracking Category 2"
    assert "Department, Job" in problem.way_out


def test_R103_an_organisation_without_categories_has_none_of_any_name():
    (problem,) = tracking_problems(("Job", None), {})
    assert problem.way_out == "Add Job in Xero, then press Test."


def test_R103_an_archived_category_is_told():
    (problem,) = tracking_problems(("Old", None), KNOWN)
    assert problem.code == "tracking-category-archived"


def test_R103_one_category_cannot_be_both():
    (problem,) = tracking_problems(("Job", "Job"), KNOWN)
    assert (problem.code, problem.record) == ("tracking-category-twice", "Tracking Category 2")
