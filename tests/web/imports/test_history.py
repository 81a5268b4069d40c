"""The imports there were: who or what started each, what it brought, how it ended."""

import datetime as dt

import pytest
from factories import NOW, make_import

from webapp.domain.runs import ImportKind, KindState, RunOrigin
from webapp.models import ImportRunKind

PAGE = "/imports"


def words(tag) -> str:
    return " ".join(tag.text.split())


def rows(page) -> list[list[str]]:
    return [[words(cell) for cell in row.select("th, td")] for row in page.select("tbody tr")]


def failed_kind() -> ImportRunKind:
    return ImportRunKind(
        kind=ImportKind.PAYMENTS,
        state=KindState.FAILED,
        started_at=NOW,
        finished_at=NOW,
        error="Xero does not answer.",
    )


def test_each_run_says_who_started_it_what_it_brought_and_how_it_ended(house, bob, people):
    make_import(house.fin_co, user=people["Bob"])
    make_import(house.fin_co, origin=RunOrigin.COMMAND, full=True, kinds=[failed_kind()])
    since = NOW - dt.timedelta(hours=1)
    changes = ImportRunKind(kind=ImportKind.COMPANIES, state=KindState.DONE, modified_since=since)
    make_import(house.fin_co, origin=RunOrigin.SCHEDULE, kinds=[changes])
    when = "20 Nov 2026 09:30 UTC"
    assert rows(bob.open(f"{PAGE}?fin_co=01")) == [
        [when, "Schedule", "Changes", "Nothing is new or changed", "0", "1 min 20 s", "0",
         "Import completed"],
        [when, "Command", "Everything", "Nothing was brought in", "0", "1 min 20 s", "0",
         "Import failed Payments: Xero does not answer."],
        [when, "Bob", "Everything", "31 companies new, 4 changed", "5", "1 min 20 s", "3",
         "Import completed"],
    ]  # fmt: skip


def test_each_run_leads_to_its_page(house, bob):
    run = make_import(house.fin_co)
    assert bob.open(PAGE).select_one("tbody th a")["href"] == f"/imports/{run.id}"
    assert bob.open(f"/imports/{run.id}").select_one("h1").text == f"Import {run.id} of FinCo 01"


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", ["Schedule", "Command", "Bob"]),
        ("origin=person", ["Bob"]),
        ("origin=schedule", ["Schedule"]),
        ("problems=yes", ["Schedule", "Bob"]),
        ("problems=yes&origin=schedule", ["Schedule"]),
        ("problems=yes&origin=command", []),
    ],
)
def test_the_list_is_filtered(house, bob, people, asked, found):
    make_import(house.fin_co, user=people["Bob"])  # one of its records failed
    skipped = ImportRunKind(kind=ImportKind.COMPANIES, state=KindState.DONE, skipped=40)
    make_import(house.fin_co, origin=RunOrigin.COMMAND, kinds=[skipped])
    make_import(house.fin_co, origin=RunOrigin.SCHEDULE, kinds=[failed_kind()])
    page = bob.open(f"{PAGE}?fin_co=01&{asked}")
    assert [row[1] for row in rows(page)] == found
    assert ("No import is like that." in page.text) is (not found)


def test_an_origin_there_is_none_of_is_refused(bob):
    assert bob.get(f"{PAGE}?origin=moon").status_code == 422


def test_only_the_runs_of_ones_own_fin_cos_are_shown(house, alice, bob, charlie):
    mine = make_import(house.fin_co)
    make_import(house.other)
    assert [row[1] for row in rows(alice.open(PAGE))] == ["02", "01"]
    assert [row[1] for row in rows(bob.open(PAGE))] == ["01"]
    assert [row[1] for row in rows(charlie.open(PAGE))] == ["02"]
    assert charlie.get(f"{PAGE}?fin_co=01").status_code == 404
    assert charlie.get(f"/imports/{mine.id}").status_code == 404


def test_many_runs_are_paged_in_as_many_statements_as_one(house, bob, statements):
    make_import(house.fin_co)
    with statements() as few:
        bob.open(f"{PAGE}?fin_co=01")
    for _ in range(100):
        make_import(house.fin_co, origin=RunOrigin.SCHEDULE)
    with statements() as many:
        page = bob.open(f"{PAGE}?fin_co=01&origin=schedule")
    assert len(many) == len(few)
    assert len(rows(page)) == 100
    make_import(house.fin_co, origin=RunOrigin.SCHEDULE)
    onward = bob.open(f"{PAGE}?fin_co=01&origin=schedule").select_one("a[rel=next]")["href"]
    assert len(rows(bob.open(onward))) == 1


def test_before_the_first_import_the_way_to_it_is_shown(house, bob):
    page = bob.open(f"{PAGE}?fin_co=01")
    assert "Nothing was imported yet." in page.text
    assert page.select_one(".empty a")["href"].endswith("fin_co=01#import")
