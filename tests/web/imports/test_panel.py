"""What the panel of an import says, kind by kind and in a sentence (R25, R26)."""

import datetime as dt

import pytest
from factories import NOW, TENANT, leave_out, make_connection, make_import

from webapp.db import db
from webapp.domain.runs import ImportKind, KindState, RunOrigin
from webapp.models import AuditEvent, ImportRun, ImportRunKind, XeroSettings

SCREEN = "/administration/data-transfer/xero-integration"
KINDS = ["Companies", "Job Receipts", "Payments", "GL Accounts", "Export Codes", "Currencies"]


def words(tag) -> str:
    return " ".join(tag.text.split())


def cells(panel, kind: str) -> list[str]:
    (row,) = [row for row in panel.select("tbody tr") if words(row.select_one("th")) == kind]
    return [words(cell) for cell in row.select("td")]


def kind(of: ImportKind, state=KindState.DONE, **counts) -> ImportRunKind:
    seconds = dt.timedelta(seconds=5)
    return ImportRunKind(kind=of, state=state, started_at=NOW, finished_at=NOW + seconds, **counts)


@pytest.fixture
def connected(house):
    db.session.add(XeroSettings(fin_co_id=house.fin_co.id))
    return make_connection(house.fin_co)


@pytest.mark.parametrize("htmx", [True, False])
def test_R25_R26_all_kinds_wait_in_the_panel_as_soon_as_import_is_pressed(
    connected, house, bob, htmx
):
    answered = bob.send(f"{SCREEN}/01/import", htmx=htmx)
    db.session.rollback()  # what was read before does not show what was written since
    page = bob.open(f"/imports/{db.session.query(ImportRun).one().id}")
    if htmx:
        assert "The import has started." in answered.text
        assert all(name in answered.text for name in KINDS)
    assert [words(head) for head in page.select("section.run tbody th")] == KINDS
    assert all(cells(page, name)[0] == "Waiting its turn" for name in KINDS)


def test_R26_the_panel_counts_each_kind_and_what_it_cost(house, bob):
    run = make_import(
        house.fin_co,
        calls_left=4986,
        kinds=[
            kind(ImportKind.COMPANIES, fetched=1204, created=31, updated=4, calls=3,
                 unchanged=1164, skipped=4, failed=1),
            kind(ImportKind.CURRENCIES, fetched=2, unchanged=2, calls=1),
        ],
    )  # fmt: skip
    panel = bob.open(f"/imports/{run.id}/panel")
    counted = ["1,204", "31", "4", "1,164", "4", "1", "3", "5 s"]
    assert cells(panel, "Companies") == ["Done everything", *counted]
    assert "4 calls to Xero, 4,986 left today." in words(panel.select_one(".who-when"))


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ({"created": 12, "updated": 3}, "12 companies new, 3 changed."),
        ({"created": 1}, "1 company new."),
        ({"updated": 1200}, "1,200 companies changed."),
        ({"unchanged": 7}, "Nothing is new or changed."),
        (
            {"created": 2, "skipped": 1, "failed": 1},
            "2 companies new; 2 left out (1 failed), see why.",
        ),
    ],
)
def test_R26_the_summary_is_a_sentence(house, bob, counts, said):
    run = make_import(
        house.fin_co,
        kinds=[kind(ImportKind.COMPANIES, **counts), kind(ImportKind.CURRENCIES)],
    )
    assert words(bob.open(f"/imports/{run.id}/panel").select_one(".outcome")) == said


def test_R26_the_summary_names_each_kind_that_brought_something(house, bob):
    made = [kind(one, created=2) for one in ImportKind]
    run = make_import(house.fin_co, kinds=made)
    assert words(bob.open(f"/imports/{run.id}/panel").select_one(".outcome")) == (
        "2 companies new; 2 job receipts new; 2 payments new; 2 GL accounts new; "
        "2 Export Codes new; 2 currencies new."
    )


def test_an_import_that_failed_says_that_nothing_came_and_why(house, bob):
    why = "Xero does not answer. Workbench tries again by itself."
    run = make_import(house.fin_co, kinds=[kind(ImportKind.COMPANIES, KindState.FAILED, error=why)])
    panel = bob.open(f"/imports/{run.id}/panel")
    assert words(panel.find("h2")) == "Import failed"
    assert words(panel.select_one(".outcome")) == "Nothing was brought in."
    assert cells(panel, "Companies")[0] == f"Failed {why}"


