"""An import that dies at any moment, and is run again, ends as one that did not."""

import json
import random
import time

import pytest
import sqlalchemy as sa

from tests.integration.workers import Workers
from webapp.db import db
from webapp.domain.documents import DocumentKind
from webapp.domain.matching import AP_GROUP, AR_GROUP
from webapp.models import Company, ImportRun

KILLS = 20
CONTACTS = 2400
PAYMENTS = 2400


@pytest.fixture
def workers(books):
    made = Workers("import", lease_seconds=30)
    yield made
    made.stop()


IMPORTED = (
    "companies", "xero_contacts", "gl_accounts", "xero_tax_rates", "xero_tracking_categories",
    "currencies", "batch_sequences", "batches", "job_receipts", "payments", "import_runs",
    "import_run_kinds", "import_problems", "import_watermarks",
)  # fmt: skip

LEFT_OUT = {"id", "run_id", "run_kind_id", "company_id", "batch_id", "calls", "calls_left"}


def tables():
    return [db.metadata.tables[name] for name in IMPORTED]


def rows_of(table):
    keys = list(table.primary_key)
    return {
        tuple(row[key.name] for key in keys): dict(row)
        for row in db.session.execute(sa.select(table)).mappings()
    }


def snapshot():
    db.session.rollback()
    return {table.name: rows_of(table) for table in tables()}


def restore(kept) -> None:
    """Bring every imported table back to how it was."""
    for table in reversed(tables()):
        (key,) = table.primary_key
        known = [found for (found,) in kept[table.name]]
        db.session.execute(sa.delete(table).where(key.not_in(known)))
        for (found,), row in kept[table.name].items():
            db.session.execute(sa.update(table).where(key == found).values(row))
    db.session.commit()


def dump() -> str:
    """All that was imported, without instants and surrogate ids."""
    kept = snapshot()
    names = {key: row["name"] for (key,), row in kept["companies"].items()}
    numbers = {key: row["number"] for (key,), row in kept["batches"].items()}
    lines = []
    for name, rows in kept.items():
        for row in rows.values():
            shown = {
                column: str(value)
                for column, value in row.items()
                if column not in LEFT_OUT
                and not column.endswith(("_at", "_until", "_owner"))
                and column != "since"
            }
            shown["company"] = names.get(row.get("company_id"), "")
            shown["batch"] = numbers.get(row.get("batch_id"), "")
            lines.append(f"{name} {json.dumps(shown, sort_keys=True)}")
    return "\n".join(sorted(lines))


@pytest.fixture
def both_sides(books, sandbox):
    """Contacts and payments by the thousand, some of them of companies and documents of ours."""
    paid = [books.invoice(f"INV-{number}", company="Ridgeway") for number in range(3)]
    paid += [books.bill(f"BILL-{number}", company="Hillside") for number in range(3)]
    books.document("CLAIM-1", kind=DocumentKind.CONTRACT_CLAIM)
    paid.append(books.in_xero("CLAIM-1"))
    for number, invoice in enumerate(paid):
        books.pay(invoice, "100.00")
        books.pay(invoice, f"{number + 1}.50", date="2026-10-20")
    group = {"group": AP_GROUP}
    sandbox.seed(
        contacts=[
            {"name": "Typed by hand", "account_number": "HAND", **group},
            {"name": "In no group", "account_number": "NONE"},
            {"name": "Without a number", **group},
        ]
    )
    db.session.add(
        Company(fin_co_id=books.fin_co_id, name="By hand", ap_account=" HAND ", is_supplier=True)
    )
    db.session.commit()
    groups = {"suppliers": AP_GROUP, "customers": AR_GROUP}
    asked = {"tenant_id": books.tenant_id, "contacts": CONTACTS, "payments": PAYMENTS, **groups}
    sandbox.control("POST", "made-up", asked)
    return books


@pytest.mark.faults
def test_killed_at_random_moments_an_import_ends_as_one_that_was_not(
    both_sides, workers, start, report, forget_run
):
    before = snapshot()
    started = time.monotonic()
    unbroken_run = start()
    workers.carry_on(unbroken_run)
    length = time.monotonic() - started
    assert report(unbroken_run).finished
    unbroken = dump()
    assert report(unbroken_run).companies["created"] > CONTACTS / 2
    moments = random.Random(2026)
    kills = 0

    restore(before)
    run_id = start()
    while kills < KILLS:
        started = time.monotonic()
        killed = workers.carry_on(run_id, kill_after=moments.uniform(0, length / 2))
        kills += killed
        db.session.rollback()
        if db.session.get_one(ImportRun, run_id, populate_existing=True).finished_at:
            if not killed:
                # The first was slowed down by something: of many that end, few are killed.
                length = min(length, time.monotonic() - started)
            assert dump() == unbroken
            restore(before)
            run_id = start()
        else:
            forget_run(run_id)
    workers.carry_on(run_id)

    assert report(run_id).finished
    assert dump() == unbroken
