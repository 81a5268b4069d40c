"""Unlucky coincidences in which a document could be posted twice."""

import datetime as dt
import threading

import sqlalchemy as sa

from webapp.db import db, transaction, utc_now
from webapp.domain.documents import DocumentKind
from webapp.domain.runs import ItemState, RequestState
from webapp.models import ExportItem, ExportRequest, GstType, XeroConnection
from webapp.xero.encoding import decode, encode
from webapp.xero.errors import Call, LimitReached, Refused


def later(minutes):
    return lambda: utc_now() + dt.timedelta(minutes=minutes)


def arrived(sandbox):
    return sum(row["count"] for row in sandbox.organisation()["documents"])


def client(books):
    return books.deps.xero.client(db.session.get(XeroConnection, books.connection_id))


def frozen(run_id):
    rows = db.session.scalars(
        sa.select(ExportRequest).where(ExportRequest.run_id == run_id).order_by(ExportRequest.id)
    ).all()
    got = [(r.method, r.collection, r.body, r.idempotency_key) for r in rows]
    db.session.remove()
    return got


def test_credit_whose_total_differs_in_xero_is_posted_once(books, sandbox):
    # The GST Type says 15 %, its Export Code is a 0 % rate in Xero: a mapping mistake.
    db.session.get(GstType, books.codes["G15"]).export_code = "NONE"
    db.session.commit()
    run_id = books.plan(books.batch("-10.00", kind=DocumentKind.AP_CREDIT)).run_ids[0]
    sandbox.fault("drop_after", times=2, method="PUT")
    for minutes in (0, 30, 60, 90, 120):
        books.work(run_id, clock=later(minutes))
    assert arrived(sandbox) == 1


def test_a_worker_that_slept_through_its_lease_sends_nothing_late(app, books, sandbox):
    run_id = books.plan(books.batch("10.00")).run_ids[0]
    waits, go = threading.Event(), threading.Event()

    def happening():
        waits.set()
        go.wait(30)

    def sleeper():
        with app.app_context():
            # It claimed ten minutes ago; then the machine was suspended.
            books.with_gate(happening).work(run_id, clock=later(-10))
            db.session.remove()

    thread = threading.Thread(target=sleeper)
    thread.start()
    assert waits.wait(10)
    run = books.work(run_id)
    assert run.finished
    go.set()
    thread.join()
    assert arrived(sandbox) == 1


def test_a_worker_that_lost_its_lease_does_not_undo_what_its_successor_recorded(
    app, books, sandbox
):
    run_id = books.plan(
        books.batch("10.00"), books.batch("-5.00", kind=DocumentKind.AP_CREDIT)
    ).run_ids[0]
    waits, go = threading.Barrier(3), threading.Event()

    def happening():
        waits.wait(20)
        go.wait(30)
        raise LimitReached("the day limit is used up", problem="day", retry_at=utc_now())

    def sleeper():
        with app.app_context():
            books.with_gate(happening).work(run_id, clock=later(-10))
            db.session.remove()

    thread = threading.Thread(target=sleeper)
    thread.start()
    waits.wait(20)
    sandbox.fault("drop_before", times=3, method="PUT", path="/CreditNotes")
    books.work(run_id)
    go.set()
    thread.join()
    sandbox.no_faults()
    db.session.remove()
    for minutes in (30, 60, 90):
        books.work(run_id, clock=later(minutes))
    assert arrived(sandbox) == 2


def test_a_repeat_that_is_refused_whole_leaves_alone_what_was_found(books, sandbox):
    run_id = books.plan(books.batch("10.00", "20.00")).run_ids[0]
    _, _, body, key = frozen(run_id)[0]
    with transaction():  # a worker died while Xero worked on this call ...
        db.session.execute(
            sa.update(ExportRequest).values(
                state=RequestState.SENDING, first_sent_at=utc_now(), attempts=1
            )
        )
        db.session.execute(sa.update(ExportItem).values(state=ItemState.SENDING))
    # ... which had applied the first document, and refuses the repeat as a whole.
    first = encode({"Invoices": decode(body)["Invoices"][:1]})
    client(books).send_frozen("PUT", "Invoices", first, key)
    assert arrived(sandbox) == 1
    for minutes in (0, 2, 30, 60):
        run = books.work(run_id, clock=later(minutes))
    assert arrived(sandbox) == 2
    assert run.finished


def test_a_repeat_never_leaves_after_the_keys_life(books, sandbox):
    run_id = books.plan(books.batch("10.00")).run_ids[0]
    call = frozen(run_id)[0]
    other = client(books)
    db.session.remove()
    calls = []
    waited = dt.timedelta(0)

    def happening():
        nonlocal waited
        calls.append(1)
        if len(calls) == 3:  # PUT (lost), GET (nothing yet), and now the repeat waits its turn
            other.send_frozen(*call)  # the lost call is applied after all, late
            sandbox.control("POST", "clock", {"advance_seconds": 420})
            waited = dt.timedelta(minutes=7)

    sandbox.fault("drop_before", times=1, method="PUT")
    books.with_gate(happening).work(run_id, clock=lambda: utc_now() + waited)
    books.work(run_id, clock=later(30))

    assert arrived(sandbox) == 1


def test_a_new_key_is_not_used_while_the_last_attempt_may_still_be_worked_on(books, sandbox):
    run_id = books.plan(books.batch("10.00")).run_ids[0]
    call = frozen(run_id)[0]
    sandbox.fault("drop_before", times=3, method="PUT")
    books.work(run_id)  # two attempts
    books.work(run_id, clock=later(4.9))  # a third, lost too, still under the living key
    books.work(run_id, clock=later(5.5))  # 36 s after the third
    # Xero may take 100 s and more over a call (h 39): the third is applied now.
    client(books).send_frozen(*call)
    assert arrived(sandbox) == 1


def test_a_refused_repeat_does_not_prove_that_the_first_attempt_is_dead(books, sandbox):
    """First attempt timed out and is still being worked on; the repeat is refused whole."""
    run_id = books.plan(books.batch("10.00", "20.00")).run_ids[0]
    call = frozen(run_id)[0]
    calls = []

    def happening():
        calls.append(1)
        if len(calls) == 3:  # such as "a request with this key is being processed"
            raise Refused("Xero refused the call", call=Call("PUT", "Invoices", 409))

    theirs = books.with_gate(happening)
    sandbox.fault("drop_before", times=1, method="PUT")
    theirs.work(run_id)
    client(books).send_frozen(*call)  # the first attempt, ten seconds old, is applied now
    for minutes in (2, 30):
        books.work(run_id, clock=later(minutes))
    assert arrived(sandbox) == 2


def test_a_clock_that_is_hours_ahead_posts_no_credit_note_twice(books, sandbox):
    """A server whose clock runs on local time as if it were UTC (New Zealand: 12 hours ahead)."""
    run_id = books.plan(books.batch("-10.00", kind=DocumentKind.AP_CREDIT)).run_ids[0]
    sandbox.control(
        "PUT",
        "faults",
        [
            {"kind": "drop_after", "method": "PUT"},
            {"kind": "429_day", "method": "GET", "seconds": 1},
        ],
    )
    books.work(run_id, clock=later(720))
    sandbox.no_faults()
    books.deps.redis.flushdb()
    for minutes in (10, 20, 40):
        books.work(run_id, clock=later(720 + minutes))
    assert arrived(sandbox) == 1
