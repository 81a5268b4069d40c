"""What an unlucky month-end does to an export, and what must hold all the same."""

import datetime as dt
import threading
import time
from types import SimpleNamespace

import sqlalchemy as sa

from webapp.db import db, transaction, utc_now
from webapp.domain.documents import DocumentKind
from webapp.domain.runs import ItemState, RequestState, RunState
from webapp.models import (
    Document,
    ExportItem,
    ExportRequest,
    ExportRun,
    XeroConnection,
    XeroContact,
)
from webapp.services import exports
from webapp.services.exports.record import record_answer
from webapp.xero.encoding import decode, encode


def later(minutes: float):
    return lambda: utc_now() + dt.timedelta(minutes=minutes)


def arrived(sandbox, organisation: int = 0) -> int:
    return sum(row["count"] for row in sandbox.organisation(organisation)["documents"])


def writes(sandbox) -> list[dict]:
    return [call for call in sandbox.calls() if call["method"] in {"PUT", "POST"}]


def client(books):
    made = books.deps.xero.client(db.session.get(XeroConnection, books.connection_id))
    db.session.remove()
    return made


def frozen(run_id: int) -> tuple[bytes, str]:
    """The bytes and the key of a run's only request."""
    row = db.session.execute(
        sa.select(ExportRequest.body, ExportRequest.idempotency_key).where(
            ExportRequest.run_id == run_id
        )
    ).one()
    db.session.remove()
    return row.body, row.idempotency_key


def lose_the_answer_of(run_id: int, books, sandbox) -> None:
    """Let what the run sends arrive, but neither answer nor look-up come back."""
    sandbox.control(
        "PUT",
        "faults",
        [
            {"kind": "drop_after", "method": "PUT"},
            {"kind": "429_day", "method": "GET", "seconds": 1},
        ],
    )
    run = books.work(run_id)
    sandbox.no_faults()
    books.deps.redis.flushdb()
    assert run.counts["uncertain"] > 0
    assert arrived(sandbox) > 0


def states(run_id: int) -> list[RequestState]:
    db.session.remove()
    return list(
        db.session.scalars(
            sa.select(ExportRequest.state)
            .where(ExportRequest.run_id == run_id)
            .order_by(ExportRequest.id)
        )
    )


def test_a_key_ages_from_its_first_use_however_often_it_is_used_again(books, sandbox):
    run_id = books.plan(books.batch("10.00")).run_ids[0]
    _, first_key = frozen(run_id)
    sandbox.fault("drop_before", times=None, method="PUT")
    books.work(run_id)
    books.work(run_id, clock=later(4))
    sandbox.no_faults()
    sandbox.control("DELETE", "requests")

    run = books.work(run_id, clock=later(8))

    assert run.counts["sent"] == 1
    (repeat,) = sandbox.calls("PUT", "Invoices")
    assert repeat["idempotency_key"] != first_key


def test_a_repeat_that_a_limit_turned_away_is_looked_up_again_before_it_goes(books, sandbox):
    run_id = books.plan(books.batch("10.00")).run_ids[0]
    with transaction():  # a worker died after it had sent
        db.session.execute(
            sa.update(ExportRequest).values(
                state=RequestState.SENDING, first_sent_at=utc_now(), attempts=1
            )
        )
        db.session.execute(sa.update(ExportItem).values(state=ItemState.SENDING))
    sandbox.fault("429_day", times=1, method="PUT", seconds=1)
    assert books.work(run_id).counts["uncertain"] == 1
    sandbox.control("DELETE", "requests")
    books.deps.redis.flushdb()

    run = books.work(run_id, clock=later(2))

    assert run.counts["sent"] == 1
    assert [call["method"] for call in sandbox.calls(path="Invoices")] == ["GET", "PUT"]


def test_a_worker_that_lost_its_lease_takes_up_no_further_request(app, books, sandbox):
    run_id = books.plan(*[books.batch(*["10.00"] * 50) for _ in range(12)]).run_ids[0]
    sandbox.fault("slow", seconds=0.6, method="PUT", path="/Invoices")

    def work():
        with app.app_context():
            exports.run_export(
                books.deps.xero,
                books.deps.progress,
                run_id=run_id,
                owner="worker",
                clock=utc_now,
                lease_seconds=1,
            )
            db.session.remove()

    worker = threading.Thread(target=work)
    worker.start()
    deadline = time.monotonic() + 20
    while RequestState.SENDING not in states(run_id) and time.monotonic() < deadline:
        time.sleep(0.02)
    with transaction():
        db.session.execute(
            sa.update(ExportRun).values(
                lease_owner="another worker", lease_until=utc_now() + dt.timedelta(minutes=1)
            )
        )
    worker.join()

    assert states(run_id).count(RequestState.PENDING) >= 12 - 2 * 5
    run = db.session.get(ExportRun, run_id)
    assert (run.lease_owner, run.finished_at) == ("another worker", None)


