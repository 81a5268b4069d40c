"""Thousands of payments: pages, statements, and an import that is killed."""

import uuid
from decimal import Decimal
from random import Random

import pytest
import sqlalchemy as sa

from webapp.db import db
from webapp.domain.documents import DocumentKind
from webapp.domain.runs import ImportKind
from webapp.models import Batch, Document, JobReceipt, Payment, XeroDocument

RECEIPTS, PAYMENTS = ImportKind.JOB_RECEIPTS, ImportKind.PAYMENTS
OURS = 300
MANY = 2_100
PAGES = 3


class Killed(BaseException):
    """Stands for the end of the process: nothing catches it."""


class KilledAtStep:
    """A progress that ends the process after so many steps."""

    def __init__(self, steps: int) -> None:
        self.left = steps

    def changed(self, _channel: str) -> None:
        self.left -= 1
        if self.left == 0:
            raise Killed


@pytest.fixture
def many(books, sandbox):
    """An organisation with 2,100 payments, the first of them on 300 documents of Workbench."""
    chance = Random(8)
    sample = db.session.get_one(Document, books.document("SAMPLE"))
    known = []
    for place in range(OURS):
        sales = place % 3 == 0
        value = Decimal(chance.randrange(10_000, 900_000)).scaleb(-2)
        gst = (value * Decimal("0.15")).quantize(Decimal("0.01"))
        xero_id = str(uuid.UUID(int=chance.getrandbits(128), version=4))
        document = Document(
            uid=str(uuid.uuid4()),
            kind=DocumentKind.SALES_INVOICE if sales else DocumentKind.AP_INVOICE,
            batch_id=sample.batch_id,
            company_id=sample.company_id,
            number=f"OURS-{place}",
            document_date=sample.document_date,
            currency_code="NZD",
            status=sample.status,
            value_ex_gst=value,
            gst=gst,
        )
        kind = "ACCREC" if sales else "ACCPAY"
        db.session.add(document)
        db.session.flush()
        db.session.add(
            XeroDocument(
                fin_co_id=books.fin_co_id,
                tenant_id=books.tenant_id,
                document_id=document.id,
                collection="Invoices",
                xero_type=kind,
                xero_id=xero_id,
                linked_at=sample.batch.created_at,
            )
        )
        known.append(
            {
                "Type": kind,
                "InvoiceID": xero_id,
                "InvoiceNumber": document.number,
                "Total": str(value + gst),
            }
        )
    db.session.commit()
    asked = {"tenant_id": books.tenant_id, "contacts": 50, "payments": MANY, "invoices": known}
    sandbox.control("POST", "made-up", asked)
    sandbox.control("DELETE", "requests")
    return books


def end_state():
    """All that an import stores of payments, without row ids and instants."""
    db.session.expire_all()
    rows = [
        (one.number, one.payment_id, one.document_id, one.payment_date, one.amount, one.gst,
         one.batch.number, one.reversed_at is None)
        for one in db.session.scalars(sa.select(JobReceipt).order_by(JobReceipt.number))
    ]  # fmt: skip
    rows += [
        (one.payment_id, one.document_id, one.payment_date, one.amount, one.reversed_at is None)
        for one in db.session.scalars(sa.select(Payment).order_by(Payment.payment_id))
    ]
    system = sa.select(Batch.number, Batch.batch_date).where(Batch.is_system)
    rows += [tuple(row) for row in db.session.execute(system.order_by(Batch.number))]
    db.session.commit()
    return rows


def test_one_call_a_page_and_few_statements_however_many_there_are(many, bring_in, sandbox):
    statements = []

    def note(_connection, _cursor, statement, *_rest) -> None:
        statements.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        report = bring_in()
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)

    assert len(sandbox.calls("GET", "Payments")) == PAGES
    fetched = sum(report.kinds[kind]["fetched"] for kind in (RECEIPTS, PAYMENTS))
    assert fetched >= MANY
    made = sum(report.kinds[kind]["created"] for kind in (RECEIPTS, PAYMENTS))
    assert made >= OURS
    # Each page is two steps, one for each kind; their statements do not grow with their records.
    assert len(statements) < 200


def test_R56_the_receipts_of_every_settled_invoice_add_up(many, bring_in):
    bring_in()

    totals = db.session.execute(
        sa.select(
            Document.value_ex_gst,
            Document.gst,
            sa.func.sum(JobReceipt.amount),
            sa.func.sum(JobReceipt.gst),
        )
        .join(Document, Document.id == JobReceipt.document_id)
        .where(JobReceipt.reversed_at.is_(None))
        .group_by(Document.id)
    ).all()

    settled = [row for row in totals if row[2] == row[0] + row[1]]
    assert len(settled) > OURS // 10
    assert all(received_gst == gst for _, gst, _, received_gst in settled)


def test_a_second_import_finds_everything_as_it_is(many, bring_in):
    first = bring_in()
    before = end_state()

    again = bring_in(full=True)

    assert end_state() == before
    for kind in (RECEIPTS, PAYMENTS):
        assert (again.kinds[kind]["created"], again.kinds[kind]["updated"]) == (0, 0)
        assert again.kinds[kind]["unchanged"] == first.kinds[kind]["created"]
        assert again.kinds[kind]["skipped"] == first.kinds[kind]["skipped"]


def test_killed_at_any_step_it_ends_as_if_it_had_not_been(
    many, start, carry_on, forget_run, bring_in
):
    kinds = (RECEIPTS, PAYMENTS)
    bring_in()
    unbroken = end_state()
    for steps in (2, 3, 4, 5, 2 * PAGES + 2):
        db.session.execute(sa.delete(JobReceipt))
        db.session.execute(sa.delete(Payment))
        db.session.execute(sa.delete(Batch).where(Batch.is_system))
        db.session.execute(sa.text("DELETE FROM batch_sequences"))
        db.session.commit()
        run_id = start(kinds=kinds, full=True)
        with pytest.raises(Killed):
            carry_on(run_id, progress=KilledAtStep(steps))
        db.session.remove()
        forget_run(run_id)
        carry_on(run_id)
        assert end_state() == unbroken, f"killed at step {steps}"
