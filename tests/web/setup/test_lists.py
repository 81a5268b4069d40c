import csv
import io

import pytest
from setting_up import account, tick

from webapp.db import db
from webapp.models import Activity, JobGroup

PLACES = (
    "financial-companies",
    "locations",
    "period-ends",
    "profit-centres",
    "jobs",
    "job-types",
    "job-groups",
    "work-centres",
    "activities",
    "sales-codes",
    "gst-types",
    "gl-accounts",
)


def firsts(page) -> list[str]:
    return [cell.get_text(strip=True) for cell in page.select("tbody th")]


def rows_of(response) -> list[list[str]]:
    return list(csv.reader(io.StringIO(response.data.decode("utf-8-sig"))))


@pytest.mark.parametrize("place", PLACES)
def test_each_screen_opens_from_the_menu_and_gives_its_file(rita, set_up, place):
    assert rita.open("/").find("a", href=f"/set-up/{place}")
    assert rita.open(f"/set-up/{place}").h1
    response = rita.get(f"/set-up/{place}.csv")
    assert response.mimetype == "text/csv"
    assert len(rows_of(response)[0]) >= 3


def test_the_activities_have_the_columns_of_the_list(rita, set_up):
    page = rita.open("/set-up/activities")
    assert [heading.get_text(strip=True) for heading in page.select("thead th")] == [
        "Code", "Description", "Code Type", "Cost Category", "Sub Type", "GST Type",
        "Work Centre", "Sales Code", "DR GL Account", "CR GL Account", "Cost Rate", "Active",
    ]  # fmt: skip
    cells = [cell.get_text(strip=True) for cell in page.select("tbody tr td")]
    assert cells[0] == "Materials"
    assert "G15" in cells
    assert "STRUC" in cells
    assert "300" in cells


def test_a_list_is_searched_sorted_and_kept_to_what_is_in_use(rita, set_up):
    db.session.add_all(
        [
            Activity(code="AGG", description="Aggregates", dr_gl_account="310"),
            Activity(code="OLD", description="Old materials", active=False),
            Activity(code="PCT", description="100% hire", dr_gl_account="330"),
        ]
    )
    db.session.commit()

    assert firsts(rita.open("/set-up/activities")) == ["AGG", "MAT", "PCT"]
    assert firsts(rita.open("/set-up/activities?sort=-code")) == ["PCT", "MAT", "AGG"]
    assert firsts(rita.open("/set-up/activities?text=materials")) == ["MAT"]
    assert firsts(rita.open("/set-up/activities?text=materials&standing=any")) == ["MAT", "OLD"]
    assert firsts(rita.open("/set-up/activities?standing=inactive")) == ["OLD"]
    assert firsts(rita.open("/set-up/activities?text=0%25")) == ["PCT"]
    assert "Nothing here matches" in rita.open("/set-up/activities?text=zzz").text
    rita.open("/set-up/activities?sort=password", status=422)


def test_a_long_list_comes_a_page_at_a_time_and_its_file_whole(rita, house):
    db.session.add_all(
        [Activity(code=f"A{number:03}", description="One of many") for number in range(120)]
    )
    db.session.commit()
    assert firsts(rita.open("/set-up/activities?page=2"))[0] == "A100"
    assert len(rows_of(rita.get("/set-up/activities.csv"))) == 121
    assert len(rows_of(rita.get("/set-up/activities.csv?text=A11"))) == 11


def test_a_file_holds_no_formula(rita, house):
    db.session.add(Activity(code="MAT", description="=1+1", dr_gl_account="@310"))
    db.session.commit()
    row = rows_of(rita.get("/set-up/activities.csv"))[1]
    assert "'=1+1" in row
    assert "'@310" in row


def test_a_person_sees_the_jobs_and_accounts_of_their_fin_cos_alone(bob, alice, house, set_up):
    account(house.fin_co, "300", "Purchases")
    account(house.other, "400", "Foreign purchases")
    assert firsts(bob.open("/set-up/jobs")) == ["1001"]
    assert firsts(bob.open("/set-up/gl-accounts")) == ["300"]
    assert firsts(bob.open("/set-up/financial-companies")) == ["01"]
    assert firsts(bob.open("/set-up/profit-centres")) == ["AK.CIVIL"]
    assert "400" not in bob.get("/set-up/gl-accounts.csv").text
    assert firsts(alice.open("/set-up/jobs")) == ["1001", "2001"]
    assert firsts(alice.open("/set-up/jobs?fin_co=02")) == ["2001"]
    bob.open(f"/set-up/jobs/{set_up.foreign_job.id}", status=404)
    bob.open("/set-up/gl-accounts?fin_co=02", status=404)


def test_R65_an_archived_account_is_in_the_list_of_those_out_of_use(bob, house):
    account(house.fin_co, "300", "Purchases", xero_type="DIRECTCOSTS", xero_status="ACTIVE")
    account(
        house.fin_co,
        "495",
        "Leases",
        active=False,
        xero_type="EXPENSE",
        xero_status="ARCHIVED",
    )
    assert firsts(bob.open("/set-up/gl-accounts")) == ["300"]
    page = bob.open("/set-up/gl-accounts?standing=inactive")
    assert firsts(page) == ["495"]
    assert "ARCHIVED" in page.select_one("tbody").text


def test_R64_an_account_from_xero_is_shown_and_not_changed(alice, house):
    tick(house.fin_co)
    kept = account(house.fin_co, "300", "Purchases", xero_account_id="a" * 36)
    page = alice.open(f"/set-up/gl-accounts/{kept.id}")
    assert not page.select("#record button")
    assert "comes from Xero with each import" in page.text
    form = {"description": "Other", "section": "S", "active": "yes"}
    assert alice.send(f"/set-up/gl-accounts/{kept.id}", form).status_code == 403


def test_who_may_not_change_the_set_up_may_look_at_it(bob, house, set_up):
    page = bob.open(f"/set-up/activities/{set_up.activity.id}")
    assert page.select_one("#record fieldset").has_attr("disabled")
    assert not page.select("#record button")
    assert "+ New" not in bob.open("/set-up/activities").text
    grid = bob.open("/set-up/gst-types")
    assert not grid.select("form#export-codes button")


def test_each_job_group_is_opened_by_its_own_name(rita, set_up):
    db.session.add_all(
        [JobGroup(category="Export", description=name) for name in ("Northern", "Southern")]
    )
    db.session.commit()
    page = rita.open("/set-up/job-groups")
    assert {"Northern", "Southern"} <= {link.text.strip() for link in page.select("tbody th a")}
    assert rows_of(rita.get("/set-up/job-groups.csv"))[0][:3] == [
        "Description",
        "Category",
        "Value",
    ]
