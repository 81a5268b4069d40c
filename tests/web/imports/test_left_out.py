"""The page of what stands outside: its filters, its groups, its file, its links."""

import csv
import datetime as dt
import io
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
import sqlalchemy as sa
from factories import NOW, TENANT, leave_out, make_connection, make_import

from webapp.db import db
from webapp.domain.runs import ImportKind
from webapp.models import ImportProblem, XeroConnection
from webapp.models.xero import ConnectionState

PAGE = "/imports/left-out"


def words(tag) -> str:
    return " ".join(tag.text.split())


def names(page) -> list[str]:
    return [words(head) for head in page.select("#records tbody th")]


@pytest.fixture
def kinds(house):
    """The kinds of a run of FinCo 01, by kind, with nothing left out yet."""
    make_connection(house.fin_co)
    run = make_import(house.fin_co)
    db.session.execute(sa.delete(ImportProblem))
    db.session.commit()
    return {one.kind: one for one in run.kinds}


@pytest.fixture
def some(kinds):
    companies = kinds[ImportKind.COMPANIES]
    for name in ("Ann", "Ben", "Cid"):
        leave_out(companies, name, "no Account Number")
    leave_out(companies, "Dot", "not in a Workbench group")
    twice = "Account Number 7 is also of Eve: give each its own in Xero"
    leave_out(companies, "Abe", twice, outcome="failed", since=NOW - dt.timedelta(days=1))
    leave_out(kinds[ImportKind.GL_ACCOUNTS], "Old Bank", "no Code")
    return kinds


def test_what_stands_outside_is_listed_what_needs_somebody_first(some, bob):
    page = bob.open(f"{PAGE}?fin_co=01")
    assert names(page) == ["Abe", "Ann", "Ben", "Cid", "Dot", "Old Bank"]
    first = [words(cell) for cell in page.select("#records tbody tr")[0].select("td")]
    assert first[:4] == [
        "Companies",
        "Failed",
        "Account Number 7 is also of Eve: give each its own in Xero",
        "19 Nov 2026 09:30 UTC",
    ]


def test_the_reasons_are_counted_and_each_is_a_filter_with_its_way_out(some, bob):
    page = bob.open(f"{PAGE}?fin_co=01")
    reasons = page.select(".reasons li")
    assert [words(one.select_one("a")) for one in reasons] == [
        "no Account Number: 3",
        "Account Number used twice: 1",
        "not in a Workbench group: 1",
        "account without a Code: 1",
    ]
    assert "give the contact an Account Number in Xero" in words(reasons[0].select_one("small"))
    chosen = bob.open(reasons[0].select_one("a")["href"])
    assert names(chosen) == ["Ann", "Ben", "Cid"]
    assert words(chosen.select_one(".reasons [aria-current]")) == "no Account Number: 3"
    # The other reasons stay to be chosen.
    assert len(chosen.select(".reasons li")) == 4


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("kind=GL+Accounts", ["Old Bank"]),
        ("outcome=failed", ["Abe"]),
        ("outcome=skipped&kind=Companies", ["Ann", "Ben", "Cid", "Dot"]),
        ("text=EVE", ["Abe"]),
        ("text=old", ["Old Bank"]),
        ("text=%25", []),
        ("text=ann&outcome=failed", []),
        ("cause=account-number&sort=-name", ["Cid", "Ben", "Ann"]),
        ("sort=since", ["Abe", "Ann", "Ben", "Cid", "Dot", "Old Bank"]),
        ("sort=-reason&kind=Companies", ["Dot", "Cid", "Ben", "Ann", "Abe"]),
    ],
)
def test_the_list_is_filtered_and_sorted(some, bob, asked, found):
    assert names(bob.open(f"{PAGE}?fin_co=01&{asked}")) == found


@pytest.mark.parametrize("asked", ["kind=Cats", "outcome=odd", "cause=none", "sort=colour"])
def test_what_one_cannot_ask_for_is_refused(some, bob, asked):
    assert bob.get(f"{PAGE}?fin_co=01&{asked}").status_code == 422


def test_a_filter_without_a_hit_says_how_to_see_everything_again(some, bob):
    page = bob.open(f"{PAGE}?fin_co=01&text=nobody")
    assert "Nothing like that is left out." in page.text
    assert page.select_one(".empty a")["href"] == f"{PAGE}?fin_co=01"


def test_nothing_left_out_is_said_so_and_so_is_a_fin_co_never_connected(kinds, alice):
    assert "Nothing is left out" in alice.open(f"{PAGE}?fin_co=01").text
    assert "was never connected" in alice.open(f"{PAGE}?fin_co=02").text


def test_a_disconnected_fin_co_still_shows_what_stood_outside(some, bob):
    connection = db.session.query(XeroConnection).one()
    connection.state = ConnectionState.DISCONNECTED
    db.session.commit()
    page = bob.open(f"{PAGE}?fin_co=01")
    assert len(names(page)) == 6
    assert "is disconnected now" in page.text


