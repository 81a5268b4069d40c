import csv
import io

import pytest
import sqlalchemy as sa

from webapp.db import db
from webapp.domain.accounts import AccountFault
from webapp.domain.documents import DocumentKind, DocumentStatus
from webapp.models import FinCo, XeroSettings
from webapp.services.accounts_validation import csv_rows
from webapp.services.connections import current_connection
from webapp.services.errors import NotAllowedNow, NotConnected


@pytest.fixture
def connection(connect):
    return connect()


def test_R24_all_found_is_said_plainly(connection, codes, validate, house):
    codes.centre()
    codes.activity("MAT", dr_gl_account="300")
    codes.sales_code("CLAIM", cr_gl_account="200")

    report = validate()

    assert report.ok
    assert (report.accounts_used, report.problems) == (2, ())
    assert report.organisation_name == connection.organisation_name
    settings = db.session.get(XeroSettings, house.fin_co_id, populate_existing=True)
    assert settings.accounts_validated_at == report.checked_at
    assert settings.accounts_with_problems == 0


def test_R22_each_account_that_xero_lacks_is_listed_once_with_its_uses(
    connection, codes, validate, told, house
):
    codes.centre()
    codes.activity("MAT", dr_gl_account="9001")
    codes.activity("AGG", dr_gl_account="9001", cr_gl_account="9002")
    codes.activity("FINE", dr_gl_account="300")

    report = validate()

    assert not report.ok
    assert report.accounts_used == 3
    assert told(report) == {
        "9001": [("Activity", "AGG", "DR GL Account"), ("Activity", "MAT", "DR GL Account")],
        "9002": [("Activity", "AGG", "CR GL Account")],
    }
    assert {problem.problem for problem in report.problems} == {AccountFault.MISSING}
    settings = db.session.get(XeroSettings, house.fin_co_id, populate_existing=True)
    assert settings.accounts_with_problems == 2


def test_R23_every_place_that_names_an_account_is_covered(connection, codes, validate, told, house):
    centre = codes.centre()
    codes.activity("MAT", dr_gl_account="9001", cr_gl_account="9002")
    codes.sales_code("CLAIM", cr_gl_account="9003")
    codes.job(centre, "STOCK", dr_gl_account="9004", cr_gl_account="9005")
    db.session.get(FinCo, house.fin_co_id).inter_company_gl_account = "@9006"
    db.session.commit()

    assert told(validate()) == {
        "9001": [("Activity", "MAT", "DR GL Account")],
        "9002": [("Activity", "MAT", "CR GL Account")],
        "9003": [("Sales Code", "CLAIM", "CR GL Account")],
        "9004": [("Job", "STOCK", "DR GL Account")],
        "9005": [("Job", "STOCK", "CR GL Account")],
        "9006": [("Financial Company", "01", "Inter-Company GL Account")],
    }


def test_R23_prefix_suffix_and_the_whole_code_sign_apply_in_each_profit_centre(
    connection, codes, validate
):
    codes.centre("AK", gl_prefix="AK.")
    codes.centre("WN", gl_suffix="-W")
    codes.centre("WN2", gl_suffix="-W")
    codes.activity("MAT", dr_gl_account="9001")
    codes.activity("WHOLE", dr_gl_account="@9002")
    codes.sales_code("CLAIM", cr_gl_account="9003")

    where = {
        problem.code: [usage.profit_centres for usage in problem.used_by]
        for problem in validate().problems
    }

    assert where == {
        "AK.9001": [("AK",)],
        "9001-W": [("WN", "WN2")],
        "9002": [()],
        "AK.9003": [("AK",)],
        "9003-W": [("WN", "WN2")],
    }


def test_R23_a_jobs_own_account_is_whole(connection, codes, validate, told):
    codes.job(codes.centre("AK", gl_prefix="AK."), dr_gl_account="9004")
    assert list(told(validate())) == ["9004"]


def test_R23_inactive_codes_and_jobs_are_left_out(connection, codes, validate):
    codes.job(codes.centre(), dr_gl_account="9001", active=False)
    codes.activity("OLD", dr_gl_account="9002", active=False)
    codes.sales_code("OLD", cr_gl_account="9003", active=False)

    assert validate().accounts_used == 0


def test_R3_another_fin_cos_profit_centres_and_jobs_are_left_out(
    connection, codes, validate, house, told
):
    codes.centre()
    theirs = codes.centre("SY", gl_prefix="SY.", fin_co_id=house.other_fin_co_id)
    codes.job(theirs, dr_gl_account="9004")
    codes.activity("MAT", dr_gl_account="9001")

    assert list(told(validate())) == ["9001"]


def test_R24_archived_accounts_count_as_missing(connection, codes, validate, change_account):
    codes.centre()
    codes.activity("MAT", dr_gl_account="300")
    change_account("300", Status="ARCHIVED")

    (problem,) = validate().problems

    assert (problem.code, problem.name) == ("300", "Purchases")
    assert problem.problem is AccountFault.ARCHIVED


def test_C7_2_an_account_deleted_in_xero_a_moment_ago_is_told_before_any_export(
    connection, codes, validate, change_account
):
    codes.centre()
    codes.activity("MAT", dr_gl_account="300")
    assert validate().ok
    change_account("300")

    (problem,) = validate().problems

    assert (problem.code, problem.problem) == ("300", AccountFault.MISSING)