def test_a_call_that_is_refused_whole_is_halved_and_each_document_goes_once(books, sandbox):
    run_id = books.plan(books.batch(*["10.00"] * 4)).run_ids[0]
    _, key = frozen(run_id)
    client(books).send_frozen("PUT", "Contacts", encode({"Contacts": [{"Name": "Somebody"}]}), key)

    run = books.work(run_id)

    assert run.counts["sent"] == 4
    assert arrived(sandbox) == 4
    assert [call["documents"] for call in sandbox.calls("PUT", "Invoices")][1:] == [2, 2]


def test_after_a_restart_under_another_address_what_arrived_is_still_recognised(books, sandbox):
    batch = books.batch("10.00")
    (run_id,) = exports.plan_export(
        batch_ids=[batch],
        user_id=None,
        now=utc_now(),
        public_url="http://the-old-address.example",
        after_commit=lambda _: None,
    ).run_ids
    lose_the_answer_of(run_id, books, sandbox)

    run = books.work(run_id, clock=later(30))

    assert run.counts["sent"] == 1
    assert arrived(sandbox) == 1


def test_a_document_voided_while_in_doubt_is_not_posted_again(books, sandbox):
    run_id = books.plan(books.batch("10.00")).run_ids[0]
    lose_the_answer_of(run_id, books, sandbox)
    (bill,) = client(books).invoices_by_number(_numbers())
    _change(books, "Invoices", InvoiceID=bill.xero_id, Status="VOIDED")

    run = books.work(run_id, clock=later(30))

    assert run.counts["sent"] == 1
    assert [item.xero_status for item in books.items(run_id)] == ["VOIDED"]
    assert arrived(sandbox) == 1


def _numbers() -> list[str]:
    numbers = list(db.session.scalars(sa.select(Document.number)))
    db.session.remove()
    return numbers


def _change(books, collection: str, **members: str) -> None:
    body = encode({collection: [members]})
    result = client(books).send_frozen("POST", collection, body, str(sorted(members.items())))
    assert result.elements[0].ok


def test_two_credit_notes_that_look_alike_hold_the_run_until_a_person_decided(books, sandbox):
    run_id = books.plan(books.batch("-10.00", kind=DocumentKind.AP_CREDIT)).run_ids[0]
    body, _ = frozen(run_id)
    sandbox.fault("drop_before", times=2, method="PUT")
    books.work(run_id)
    typed = [
        client(books).send_frozen("PUT", "CreditNotes", body, f"typed-{n}").elements[0].xero_id
        for n in range(2)
    ]
    sandbox.control("DELETE", "requests")

    waiting = books.work(run_id, clock=later(30))

    assert waiting.state is RunState.WAITING
    assert [problem["code"] for problem in waiting.problems] == ["cannot-tell"]
    assert writes(sandbox) == []

    _change(books, "CreditNotes", CreditNoteID=typed[0], Status="VOIDED")
    run = books.work(run_id, clock=later(60))

    assert run.state is RunState.COMPLETED
    assert [item.xero_id for item in books.items(run_id)] == [typed[1]]
    assert arrived(sandbox) == 2


def test_a_task_that_comes_twice_or_long_after_the_end_sends_nothing(books, sandbox):
    batch = books.batch("10.00")
    (run_id,) = books.plan(batch).run_ids
    books.work(run_id)
    sandbox.control("DELETE", "requests")

    books.work(run_id)
    books.work(run_id, clock=later(60 * 24 * 30))

    assert sandbox.calls() == []
    assert arrived(sandbox) == 1


def test_a_run_no_queue_ever_heard_of_is_due_at_once_and_arrives(books, sandbox):
    def queue_is_gone(_: int) -> None:
        raise ConnectionError

    batch = books.batch("10.00")
    try:
        exports.plan_export(
            batch_ids=[batch],
            user_id=None,
            now=utc_now(),
            public_url="http://localhost:5000",
            after_commit=queue_is_gone,
        )
    except ConnectionError:
        db.session.remove()

    (run_id,) = exports.due_exports(utc_now())

    assert books.work(run_id).counts["sent"] == 1
    assert books.status_of(batch) == "exported"