def test_only_the_connected_organisation_of_the_fin_co_is_shown(some, house, alice):
    make_connection(house.other)
    theirs = make_import(house.other)
    leave_out(theirs.kinds[0], "Theirs", "no Account Number")
    former = make_import(house.fin_co, tenant_id="aaaaaaaa-0000-4000-8000-00000000dead")
    leave_out(former.kinds[0], "Of a former organisation", "no Account Number")
    assert "Theirs" not in names(alice.open(f"{PAGE}?fin_co=01"))
    assert "Of a former organisation" not in names(alice.open(f"{PAGE}?fin_co=01"))
    assert "Theirs" in names(alice.open(f"{PAGE}?fin_co=02"))


def test_a_name_is_shown_as_it_is_and_runs_nothing(kinds, bob):
    leave_out(kinds[ImportKind.COMPANIES], "<script>alert(1)</script>", "no Account Number")
    page = bob.open(f"{PAGE}?fin_co=01")
    assert names(page) == ["<script>alert(1)</script>"]
    assert not page.select("#records script")


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        (ImportKind.COMPANIES, "/Contacts/View/{}"),
        (ImportKind.PAYMENTS, "/Bank/ViewTransaction.aspx?bankTransactionID={}"),
        (ImportKind.JOB_RECEIPTS, "/Bank/ViewTransaction.aspx?bankTransactionID={}"),
        (ImportKind.GL_ACCOUNTS, "/GeneralLedger/ChartOfAccounts.aspx"),
    ],
)
def test_each_record_opens_in_xero(kinds, bob, kind, path):
    problem = leave_out(kinds[kind], "Odd One", "no reason that anybody knows")
    link = bob.open(f"{PAGE}?fin_co=01").select_one("#records a.out")
    asked = parse_qs(urlsplit(link["href"]).query)
    assert asked["shortcode"] == ["!aB3"]
    assert unquote(asked["redirecturl"][0]) == path.format(problem.xero_id)
    assert (link["target"], link["rel"]) == ("_blank", ["noopener"])
    assert "Odd One" in link.text


@pytest.mark.parametrize("kind", [ImportKind.CURRENCIES, ImportKind.EXPORT_CODES])
def test_a_record_without_a_page_of_its_own_has_no_link(kinds, bob, kind):
    leave_out(kinds[kind], "Odd One", "no reason that anybody knows", xero_id=None)
    assert not bob.open(f"{PAGE}?fin_co=01").select("#records a.out")


def test_two_thousand_are_shown_a_page_at_a_time_in_as_many_statements_as_one(
    kinds, house, bob, statements
):
    companies = kinds[ImportKind.COMPANIES]
    leave_out(companies, "Contact 0000", "no Account Number")
    with statements() as few:
        bob.open(f"{PAGE}?fin_co=01")
    alike = {
        "fin_co_id": house.fin_co.id,
        "tenant_id": TENANT,
        "kind": ImportKind.COMPANIES,
        "run_kind_id": companies.id,
        "outcome": "skipped",
        "reason": "no Account Number",
        "since": NOW,
    }
    db.session.execute(
        sa.insert(ImportProblem),
        [
            {**alike, "record_key": f"{number}", "name": f"Contact {number:04d}"}
            for number in range(1, 2000)
        ],
    )
    db.session.commit()
    with statements() as many:
        page = bob.open(f"{PAGE}?fin_co=01&sort=name&page=2")
    assert len(many) == len(few)
    assert names(page)[0] == "Contact 0100"
    assert len(names(page)) == 100
    assert "Page 2 of 20 (2,000 in all)" in words(page.select_one(".pages"))
    assert "page=3" in page.select_one(".pages a[rel=next]")["href"]
    assert "sort=name" in page.select_one(".pages a[rel=next]")["href"]


def test_the_file_has_all_that_the_filter_lets_through_and_no_formula(some, bob):
    danger = '=HYPERLINK("http://evil")'
    leave_out(some[ImportKind.COMPANIES], danger, "no Account Number")
    page = bob.open(f"{PAGE}?fin_co=01&cause=account-number&sort=name")
    link = page.find("a", string="Download these 4 as CSV")["href"]
    answer = bob.get(link)
    assert answer.mimetype == "text/csv"
    assert "attachment" in answer.headers["Content-Disposition"]
    head, *rows = csv.reader(io.StringIO(answer.text.removeprefix("\ufeff")))
    assert head == [
        "Kind", "Outcome", "Name in Xero", "Reason", "What to do", "Since (UTC)", "In Xero",
    ]  # fmt: skip
    assert [row[2] for row in rows] == [f"'{danger}", "Ann", "Ben", "Cid"]
    assert rows[1][:2] == ["Companies", "skipped"]
    assert rows[1][3:6] == [
        "no Account Number",
        "If it is a supplier or a client of yours, give the contact an Account Number in Xero.",
        "2026-11-20 09:30",
    ]
    assert "shortcode" in rows[1][6]


def test_without_a_fin_co_the_first_one_of_the_person_is_shown(some, bob, charlie):
    assert len(names(bob.open(PAGE))) == 6
    assert "Left out of FinCo 02" in charlie.open(PAGE).text