@pytest.mark.parametrize(
    ("account", "fault"),
    [
        ("610", AccountFault.SYSTEM_ACCOUNT),
        ("800", AccountFault.SYSTEM_ACCOUNT),
        ("820", AccountFault.SYSTEM_ACCOUNT),
        ("960", AccountFault.SYSTEM_ACCOUNT),
        ("090", AccountFault.WRONG_TYPE),
    ],
)
def test_R22_accounts_that_take_no_lines_are_told(connection, codes, validate, account, fault):
    codes.centre()
    codes.activity("MAT", dr_gl_account=account)

    (problem,) = validate().problems

    assert (problem.code, problem.problem) == (account, fault)


def test_R22_an_inventory_account_is_told_where_it_would_be_journalled(
    connection, codes, validate, told
):
    centre = codes.centre()
    codes.activity("MAT", dr_gl_account="630", code_type="Purchase")
    assert validate().ok
    codes.activity("ISSUE", dr_gl_account="630", code_type="Stock")
    codes.job(centre, "STORE", dr_gl_account="630")

    assert told(validate()) == {
        "630": [("Activity", "ISSUE", "DR GL Account"), ("Job", "STORE", "DR GL Account")]
    }


def test_R22_codes_without_an_account_are_told_only_where_a_waiting_line_uses_them(
    connection, codes, validate, told
):
    job = codes.job(codes.centre())
    used = codes.activity("USED")
    codes.activity("IDLE")
    sold = codes.sales_code("SOLD", cr_gl_account="")
    codes.sales_code("QUIET")
    assert validate().ok

    codes.line(activity_id=used.id, job_id=job.id)
    codes.line(activity_id=used.id, job_id=job.id)
    codes.line(sales_code_id=sold.id, job_id=job.id, kind=DocumentKind.SALES_INVOICE)

    report = validate()
    assert told(report) == {
        "": [("Activity", "USED", "DR GL Account"), ("Sales Code", "SOLD", "CR GL Account")]
    }
    assert report.problems[0].problem is AccountFault.NOT_NAMED


def test_R22_a_line_whose_job_names_the_account_lacks_none(connection, codes, validate):
    centre = codes.centre()
    cost = codes.job(centre, "J1", dr_gl_account="300")
    revenue = codes.job(centre, "J2", cr_gl_account="200")
    codes.line(activity_id=codes.activity("USED").id, job_id=cost.id)
    sold = codes.sales_code("SOLD")
    codes.line(sales_code_id=sold.id, job_id=revenue.id, kind=DocumentKind.SALES_INVOICE)

    assert validate().ok


def test_R22_retention_lacks_an_account_even_where_its_job_names_one(connection, codes, validate):
    job = codes.job(codes.centre(), dr_gl_account="300")
    held = codes.activity("HELD")
    codes.line(activity_id=held.id, job_id=job.id, is_retention=True)

    (problem,) = validate().problems
    assert problem.problem is AccountFault.NOT_NAMED


@pytest.mark.parametrize("how", ["exported", "kept out", "cancelled", "another FinCo's"])
def test_R22_lines_that_will_not_be_exported_do_not_count(connection, codes, validate, house, how):
    job = codes.job(codes.centre())
    document = codes.line(activity_id=codes.activity("USED").id, job_id=job.id)
    assert not validate().ok
    match how:
        case "exported":
            document.status = DocumentStatus.UPDATED
        case "cancelled":
            document.status = DocumentStatus.CANCELLED
        case "kept out":
            document.batch.not_for_export = True
        case _:
            document.batch.fin_co_id = house.other_fin_co_id
    db.session.commit()

    assert validate().ok


def test_R22_validating_is_one_call_and_changes_nothing_in_xero(
    connection, codes, validate, sandbox
):
    codes.centre()
    codes.activity("MAT", dr_gl_account="9001")
    sandbox.control("DELETE", "requests")

    validate()

    assert [(call["method"], call["path"].rsplit("/", 1)[-1]) for call in sandbox.calls()] == [
        ("GET", "Accounts")
    ]


def test_R22_a_fin_co_that_is_not_connected_is_told_so(codes, validate):
    with pytest.raises(NotConnected):
        validate()


def test_R22_when_xero_does_not_answer_what_was_found_before_stands(
    connection, codes, validate, sandbox, house
):
    codes.centre()
    before = validate().checked_at
    sandbox.fault("html", path="/Accounts")

    with pytest.raises(NotAllowedNow) as refused:
        validate()

    assert "not compared" in refused.value.message
    kept = db.session.scalar(sa.select(XeroSettings.accounts_validated_at))
    assert kept == before


def test_R22_a_disconnect_inside_xero_is_noticed_by_validating(
    connection, codes, validate, sandbox, house
):
    sandbox.control("POST", "disconnect", {"tenant_id": sandbox.tenant()})

    with pytest.raises(NotAllowedNow):
        validate()

    assert current_connection(house.fin_co_id).state.value == "reconnect needed"


def test_R22_the_list_is_a_csv_file_that_no_spreadsheet_runs(connection, codes, validate):
    codes.centre("=CIV", gl_prefix="-")
    codes.centre("WN")
    codes.activity("MAT", dr_gl_account="9001", description='=HYPERLINK("x"),+1')
    text = io.StringIO()
    csv.writer(text).writerows(csv_rows(validate()))

    headings, *rows = list(csv.reader(io.StringIO(text.getvalue())))

    assert headings[:3] == ["Account", "Name in Xero", "Problem"]
    cells = [dict(zip(headings, row, strict=True)) for row in rows]
    assert [(cell["Account"], cell["Profit Centres"]) for cell in cells] == [
        ("'-9001", "'=CIV"),
        ("9001", "WN"),
    ]
    assert cells[0]["Description"] == '\'=HYPERLINK("x"),+1'
    assert cells[0]["Code"] == "MAT"