def test_R35_a_run_says_whether_it_read_changes_or_everything(house, bob):
    since = NOW - dt.timedelta(minutes=25)
    run = make_import(
        house.fin_co,
        kinds=[kind(ImportKind.COMPANIES, modified_since=since), kind(ImportKind.CURRENCIES)],
    )
    panel = bob.open(f"/imports/{run.id}/panel")
    assert cells(panel, "Companies")[0] == "Done changes since 20 Nov 2026 09:05 UTC"
    assert cells(panel, "Currencies")[0] == "Done everything"
    assert "Everything is read again" not in panel.text
    full = make_import(house.fin_co, full=True)
    assert "Everything is read again" in bob.open(f"/imports/{full.id}/panel").text


@pytest.mark.parametrize("button", [{}, {"full": "yes"}])
def test_everything_is_read_again_when_that_button_is_pressed(connected, bob, button):
    form = bob.open(SCREEN).select_one("form:has(> #import)")
    assert [one.get("name") for one in form.select("button")] == [None, "full"]
    answered = bob.send(f"{SCREEN}/01/import", button)
    assert answered.status_code == 303, answered.text
    db.session.rollback()  # what was read before does not show what was written since
    assert db.session.query(ImportRun).one().full is bool(button)
    event = db.session.query(AuditEvent).one()
    assert event.action == "import"
    assert event.detail.get("everything", False) is bool(button)


def test_the_panel_lists_the_first_of_what_was_left_out_failures_before_the_rest(
    connected, house, bob
):
    run = make_import(house.fin_co, kinds=[kind(ImportKind.COMPANIES, skipped=14, failed=1)])
    (companies,) = run.kinds
    for number in range(14):
        leave_out(companies, f"Contact {number}", "no Account Number")
    contact = leave_out(companies, "Twin Ltd", "Account Number 7 is also of B", outcome="failed")
    panel = bob.open(f"/imports/{run.id}/panel")
    rows = panel.select("[aria-label='Records left out'] tbody tr")
    assert len(rows) == 10
    assert [words(cell) for cell in rows[0].select("th, td")][:3] == [
        "Twin Ltd", "Companies", "Failed",
    ]  # fmt: skip
    assert "Give each of the contacts an Account Number of its own" in rows[0].text
    assert contact.xero_id in rows[0].select_one("a.out")["href"]
    assert panel.select_one(".outcome a")["href"] == f"#left-out-{run.id}"
    assert panel.select_one(f"#left-out-{run.id}")
    assert panel.find("a", string="See all that stands outside")["href"].endswith("fin_co=01")


def test_while_it_runs_the_panel_reads_no_list_of_records(house, bob, statements):
    run_id = make_import(house.fin_co, finished=False).id
    with statements() as seen:
        panel = bob.open(f"/imports/{run_id}/panel")
    assert not panel.select("[aria-label='Records left out']")
    # The person, the run, its kinds.
    assert len(seen) == 3


def test_the_panel_of_an_ended_run_takes_as_many_statements_whatever_it_left_out(
    house, bob, statements
):
    run = make_import(house.fin_co)
    for number in range(50):
        leave_out(run.kinds[0], f"Contact {number}", "no Account Number")
    address = f"/imports/{run.id}/panel"
    with statements() as seen:
        bob.open(address)
    assert len(seen) == 4


def test_a_panel_that_changes_by_itself_is_not_read_out_each_time(house, bob):
    run = make_import(house.fin_co, finished=False)
    assert bob.open(f"/imports/{run.id}/panel").select_one("section.run")["aria-live"] == "off"
    run.finished_at = NOW
    db.session.commit()
    assert not bob.open(f"/imports/{run.id}/panel").select_one("section.run").get("aria-live")


@pytest.mark.parametrize("finished", [False, True])
def test_the_page_of_a_run_loads_itself_again_without_scripts_until_it_has_ended(
    house, bob, finished
):
    run = make_import(house.fin_co, finished=finished)
    page = bob.open(f"/imports/{run.id}")
    again = page.select("noscript meta[http-equiv=refresh]")
    assert [meta["content"] for meta in again] == (
        [] if finished else [f"5; url=/imports/{run.id}"]
    )
    assert page.select_one(f"main #import-{run.id}").has_attr("data-stream") is not finished
    assert not page.select("main form")


def test_the_newest_import_of_the_screen_leads_to_its_page_and_to_the_others(house, bob):
    run = make_import(house.fin_co, origin=RunOrigin.SCHEDULE)
    onward = bob.open(SCREEN).select("section.run .onward a")
    assert [link["href"] for link in onward] == [
        f"/imports/{run.id}",
        "/imports?fin_co=01",
        "/imports/left-out?fin_co=01",
    ]


def test_a_run_of_an_organisation_without_a_short_code_has_no_links_into_it(house, bob):
    make_connection(house.fin_co, short_code=None)
    run = make_import(house.fin_co)
    assert run.tenant_id == TENANT
    assert not bob.open(f"/imports/{run.id}/panel").select("a.out")
