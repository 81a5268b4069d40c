"""What a run tells of its documents: why they did not go, and how they are sent again."""

import datetime as dt
from functools import partial

import pytest
import sqlalchemy as sa

from webapp.db import db, utc_now
from webapp.domain.access import Role
from webapp.domain.batches import BatchStatus, BatchType
from webapp.domain.documents import DocumentKind
from webapp.domain.runs import ItemState, RunState
from webapp.models import ExportRequest
from webapp.queries.export_progress import export_progress
from webapp.queries.run_causes import causes
from webapp.queries.run_documents import Asked, Outcome, all_documents, documents
from webapp.queries.run_neighbours import neighbours
from webapp.queries.viewers import Viewer
from webapp.services import exports
from webapp.services.exports.retrying import left_of

ALICE = Viewer(1, "Alice", Role.ADMINISTRATOR, "a", frozenset())


def at(moment):
    return moment


def arrived(sandbox):
    return sum(row["count"] for row in sandbox.organisation()["documents"])


def retry(books, run_id, cause=None):
    return exports.retry_export(
        left_of(run_id, cause),
        user_id=None,
        now=utc_now(),
        public_url="http://localhost:5000",
        after_commit=lambda _: None,
    )


@pytest.fixture
def troubled(books, sandbox):
    """A run: two went, two lack a GL account, one lacks an Export Code."""
    batches = (
        books.batch("10.00", "20.00"),
        books.batch("30.00", "40.00", activity="BLANK"),
        books.batch("50.00", gst_type="NEW"),
    )
    (run_id,) = books.plan(*batches).run_ids
    assert books.work(run_id).state is RunState.COMPLETED_WITH_ERRORS
    return run_id, batches


def test_R113_each_cause_is_told_once_with_its_documents(troubled):
    run_id, _ = troubled
    found = causes(run_id)
    assert found.total == len(found.shown)
    assert [(cause.code, cause.documents) for cause in found.shown] == [
        ("no-gl-account", 2),
        ("no-export-code", 1),
    ]
    assert len(found.shown[0].examples) == 2
    rows, page = documents(run_id, Asked(cause=found.shown[0]), 1)
    assert page.total == 2
    assert {row.state for row in rows} == {ItemState.BLOCKED}
    assert len(list(all_documents(run_id, Asked(Outcome.SENT)))) == 2


def test_R111_C5_2_once_a_cause_is_mended_its_documents_go_in_one_press_and_no_others(
    books, sandbox, troubled
):
    run_id, batches = troubled
    unmapped = causes(run_id).shown[0]
    books.use_account("BLANK", "310")

    (again,) = retry(books, run_id, unmapped).run_ids
    run = books.work(again)

    assert (run.state, run.counts["sent"]) == (RunState.COMPLETED, 2)
    assert arrived(sandbox) == 4
    assert [books.status_of(batch) for batch in batches] == ["exported", "exported", "closed"]
    assert neighbours(again).earlier == run_id
    assert neighbours(run_id).later == again


def test_R111_documents_of_other_causes_in_the_same_batch_stay_as_they_are(books, sandbox):
    batch = books.batch("10.00", "20.00", activity="BLANK")
    (run_id,) = books.plan(batch).run_ids
    items = books.items(run_id)
    items[1].problems = [{**items[1].problems[0], "code": "another", "way_out": "Another."}]
    db.session.commit()
    books.use_account("BLANK", "310")

    cause = next(one for one in causes(run_id).shown if one.code == "no-gl-account")
    (again,) = retry(books, run_id, cause).run_ids
    run = books.work(again)

    assert run.counts["sent"] == 1
    assert arrived(sandbox) == 1
    assert books.status_of(batch) == "closed"
    (rest,) = retry(books, run_id).run_ids
    assert books.work(rest).counts["sent"] == 1
    assert arrived(sandbox) == 2
    assert books.status_of(batch) == "exported"


def test_R76_many_batches_go_in_the_fixed_order_and_each_tells_its_result(books, sandbox):
    credit = books.batch("-5.00", kind=DocumentKind.AP_CREDIT)
    bill = books.batch("10.00")
    (run_id,) = books.plan(credit, bill).run_ids
    collections = db.session.scalars(
        sa.select(ExportRequest.collection)
        .where(ExportRequest.run_id == run_id)
        .order_by(ExportRequest.id)
    ).all()
    assert collections == ["Invoices", "CreditNotes"]

    books.work(run_id)

    told = export_progress(ALICE, run_id)
    assert [(batch.batch_type, batch.status, batch.counts) for batch in told.batches] == [
        (BatchType.AP_INVOICE, BatchStatus.EXPORTED, {ItemState.SENT: 1}),
        (BatchType.AP_CREDIT, BatchStatus.EXPORTED, {ItemState.SENT: 1}),
    ]
    assert (told.settled, told.calls.used, told.calls.left) == (2, 2, 0)


def test_R114_what_xero_fails_on_every_time_is_reported_as_not_there(books, sandbox):
    (run_id,) = books.plan(books.batch("10.00")).run_ids
    sandbox.fault("500_before", method="PUT")
    moment = utc_now()
    for _ in range(12):
        run = books.work(run_id, clock=partial(at, moment))
        if run.finished:
            break
        assert "goes on by itself" in run.waiting_for or "looked up" in run.waiting_for
        moment = max(run.waiting_until, moment) + dt.timedelta(minutes=1)
    assert run.finished
    (problem,) = run.problems
    assert problem["code"] == "xero-failed"
    assert "is not in Xero" in problem["message"]


def test_C12_1_every_request_carries_a_key_and_a_repeat_carries_the_same(books, sandbox):
    books_run = books.plan(books.batch("10.00")).run_ids[0]
    sandbox.fault("500_before", times=1, method="PUT")
    books.work(books_run)
    keys = [call["idempotency_key"] for call in sandbox.calls("PUT", "Invoices")]
    assert len(keys) == 2
    assert len(set(keys)) == 1


def test_a_connection_lost_in_the_middle_keeps_what_went_and_says_what_to_do(
    books, sandbox, connect
):
    bills, credit = books.batch("10.00"), books.batch("-5.00", kind=DocumentKind.AP_CREDIT)
    (run_id,) = books.plan(bills, credit).run_ids
    sandbox.fault("429_day", times=1, method="PUT", path="/CreditNotes", seconds=1)
    assert books.work(run_id).counts["sent"] == 1
    sandbox.control("POST", "disconnect", {"tenant_id": sandbox.tenant()})
    books.deps.redis.flushdb()

    cut_off = books.work(run_id, clock=lambda: utc_now() + dt.timedelta(minutes=5))

    assert (cut_off.state, cut_off.waits_for_person) == (RunState.WAITING, True)
    assert cut_off.counts["sent"] == 1
    assert "Connect" in cut_off.waiting_for
    assert "nothing is sent twice" in cut_off.waiting_for
    connect()
    assert books.work(run_id).state is RunState.COMPLETED
    assert arrived(sandbox) == 2