def test_to_another_organisation_and_back_the_run_ends_where_it_began(books, sandbox, connect):
    batch = books.batch("10.00", "20.00")
    (run_id,) = books.plan(batch).run_ids
    lose_the_answer_of(run_id, books, sandbox)
    connect(organisation=1)
    assert books.work(run_id, clock=later(30)).state is RunState.WAITING

    connect(organisation=0)
    run = books.work(run_id, clock=later(60))

    assert run.state is RunState.COMPLETED
    assert (arrived(sandbox), arrived(sandbox, 1)) == (2, 0)
    assert books.status_of(batch) == "exported"


def test_a_key_ages_only_from_the_attempt_that_may_have_arrived(books, sandbox):
    (run_id,) = books.plan(books.batch("10.00")).run_ids
    sandbox.fault("429_day", times=1, method="PUT", seconds=1)
    assert books.work(run_id).counts["pending"] == 1
    books.deps.redis.flushdb()
    sandbox.control("DELETE", "requests")
    sandbox.fault("drop_before", times=1, method="PUT")

    run = books.work(run_id, clock=later(70))

    assert run.counts["sent"] == 1
    assert len({call["idempotency_key"] for call in sandbox.calls("PUT")}) == 1


def test_a_credit_note_that_arrived_is_recognised_by_its_marks_after_the_keys_life(books, sandbox):
    run_id = books.plan(books.batch("-10.00", "-20.00", kind=DocumentKind.AP_CREDIT)).run_ids[0]
    lose_the_answer_of(run_id, books, sandbox)
    sandbox.control("DELETE", "requests")

    run = books.work(run_id, clock=later(30))

    assert run.counts["sent"] == 2
    assert writes(sandbox) == []


def test_a_document_the_answer_leaves_out_is_in_doubt_alone_and_goes_once(books, sandbox):
    run_id = books.plan(books.batch("10.00", "20.00")).run_ids[0]
    body, key = frozen(run_id)
    first = encode({"Invoices": decode(body)["Invoices"][:1]})
    answer = client(books).send_frozen("PUT", "Invoices", first, f"half of {key}")
    half_an_hour_ago = utc_now() - dt.timedelta(minutes=30)
    with transaction():
        request = db.session.scalars(sa.select(ExportRequest)).one()
        request.state, request.attempts = RequestState.SENDING, 1
        request.first_sent_at = request.sent_at = half_an_hour_ago
        known = SimpleNamespace(
            run_id=run_id,
            clock=utc_now,
            fin_co_id=books.fin_co_id,
            tenant_id=db.session.get_one(ExportRun, run_id).tenant_id,
            account_names={},
        )
        for _ in range(2):  # as a replayed answer would be: what is in Xero is recorded once
            record_answer(known, request.id, answer)

    assert states(run_id) == [RequestState.UNCERTAIN]
    assert [item.state for item in books.items(run_id)] == [ItemState.SENT, ItemState.UNCERTAIN]
    assert books.work(run_id).state is RunState.COMPLETED
    assert arrived(sandbox) == 2


def test_what_is_left_of_a_batch_goes_alone_the_second_time(books, sandbox):
    batch = books.batch("10.00", "20.00", "30.00")
    missing = db.session.scalars(sa.select(Document).order_by(Document.id)).all()[1]
    due_date, missing.due_date = missing.due_date, None
    document_id = missing.id
    db.session.commit()
    first = books.export(batch)
    assert (first.counts["sent"], first.counts["blocked"]) == (2, 1)
    assert books.status_of(batch) == "closed"
    db.session.get(Document, document_id).due_date = due_date
    db.session.commit()

    again = books.export(batch)

    assert again.counts["sent"] == sum(again.counts.values()) == 1
    assert arrived(sandbox) == 3
    assert books.status_of(batch) == "exported"


def test_what_was_learnt_in_one_organisation_is_never_sent_to_another(books, sandbox, connect):
    batch = books.batch("10.00")
    connect(organisation=1)
    sandbox.control("DELETE", "requests")

    run = books.export(batch)

    codes = [problem["code"] for problem in run.problems]
    assert codes == ["no-xero-id", "base-currency-differs"]
    assert writes(sandbox) == []


def test_a_run_for_the_second_organisation_sends_nothing_while_the_first_is_connected(
    books, sandbox, connect
):
    connection = connect(organisation=1)
    with transaction():
        db.session.execute(sa.update(XeroContact).values(tenant_id=connection.tenant_id))
    (run_id,) = books.plan(books.batch("10.00")).run_ids
    connect(organisation=0)
    sandbox.control("DELETE", "requests")

    run = books.work(run_id)

    assert run.counts["sent"] == 0
    assert sandbox.calls() == []
