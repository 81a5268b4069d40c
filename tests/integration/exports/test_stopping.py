"""A person pauses, resumes and cancels an export: what leaves, what stays, and what is said."""

import datetime as dt
import threading

import pytest
import sqlalchemy as sa
from rq import Queue

from jobs.queue import QueueName
from jobs.tasks import sweep_task
from webapp.db import db, utc_now
from webapp.domain.access import Role
from webapp.domain.documents import DocumentKind
from webapp.domain.runs import ItemState, RequestState, RunState
from webapp.models import AuditEvent, ExportRequest, ExportRun, User, XeroConnection
from webapp.queries.run_summary import export_summary
from webapp.services import exports
from webapp.services.errors import NotAllowedNow


def later(minutes):
    return lambda: utc_now() + dt.timedelta(minutes=minutes)


def arrived(sandbox):
    return sum(row["count"] for row in sandbox.organisation()["documents"])


def sends(sandbox):
    return [call for call in sandbox.calls() if call["method"] == "PUT"]


def lose_the_answer(books, sandbox, run_id, kind):
    """Leave the run in doubt: its call is cut off, and Xero cannot be asked yet either."""
    cut_off = {"kind": kind, "times": 1, "method": "PUT"}
    sandbox.control("PUT", "faults", [cut_off, {"kind": "500_before", "method": "GET"}])
    assert books.work(run_id).counts["uncertain"]
    sandbox.no_faults()


class Person:
    """Somebody who presses the run's buttons; ``woken`` are the runs handed to a worker."""

    def __init__(self, books, user_id=None):
        self.books = books
        self.user_id = user_id
        self.woken = []

    def _asked(self):
        return exports.Asked(user_id=self.user_id, source="a desk", now=utc_now())

    def pause(self, run_id):
        exports.pause_run(run_id, self._asked(), self.books.deps.progress)

    def resume(self, run_id):
        exports.resume_run(
            run_id, self._asked(), self.books.deps.progress, after_commit=self.woken.append
        )

    def cancel(self, run_id):
        exports.cancel_run(
            run_id, self._asked(), self.books.deps.progress, after_commit=self.woken.append
        )


@pytest.fixture
def alice(books, house):
    return Person(books, house.alice_id)


@pytest.fixture
def bob(books):
    bob = User(name="Bob", password_hash="none", role=Role.FINANCE, session_key="b", fin_cos=[])
    db.session.add(bob)
    db.session.commit()
    return Person(books, bob.id)


def once(action):
    """Give something that does it the first time it is called, and then no more."""
    lock = threading.Lock()
    left = [action]

    def happening():
        with lock:
            found = left.pop() if left else None
        if found:
            found()

    return happening


def in_app(app, action):
    def done():
        with app.app_context():
            action()
            db.session.remove()

    return done


# Pause and resume


def test_what_waits_for_its_turn_when_a_person_pauses_does_not_leave(app, books, sandbox, alice):
    batch = books.batch("10.00", "20.00")
    run_id = books.plan(batch).run_ids[0]

    paused = books.with_gate(in_app(app, once(lambda: alice.pause(run_id)))).work(run_id)

    assert sends(sandbox) == []
    assert paused.state is RunState.PAUSED
    assert paused.counts["pending"] == 2
    assert books.status_of(batch) == "exporting"
    assert [problem.code for problem in books.plan(batch).refused] == ["being-exported"]


def test_a_paused_run_waits_without_end_for_somebody_to_resume_it(books, sandbox, alice, bob):
    run_id = books.plan(books.batch("10.00")).run_ids[0]
    alice.pause(run_id)

    for days in (1, 30, 400):
        assert exports.due_exports(utc_now() + dt.timedelta(days=days)) == []
        assert books.work(run_id, clock=later(days * 24 * 60)).state is RunState.PAUSED
    sweep_task()
    assert Queue(QueueName.EXPORTS, connection=books.deps.redis).job_ids == []
    assert sends(sandbox) == []

    bob.resume(run_id)

    assert bob.woken == [run_id]
    assert books.work(run_id).state is RunState.COMPLETED
    assert arrived(sandbox) == 1


def test_an_answer_that_comes_after_the_pause_is_recorded(app, books, sandbox, alice):
    """Of two requests one is under way when the other finds the run paused."""
    run_id = books.plan(
        books.batch("10.00"), books.batch("-5.00", kind=DocumentKind.AP_CREDIT)
    ).run_ids[0]
    second = threading.Event()
    turns = iter([lambda: second.wait(20), lambda: None])
    lock = threading.Lock()

    def happening():
        with lock:
            turn = next(turns, lambda: None)
        turn()

    def press():
        while not sends(sandbox):
            second.wait(0.02)
        with app.app_context():
            alice.pause(run_id)
            db.session.remove()
        second.set()

    presser = threading.Thread(target=press)
    presser.start()
    paused = books.with_gate(happening).work(run_id)
    presser.join()

    assert (paused.state, paused.counts["sent"], paused.counts["pending"]) == (
        RunState.PAUSED, 1, 1,
    )  # fmt: skip
    assert arrived(sandbox) == 1


