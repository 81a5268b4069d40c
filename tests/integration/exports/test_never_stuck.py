"""Situations in which a run, a batch or a person could wait for ever, or be told what is not so."""

import datetime as dt
import threading
from functools import partial

import sqlalchemy as sa

from webapp.db import db, transaction, utc_now
from webapp.domain.documents import DocumentKind
from webapp.domain.runs import RunState
from webapp.models import (
    Document,
    ExportRequest,
    GstType,
    XeroConnection,
    XeroContact,
)
from webapp.models.xero import ConnectionState
from webapp.services import connections
from webapp.xero.encoding import decode, encode

PRIYA = "b7c9e0aa-1d25-4f0c-8f7e-2b6f3ad0c902"


def later(minutes):
    return lambda: utc_now() + dt.timedelta(minutes=minutes)


def arrived(sandbox):
    return sum(row["count"] for row in sandbox.organisation()["documents"])


def client(books):
    return books.deps.xero.client(db.session.get(XeroConnection, books.connection_id))


def in_doubt(books, sandbox):
    """A lost credit note, and two in Xero that look like it; their ids."""
    run_id = books.plan(books.batch("-10.00", kind=DocumentKind.AP_CREDIT)).run_ids[0]
    row = db.session.scalar(sa.select(ExportRequest).where(ExportRequest.run_id == run_id))
    body = row.body
    db.session.remove()
    sandbox.fault("drop_before", times=2, method="PUT")
    books.work(run_id)
    ids = [
        client(books).send_frozen("PUT", "CreditNotes", body, f"by-hand-{n}").elements[0].xero_id
        for n in range(2)
    ]
    run = books.work(run_id, clock=later(30))
    assert run.counts["uncertain"] == 1
    assert run.problems[0]["code"] == "cannot-tell"
    return run_id, ids


def change(books, xero_id, **members):
    body = encode({"CreditNotes": [{"CreditNoteID": xero_id, **members}]})
    result = client(books).send_frozen("POST", "CreditNotes", body, f"change-{xero_id}")
    assert result.elements[0].ok, result


def test_when_neither_was_ours_and_both_were_voided_as_told_the_run_goes_on(books, sandbox):
    run_id, ids = in_doubt(books, sandbox)
    for xero_id in ids:
        change(books, xero_id, Status="VOIDED")
    for hour in range(1, 5):
        run = books.work(run_id, clock=later(60 * hour))
    assert run.finished, run.waiting_for


def test_a_run_whose_doubt_is_over_can_be_shown_while_it_waits(books, sandbox):
    run_id, ids = in_doubt(books, sandbox)
    for n, xero_id in enumerate(ids):
        change(books, xero_id, CreditNoteNumber=f"OTHER {n}")
    sandbox.fault("429_day", times=1, method="PUT", seconds=4000)
    run = books.work(run_id, clock=later(60))
    assert run.counts["pending"] == 1


def test_reconnecting_during_a_run_leaves_the_new_connection_standing(app, books, sandbox, connect):
    run_id = books.plan(*[books.batch(*["10.00"] * 50) for _ in range(8)]).run_ids[0]
    waits, go = threading.Event(), threading.Event()

    def happening():
        waits.set()
        go.wait(30)

    def work():
        with app.app_context():
            books.with_gate(happening).work(run_id)
            db.session.remove()

    thread = threading.Thread(target=work)
    thread.start()
    assert waits.wait(20)
    connect(user=PRIYA)  # somebody else presses Connect for the same organisation
    assert connections.current_connection(books.fin_co_id).state is ConnectionState.CONNECTED
    db.session.remove()
    go.set()
    thread.join()
    assert connections.current_connection(books.fin_co_id).state is ConnectionState.CONNECTED
    assert books.work(run_id, clock=later(5)).finished


def test_requests_counts_what_was_sent(books, sandbox):
    run_id = books.plan(books.batch(*["10.00"] * 4)).run_ids[0]
    request = db.session.scalar(sa.select(ExportRequest).where(ExportRequest.run_id == run_id))
    key = request.idempotency_key
    db.session.remove()
    client(books).send_frozen("PUT", "Contacts", b'{"Contacts":[{"Name":"Somebody"}]}', key)
    run = books.work(run_id)  # refused whole: the key was used for something else
    assert run.finished
    assert run.counts["sent"] == 4
    assert run.requests == len(sandbox.calls("PUT", "Invoices"))


def test_a_long_reason_to_wait_is_kept_on_every_database(books, sandbox):
    run_id = books.plan(books.batch("10.00")).run_ids[0]
    with transaction():
        db.session.get(XeroConnection, books.connection_id).organisation_name = "Harbour " * 31
    sandbox.control("POST", "disconnect", {"tenant_id": sandbox.tenant()})
    run = books.work(run_id)
    assert run.state is RunState.WAITING


