"""What is asked for, and how far a run moves what the next one asks for."""

import datetime as dt

import pytest
import sqlalchemy as sa

from tests.integration.imports.conftest import UPDATED, contact_of, xero_time
from webapp.db import db
from webapp.domain.runs import ImportKind, KindState
from webapp.models import Company, FinCo, ImportProblem, ImportRun, ImportRunKind, ImportWatermark
from webapp.services.imports.watermarks import FULL_EVERY, OVERLAP

COMPANIES = [ImportKind.COMPANIES]
SINCE = "2026-11-03T01:55:15"
"""Five minutes before the newest change there is."""


def watermark(kind=ImportKind.COMPANIES) -> ImportWatermark | None:
    db.session.expire_all()
    return db.session.scalar(sa.select(ImportWatermark).where(ImportWatermark.kind == kind))


def later(seconds: int) -> str:
    return xero_time(UPDATED + dt.timedelta(seconds=seconds))


def test_R35_the_first_import_reads_everything_and_the_next_what_changed(xero, import_now):
    xero.pages("Contacts", [contact_of(1, UpdatedDateUTC=later(-7200))], [contact_of(2)], size=1)
    first = import_now(kinds=COMPANIES)
    xero.pages("Contacts", [contact_of(2, Name="Renamed")])

    second = import_now(kinds=COMPANIES)

    assert xero.since("Contacts") == [None, None, SINCE]
    assert (first.companies["fetched"], first.companies["created"]) == (2, 2)
    assert (second.companies["fetched"], second.companies["updated"]) == (1, 1)
    asked = db.session.scalars(
        sa.select(ImportRunKind.modified_since).order_by(ImportRunKind.id)
    ).all()
    assert asked == [None, UPDATED - OVERLAP]


def test_traps_12_and_13_the_mark_is_an_instant_five_minutes_below_the_newest_seen(
    xero, import_now
):
    xero.pages("Contacts", [contact_of(1), contact_of(2, UpdatedDateUTC=later(-60))])

    import_now(kinds=COMPANIES)

    assert watermark().modified_since == UPDATED - dt.timedelta(minutes=5)


def test_a_page_that_changes_nothing_moves_nothing(xero, import_now):
    xero.pages("Contacts", [contact_of(1)])
    import_now(kinds=COMPANIES)
    before = (watermark().modified_since, watermark().full_at)
    xero.pages("Contacts", [])

    again = import_now(kinds=COMPANIES)

    assert again.companies["fetched"] == 0
    assert (watermark().modified_since, watermark().full_at) == before


def test_Q37_the_mark_of_a_kind_that_failed_stays(xero, import_now):
    xero.pages("Contacts", [contact_of(1)])
    import_now(kinds=COMPANIES)
    xero.body("Contacts", "<html>at work</html>")

    failed = import_now(kinds=COMPANIES)

    assert failed.companies.state is KindState.FAILED
    assert watermark().modified_since == UPDATED - OVERLAP


def test_Q37_a_run_that_ends_at_its_second_page_asks_for_the_same_again(xero, import_now, house):
    db.session.get_one(FinCo, house.fin_co_id).template_company_id = None
    db.session.commit()
    xero.pages("Contacts", [contact_of(1)])

    stopped = import_now(kinds=COMPANIES)

    assert "no Template Company" in stopped.companies.error
    assert watermark() is None


def test_a_record_that_failed_comes_again_until_it_is_mended(xero, import_now):
    clash = later(-3600)
    xero.pages(
        "Contacts",
        [
            contact_of(1, AccountNumber="X1", UpdatedDateUTC=clash),
            contact_of(2, AccountNumber="X1", UpdatedDateUTC=clash),
            contact_of(3),
        ],
    )

    run = import_now(kinds=COMPANIES)

    assert (run.companies["created"], run.companies["failed"]) == (1, 2)
    assert watermark().modified_since == UPDATED - dt.timedelta(hours=1) - OVERLAP
    xero.pages("Contacts", [contact_of(1, AccountNumber="X1"), contact_of(2, AccountNumber="X2")])
    import_now(kinds=COMPANIES)
    assert watermark().modified_since == UPDATED - OVERLAP
    assert db.session.scalars(sa.select(ImportProblem)).all() == []