def test_who_paused_a_run_is_told_to_whoever_pauses_it_again(books, alice, bob):
    run_id = books.plan(books.batch("10.00")).run_ids[0]
    alice.pause(run_id)

    with pytest.raises(NotAllowedNow, match="paused already by Alice"):
        bob.pause(run_id)
    alice.resume(run_id)
    with pytest.raises(NotAllowedNow, match="is not paused"):
        bob.resume(run_id)


def test_C14_2_who_paused_resumed_and_cancelled_is_in_the_audit_log(books, alice, bob):
    run_id = books.plan(books.batch("10.00")).run_ids[0]
    alice.pause(run_id)
    bob.resume(run_id)
    alice.cancel(run_id)

    told = db.session.execute(
        sa.select(AuditEvent.user_name, AuditEvent.action, AuditEvent.detail)
        .where(AuditEvent.action.endswith("export"))
        .order_by(AuditEvent.id)
    ).all()
    assert [(row.user_name, row.action) for row in told] == [
        ("Alice", "pause export"),
        ("Bob", "resume export"),
        ("Alice", "cancel export"),
    ]
    assert {row.detail["run"] for row in told} == {run_id}


# Cancel


def test_what_waits_for_its_turn_when_a_person_cancels_does_not_leave(app, books, sandbox, alice):
    batch = books.batch("10.00", "20.00")
    run_id = books.plan(batch).run_ids[0]

    run = books.with_gate(in_app(app, once(lambda: alice.cancel(run_id)))).work(run_id)

    assert sends(sandbox) == []
    assert (run.state, run.finished, run.counts["cancelled"]) == (RunState.CANCELLED, True, 2)
    assert books.status_of(batch) == "closed"


def test_C5_2_exporting_again_after_a_cancel_sends_only_the_rest(books, sandbox, alice):
    bills = books.batch("10.00", "20.00")
    credit = books.batch("-5.00", kind=DocumentKind.AP_CREDIT)
    run_id = books.plan(bills, credit).run_ids[0]
    sandbox.fault("429_day", times=1, method="PUT", path="/CreditNotes", seconds=4000)
    books.work(run_id)
    alice.cancel(run_id)
    run = export_summary(run_id)
    assert (run.counts["sent"], run.counts["cancelled"]) == (2, 1)
    assert [books.status_of(batch) for batch in (bills, credit)] == ["exported", "closed"]

    books.deps.redis.flushdb()
    again = books.export(credit)

    assert again.counts["sent"] == 1
    assert arrived(sandbox) == 3


def test_a_run_paused_or_waiting_for_the_day_limit_ends_at_once(books, sandbox, alice):
    paused, limited = (books.plan(books.batch("10.00")).run_ids[0] for _ in range(2))
    alice.pause(paused)
    sandbox.fault("429_day", times=1, method="PUT", seconds=4000)
    assert books.work(limited).state is RunState.WAITING

    for run_id in (paused, limited):
        alice.cancel(run_id)
        run = export_summary(run_id)
        assert (run.state, run.finished, run.waiting_until) == (RunState.CANCELLED, True, None)
    assert alice.woken == []
    assert arrived(sandbox) == 0


def test_R112_a_cancel_never_guesses_what_became_of_an_answer_that_was_lost(books, sandbox, alice):
    run_id = books.plan(books.batch("10.00", "20.00")).run_ids[0]
    lose_the_answer(books, sandbox, run_id, "drop_after")

    alice.cancel(run_id)
    assert export_summary(run_id).state is RunState.CANCELLING
    run = books.work(run_id, clock=later(1))

    assert (run.state, run.counts["sent"]) == (RunState.COMPLETED, 2)
    assert arrived(sandbox) == 2


def test_what_a_cancelled_run_lost_on_the_way_is_not_sent_again_by_it(books, sandbox, alice):
    batch = books.batch("10.00")
    run_id = books.plan(batch).run_ids[0]
    lose_the_answer(books, sandbox, run_id, "drop_before")
    sent = len(sends(sandbox))
    alice.cancel(run_id)

    soon = books.work(run_id, clock=later(1))
    # Xero may still be at work on it: that it is not there proves nothing yet.
    assert (soon.state, soon.counts["uncertain"]) == (RunState.CANCELLING, 1)
    after = books.work(run_id, clock=later(5))

    assert (after.state, after.counts["cancelled"]) == (RunState.CANCELLED, 1)
    assert len(sends(sandbox)) == sent
    assert arrived(sandbox) == 0
    assert books.export(batch).counts["sent"] == 1
    assert arrived(sandbox) == 1


