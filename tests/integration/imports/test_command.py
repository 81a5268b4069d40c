"""``python -m webapp import`` by kind, in full, and what it says it cost."""

import json

import pytest
import sqlalchemy as sa

from webapp.db import db
from webapp.domain.runs import ImportKind
from webapp.models import ImportRun, XeroSettings

ALL_WORDS = "companies, job-receipts, payments, gl-accounts, export-codes or currencies"


def the_run() -> ImportRun:
    db.session.expire_all()
    return db.session.scalars(sa.select(ImportRun)).one()


def kinds_of(run: ImportRun) -> list[ImportKind]:
    return [row.kind for row in run.kinds]


def test_without_further_words_all_ticked_kinds_are_imported_as_far_as_they_changed(
    connect, command
):
    connect()

    assert command("import", "--fin-co", "01").exit_code == 0

    assert kinds_of(the_run()) == list(ImportKind)
    assert not the_run().full


@pytest.mark.parametrize("typed", ["gl-accounts", "GL Accounts", "gl_accounts", "Gl-Accounts"])
def test_a_kind_is_read_as_people_type_it(connect, command, typed):
    connect()

    told = command("import", "--fin-co", "01", "--full", "--kind", typed, "--kind", "payments")

    assert told.exit_code == 0, told.output
    assert kinds_of(the_run()) == [ImportKind.PAYMENTS, ImportKind.GL_ACCOUNTS]
    assert the_run().full


def test_a_kind_that_is_none_is_refused_with_the_words_there_are(connect, command):
    connect()

    told = command("import", "--fin-co", "01", "--kind", "invoices")

    assert told.exit_code == 2
    assert f"Nothing is imported by the name invoices. Write {ALL_WORDS}." in told.output
    assert db.session.scalars(sa.select(ImportRun)).all() == []


def test_a_kind_that_is_not_ticked_is_refused(connect, house, command):
    connect()
    db.session.get_one(XeroSettings, house.fin_co_id).sync_payments = False

    told = command("import", "--fin-co", "01", "--kind", "payments", "--kind", "currencies")

    assert told.exit_code == 2
    assert "Not ticked for this FinCo, so not imported: Payments." in told.output
    assert "Tick it on the Xero Integration screen" in told.output


def test_R26_a_run_says_what_of_each_kind_came_to_which_end_and_what_it_cost(
    connect, sandbox, command, carry_on
):
    connect()
    sandbox.seed(contacts=[{"name": "In no group", "account_number": "N1"}])
    command("import", "--fin-co", "01", "--kind", "companies", "--kind", "currencies")
    run_id = the_run().id
    carry_on(run_id)

    told = command("runs", "show", f"import-{run_id}")
    report = json.loads(command("runs", "show", f"import-{run_id}", "--json").output)

    companies = report["counts"]["Companies"]
    assert (companies["skipped"], companies["calls"]) == (companies["fetched"], 1)
    assert report["requests"] == 2
    assert report["calls_left"] == the_run().calls_left > 0
    assert "Currencies: 3 fetched, 3 created, 0 updated, 0 unchanged" in told.output
    assert f"2 calls to Xero, {report['calls_left']:,} left today" in told.output
    assert "In no group: not in a Workbench group" in told.output