def test_a_batch_does_not_end_up_half_in_one_organisation_and_half_in_another(
    books, sandbox, connect
):
    batch = books.batch("10.00", "20.00")
    two = db.session.scalars(sa.select(Document).order_by(Document.id)).all()[1]
    due = two.due_date
    two.due_date = None
    db.session.commit()
    books.export(batch)
    assert books.status_of(batch) == "closed"
    connection = connect(organisation=1)
    tenant = connection.tenant_id
    two = db.session.scalars(sa.select(Document).order_by(Document.id)).all()[1]
    two.due_date = due
    db.session.get(GstType, books.codes["G15"]).export_code = "INPUT"
    db.session.commit()
    sandbox.seed(1, contacts=[{"name": "Supplier X", "account_number": "SX"}])
    contact = next(
        c
        for p in books.deps.xero.client(connection).contacts()
        for c in p.records
        if c.name == "Supplier X"
    )
    with transaction():
        db.session.add(
            XeroContact(
                fin_co_id=books.fin_co_id,
                tenant_id=tenant,
                company_id=two.company_id,
                contact_id=contact.contact_id,
                name="x",
                status="ACTIVE",
                seen_at=utc_now(),
            )
        )
    plan = books.plan(batch)
    if plan.run_ids:
        books.work(plan.run_ids[0])
    assert books.status_of(batch) != "exported"


def test_what_was_never_sent_does_not_wait_behind_what_xero_fails_on(books, sandbox):
    run_id = books.plan(
        books.batch("10.00"), books.batch("-5.00", kind=DocumentKind.AP_CREDIT)
    ).run_ids[0]
    sandbox.control(
        "PUT",
        "faults",
        [
            {"kind": "500_before", "method": "PUT", "path": "/Invoices"},
            {"kind": "429_day", "times": 1, "method": "PUT", "path": "/CreditNotes", "seconds": 1},
        ],
    )
    books.work(run_id)
    books.deps.redis.flushdb()
    for minutes in (1, 2, 3, 4):
        run = books.work(run_id, clock=later(minutes))
    assert run.counts["sent"] == 1


def test_a_batch_that_never_left_can_be_exported_to_the_organisation_connected_now(
    books, sandbox, connect
):
    batch = books.batch("10.00")
    run_id = books.plan(batch).run_ids[0]
    connect(organisation=1)
    for day in range(1, 40):
        run = books.work(run_id, clock=later(60 * 24 * day))
    plan = books.plan(batch)
    assert run.finished or plan.run_ids


def test_waiting_for_a_run_ends_when_only_a_person_can_help(books, sandbox):
    run_id = books.plan(books.batch("10.00")).run_ids[0]
    sandbox.control("POST", "disconnect", {"tenant_id": sandbox.tenant()})

    run = books.work(run_id)

    assert run.state is RunState.WAITING
    assert run.waits_for_person


def test_one_document_a_person_must_look_at_does_not_hold_up_its_neighbours(books, sandbox):
    run_id = books.plan(books.batch("-10.00", "-20.00", kind=DocumentKind.AP_CREDIT)).run_ids[0]
    body = db.session.scalar(sa.select(ExportRequest.body))
    one = encode({"CreditNotes": decode(body)["CreditNotes"][:1]})
    sandbox.fault("drop_before", times=2, method="PUT")
    books.work(run_id)
    for n in range(2):
        client(books).send_frozen("PUT", "CreditNotes", one, f"typed-{n}")
    for hour in range(1, 6):
        run = books.work(run_id, clock=later(60 * hour))
    assert run.counts["sent"] == 1


def test_the_second_lost_answer_is_looked_up_although_the_first_request_keeps_failing(
    books, sandbox
):
    """Invoices fail for good; the credit notes arrived, their answer was lost."""
    run_id = books.plan(
        books.batch("10.00"), books.batch("-5.00", kind=DocumentKind.AP_CREDIT)
    ).run_ids[0]
    sandbox.control(
        "PUT",
        "faults",
        [
            {"kind": "500_before", "method": "PUT", "path": "/Invoices"},
            {"kind": "drop_after", "times": 1, "method": "PUT", "path": "/CreditNotes"},
        ],
    )
    for minutes in (0, 1, 2, 4):
        run = books.work(run_id, clock=later(minutes))
    assert run.counts["sent"] == 1


def test_a_look_up_that_xero_refuses_is_not_asked_every_half_minute_for_ever(books, sandbox):
    run_id = books.plan(books.batch("10.00")).run_ids[0]
    sandbox.control(
        "PUT",
        "faults",
        [
            {"kind": "drop_before", "times": 1, "method": "PUT"},
            {"kind": "503_offline", "method": "GET", "path": "/Invoices"},
        ],
    )
    gaps, now = [], utc_now()
    for _ in range(4):
        run = books.work(run_id, clock=partial(_at, now))
        gaps.append((run.waiting_until - now).total_seconds())
        now = run.waiting_until
    assert gaps[-1] > 2 * gaps[0]


def _at(moment: dt.datetime) -> dt.datetime:
    return moment