def test_a_cancelled_run_that_cannot_ask_xero_says_so_and_ends_once_it_can(
    books, sandbox, connect, alice
):
    run_id = books.plan(books.batch("10.00")).run_ids[0]
    lose_the_answer(books, sandbox, run_id, "drop_after")
    sandbox.control("POST", "disconnect", {"tenant_id": sandbox.tenant()})
    alice.cancel(run_id)

    cut_off = books.work(run_id, clock=later(1))
    assert (cut_off.state, cut_off.finished) == (RunState.CANCELLING, False)
    assert cut_off.waits_for_person
    assert "Connect" in cut_off.waiting_for

    connect()
    assert books.work(run_id, clock=later(5)).counts["sent"] == 1


def test_a_document_only_a_person_can_tell_about_keeps_a_cancelled_run_open(books, sandbox, alice):
    run_id = books.plan(books.batch("-10.00", kind=DocumentKind.AP_CREDIT)).run_ids[0]
    body = db.session.scalar(sa.select(ExportRequest.body))
    client = books.deps.xero.client(db.session.get(XeroConnection, books.connection_id))
    db.session.remove()
    sandbox.fault("drop_before", times=2, method="PUT")
    books.work(run_id)
    for n in range(2):
        client.send_frozen("PUT", "CreditNotes", body, f"by-hand-{n}")
    alice.cancel(run_id)

    run = books.work(run_id, clock=later(30))

    assert (run.state, run.waits_for_person) == (RunState.CANCELLING, True)
    assert [problem["code"] for problem in run.problems] == ["cannot-tell"]
    assert arrived(sandbox) == 2


def test_two_persons_who_cancel_at_once_cancel_once(app, books, alice, bob):
    run_id = books.plan(books.batch("10.00")).run_ids[0]
    ready = threading.Barrier(2)
    refused = []

    def press(person):
        with app.app_context():
            ready.wait()
            try:
                person.cancel(run_id)
            except NotAllowedNow as error:
                refused.append(error.message)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=press, args=(person,)) for person in (alice, bob)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    (message,) = refused
    assert message.startswith(f"Export run {run_id} is over, so nothing was changed.")
    assert message.endswith(("cancelled by Alice.", "cancelled by Bob."))


def test_a_finished_run_can_be_neither_paused_resumed_nor_cancelled(books, alice):
    run_id = books.plan(books.batch("10.00")).run_ids[0]
    books.work(run_id)

    for press in (alice.pause, alice.resume, alice.cancel):
        with pytest.raises(NotAllowedNow, match="is over, so nothing was changed"):
            press(run_id)
    assert export_summary(run_id).state is RunState.COMPLETED


def test_a_cancel_leaves_no_request_that_a_worker_could_still_send(books, alice):
    run_id = books.plan(books.batch("10.00"), books.batch("20.00")).run_ids[0]
    alice.cancel(run_id)

    states = db.session.scalars(
        sa.select(ExportRequest.state).where(ExportRequest.run_id == run_id)
    ).all()
    assert set(states) == {RequestState.CANCELLED}
    assert {item.state for item in books.items(run_id)} == {ItemState.CANCELLED}


# The day's limit


def test_at_the_day_limit_the_run_waits_and_goes_on_by_itself(books, sandbox):
    bills = [books.batch(*["10.00"] * 50) for _ in range(3)]
    credit = books.batch("-5.00", kind=DocumentKind.AP_CREDIT)
    run_id = books.plan(*bills, credit).run_ids[0]
    sandbox.control("DELETE", "limits")
    sandbox.control("PUT", "limits", {"day": 2})

    waiting = books.work(run_id)

    assert waiting.state is RunState.WAITING
    assert not waiting.waits_for_person
    assert waiting.waiting_until > utc_now() + dt.timedelta(minutes=1)
    assert "day" in waiting.waiting_for
    assert "goes on by itself" in waiting.waiting_for
    assert waiting.counts["sent"] + waiting.counts["pending"] == 151
    assert 0 < waiting.counts["sent"] < 151
    assert exports.due_exports(waiting.waiting_until - dt.timedelta(seconds=1)) == []
    assert exports.due_exports(waiting.waiting_until) == [run_id]

    sandbox.control("PUT", "limits", {"day": 5000})
    books.deps.redis.flushdb()  # the gate's hold is over by then
    db.session.execute(sa.update(ExportRun).values(resume_at=utc_now()))
    db.session.commit()
    sweep_task()
    assert Queue(QueueName.EXPORTS, connection=books.deps.redis).job_ids == [f"export-{run_id}"]
    assert books.work(run_id).state is RunState.COMPLETED
    assert arrived(sandbox) == 151


def test_a_resumed_run_still_waits_for_the_day_limit_it_had_met(books, sandbox, alice):
    run_id = books.plan(books.batch("10.00")).run_ids[0]
    sandbox.fault("429_day", times=1, method="PUT", seconds=4000)
    until = books.work(run_id).waiting_until
    alice.pause(run_id)
    alice.resume(run_id)

    assert alice.woken == []
    assert export_summary(run_id).waiting_until == until
    assert exports.due_exports(until) == [run_id]