def test_a_record_of_the_future_does_not_hide_what_changes_until_then(xero, import_now):
    xero.pages("Contacts", [contact_of(1, UpdatedDateUTC="/Date(253402214400000)/")])

    import_now(kinds=COMPANIES)

    assert watermark().modified_since < dt.datetime.now(dt.UTC)


def test_trap_14_everything_is_read_anew_once_a_week(xero, import_now):
    xero.pages("Contacts", [contact_of(1)])
    import_now(kinds=COMPANIES)
    watermark().full_at -= FULL_EVERY
    db.session.commit()

    import_now(kinds=COMPANIES)
    import_now(kinds=COMPANIES)

    assert xero.since("Contacts") == [None, None, SINCE]
    assert dt.datetime.now(dt.UTC) - watermark().full_at < dt.timedelta(minutes=5)


def test_a_full_import_on_demand_reads_everything(xero, import_now):
    xero.pages("Contacts", [contact_of(1)])
    import_now(kinds=COMPANIES)

    run = import_now(kinds=COMPANIES, full=True)

    assert xero.since("Contacts") == [None, None]
    assert run.companies["unchanged"] == 1
    assert db.session.get_one(ImportRun, run.run_id).full


def test_a_full_import_forgets_what_stands_outside_no_more(xero, import_now):
    gone = contact_of(1, AccountNumber="")
    xero.pages("Contacts", [gone, contact_of(2, ContactGroups=None)])
    import_now(kinds=COMPANIES)
    xero.pages("Contacts", [contact_of(2, ContactGroups=None)])

    import_now(kinds=COMPANIES)
    assert len(db.session.scalars(sa.select(ImportProblem.name)).all()) == 2
    import_now(kinds=COMPANIES, full=True)

    assert db.session.scalars(sa.select(ImportProblem.name)).all() == ["Supplier 2"]


@pytest.mark.parametrize(
    ("full", "says"), [(False, "Renamed"), (True, "Contact 1")], ids=["changed", "everything"]
)
def test_what_stands_outside_says_since_when_and_which_run_met_it_last(
    xero, import_now, full, says
):
    xero.pages("Contacts", [contact_of(1, Name="Contact 1", AccountNumber="")])
    import_now(kinds=COMPANIES)
    first = db.session.scalars(sa.select(ImportProblem)).one()
    since, run_kind_id = first.since, first.run_kind_id

    xero.pages("Contacts", [contact_of(1, Name=says, AccountNumber="")])
    import_now(kinds=COMPANIES, full=full)

    db.session.expire_all()
    again = db.session.scalars(sa.select(ImportProblem)).one()
    assert (again.name, again.since) == (says, since)
    assert again.run_kind_id > run_kind_id


def test_trap_11_a_pull_that_ignores_since_when_is_warned_of_and_changes_nothing(
    xero, import_now, capsys
):
    old = contact_of(1, UpdatedDateUTC=later(-86400))
    xero.pages("Contacts", [old, contact_of(2)])
    import_now(kinds=COMPANIES)
    capsys.readouterr()

    again = import_now(kinds=COMPANIES)

    told = capsys.readouterr().out
    assert told.count("import.modified_since_ignored") == 1
    assert (again.companies["unchanged"], again.companies.state) == (2, KindState.DONE)


def test_job_receipts_and_payments_are_one_pass_with_one_mark(xero, import_now):
    both = [ImportKind.JOB_RECEIPTS, ImportKind.PAYMENTS]
    paid = {
        "PaymentID": f"{7:036d}",
        "PaymentType": "ACCPAYPAYMENT",
        "Status": "AUTHORISED",
        "Amount": 10,
        "Date": "/Date(1790467200000+0000)/",
        "Invoice": {"InvoiceID": f"{8:036d}", "InvoiceNumber": "1", "Type": "ACCPAY"},
        "UpdatedDateUTC": xero_time(UPDATED),
    }
    xero.pages("Payments", [paid])

    run = import_now(kinds=both)
    import_now(kinds=both)

    assert xero.since("Payments") == [None, SINCE]
    assert [watermark(kind).modified_since for kind in both] == [UPDATED - OVERLAP] * 2
    assert sum(run.kinds[kind]["calls"] for kind in both) == 1


def test_another_organisation_is_read_from_its_beginning(xero, connect, sandbox, import_now):
    xero.pages("Contacts", [contact_of(1)])
    import_now(kinds=COMPANIES)
    connect(organisation=1)

    import_now(kinds=COMPANIES)

    assert xero.since("Contacts") == [None, None]


def tables_written(run) -> set[str]:
    """Run something; give the tables it wrote into."""
    written = set()

    def note(_connection, _cursor, statement, _parameters, _context, _many) -> None:
        word, *rest = statement.split()
        if word in {"INSERT", "UPDATE", "DELETE"}:
            written.add(rest[0 if word == "UPDATE" else 1])

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        run()
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)
    return written


def versions() -> list[tuple]:
    """All that imports keep, but what a run writes of itself."""
    own = {"import_runs", "import_run_kinds", "xero_tokens", "audit_events", "xero_connections"}
    db.session.commit()
    return [
        (table.name, *row)
        for table in db.metadata.sorted_tables
        if table.name not in own
        for row in db.session.execute(sa.select(table).order_by(*table.primary_key)).all()
    ]


def test_nothing_new_costs_six_calls_and_writes_no_row_but_the_run(
    xero, sandbox, import_now, house
):
    left_out = contact_of(3, AccountNumber="")
    xero.pages("Contacts", [contact_of(1), contact_of(2), left_out])
    import_now()
    before = versions()
    sandbox.control("DELETE", "requests")

    run = import_now()

    assert versions() == before
    calls = {kind.value: told["calls"] for kind, told in run.kinds.items()}
    assert sum(calls.values()) <= 6
    assert sum(calls.values()) == len(sandbox.calls("GET")) + 1  # Contacts were not the sandbox's
    assert all(kind["created"] == kind["updated"] == 0 for kind in run.kinds.values())
    assert (
        db.session.scalar(
            sa.select(sa.func.count()).select_from(Company).where(Company.id != house.template_id)
        )
        == 3
    )  # two suppliers, and the template of the other FinCo


def test_an_unchanged_contact_writes_into_no_table_of_companies(xero, import_now):
    xero.pages("Contacts", [contact_of(1)])
    import_now(kinds=COMPANIES)

    written = tables_written(lambda: import_now(kinds=COMPANIES, full=True))

    assert not written & {"companies", "xero_contacts"}


def test_a_page_is_stored_in_a_few_statements_however_many_contacts_it_has(xero, import_now):
    numbers = range(1000)
    xero.pages("Contacts", [contact_of(number) for number in numbers])
    assert statements_of(lambda: import_now(kinds=COMPANIES)) < MOST_STATEMENTS
    renamed = [contact_of(number, Name=f"New name {number}") for number in numbers]
    xero.pages("Contacts", renamed)
    assert statements_of(lambda: import_now(kinds=COMPANIES)) < MOST_STATEMENTS
    left_out = [contact_of(number, AccountNumber="") for number in numbers]
    xero.pages("Contacts", left_out)
    assert statements_of(lambda: import_now(kinds=COMPANIES)) < MOST_STATEMENTS


MOST_STATEMENTS = 60
"""Of a whole run with one page: those that begin and end it are most of them."""


def statements_of(run) -> int:
    count = 0

    def note(*_given) -> None:
        nonlocal count
        count += 1

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        run()
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)
    return count
