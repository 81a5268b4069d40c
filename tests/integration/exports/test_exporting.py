import threading
from decimal import Decimal

import sqlalchemy as sa

from webapp.db import db
from webapp.domain.documents import DocumentKind, DocumentStatus
from webapp.domain.runs import ItemState, RunState
from webapp.models import Document, DocumentLine, ExportRequest, XeroDocument
from webapp.models.xero import ConnectionState
from webapp.services import connections


def writes(sandbox):
    return [call for call in sandbox.calls() if call["method"] in {"PUT", "POST"}]


def documents(sandbox):
    return {
        (row["type"], row["status"]): (row["count"], row["sub_total"], row["total"])
        for row in sandbox.organisation()["documents"]
    }


def test_R87_R110_a_batch_of_invoices_arrives_authorised_to_the_cent(books, sandbox):
    batch = books.batch("100.00", "33.33", "10.10")

    run = books.export(batch)

    assert run.state is RunState.COMPLETED
    assert run.counts["sent"] == 3
    assert documents(sandbox) == {("ACCPAY", "AUTHORISED"): (3, "143.43", "164.95")}
    assert books.status_of(batch) == "exported"
    for document in db.session.scalars(sa.select(Document)):
        assert document.status is DocumentStatus.UPDATED
    assert db.session.scalar(sa.select(sa.func.count()).select_from(XeroDocument)) == 3


def test_R88_credits_and_invoices_below_zero_arrive_as_positive_credit_notes(books, sandbox):
    credit = books.batch("-50.00", kind=DocumentKind.AP_CREDIT)
    below_zero = books.batch("-20.00", "30.00")

    run = books.export(credit, below_zero)

    assert run.counts["sent"] == 3
    assert documents(sandbox) == {
        ("ACCPAY", "AUTHORISED"): (1, "30.00", "34.50"),
        ("ACCPAYCREDIT", "AUTHORISED"): (2, "70.00", "80.50"),
    }


def test_R91_a_subcontract_claim_goes_out_as_a_bill(books, sandbox):
    claim = books.batch("500.00", kind=DocumentKind.AP_INVOICE)
    db.session.execute(sa.update(Document).values(kind=DocumentKind.SUB_CLAIM))
    db.session.commit()

    books.export(claim)

    assert documents(sandbox) == {("ACCPAY", "AUTHORISED"): (1, "500.00", "575.00")}


def test_fifty_documents_travel_in_one_call_and_batches_share_calls(books, sandbox):
    batches = [books.batch(*["10.00"] * 30) for _ in range(4)]

    run = books.export(*batches)

    assert run.requests == 3
    assert sorted(call["documents"] for call in writes(sandbox)) == [20, 50, 50]
    assert documents(sandbox)[("ACCPAY", "AUTHORISED")][0] == 120


def test_R93_the_account_a_line_posts_to_is_kept_on_it(books):
    books.export(books.batch("10.00"))

    assert db.session.scalars(sa.select(DocumentLine.gl_account)).all() == ["310"]


def test_pressing_export_again_sends_nothing(books, sandbox):
    batch = books.batch("10.00")
    books.export(batch)
    sandbox.control("DELETE", "requests")

    again = books.plan(batch)

    assert again.run_ids == ()
    assert [problem.code for problem in again.refused] == ["already-exported"]
    assert writes(sandbox) == []


def test_R94_R95_R96_what_cannot_go_is_blocked_at_its_line_and_the_rest_goes(books, sandbox):
    good = books.batch("10.00")
    unmapped = books.batch("10.00", activity="BLANK")
    untaxed = books.batch("10.00", gst_type="NEW")

    run = books.export(good, unmapped, untaxed)

    assert run.state is RunState.COMPLETED_WITH_ERRORS
    assert (run.counts["sent"], run.counts["blocked"]) == (1, 2)
    assert sorted((p["code"], p["line"]) for p in run.problems) == [
        ("no-export-code", 1),
        ("no-gl-account", 1),
    ]
    assert [books.status_of(batch) for batch in (good, unmapped, untaxed)] == [
        "exported",
        "closed",
        "closed",
    ]


def test_nothing_goes_out_for_a_batch_that_is_blocked_whole(books, sandbox):
    run_id = books.plan(books.batch("10.00", "20.00", activity="BLANK")).run_ids[0]

    assert writes(sandbox) == []
    assert books.work(run_id).finished
    assert writes(sandbox) == []


def test_R111_C5_2_after_a_mended_refusal_only_the_failures_are_sent_again(books, sandbox):
    sandbox.control("PATCH", f"organisations/{sandbox.tenant()}", {"archive_account": "310"})
    books.use_account("CONC", "400")
    mixed = books.batch("10.00", "20.00")
    archived = books.batch("30.00", activity="PLANT")

    first = books.export(mixed, archived)

    assert (first.counts["sent"], first.counts["rejected"]) == (2, 1)
    (problem,) = first.problems
    assert problem["code"] == "account-archived"
    assert "310" in problem["message"]
    assert "has been archived" in problem["verbatim"]
    assert problem["request_id"]
    assert books.status_of(archived) == "closed"

    books.use_account("PLANT", "400")
    second = books.export(archived)

    assert second.state is RunState.COMPLETED
    assert documents(sandbox)[("ACCPAY", "AUTHORISED")] == (3, "60.00", "69.00")


def test_a_locked_period_and_a_tax_type_of_the_wrong_side_are_explained(books, sandbox):
    sandbox.control(
        "PATCH", f"organisations/{sandbox.tenant()}", {"period_lock_date": "2026-11-30"}
    )
    run = books.export(books.batch("10.00"))

    (problem,) = run.problems
    assert problem["code"] == "period-locked"
    assert "lock date" in problem["verbatim"]
    assert "Lock dates" in problem["way_out"]


def test_R83_without_a_connection_nothing_changes_and_the_way_out_is_named(books, sandbox):
    batch = books.batch("10.00")
    connections.disconnect(books.deps.xero, fin_co_id=books.fin_co_id, now=books.deps.clock())

    plan = books.plan(batch)

    assert plan.run_ids == ()
    assert [problem.code for problem in plan.refused] == ["not-connected"]
    assert books.status_of(batch) == "closed"


def test_an_open_a_marked_and_an_empty_batch_are_refused_by_name(books):
    plan = books.plan(books.batch("1.00", closed=False), books.batch())

    assert sorted(problem.code for problem in plan.refused) == ["empty", "not-closed"]


def test_ten_presses_at_once_make_one_export(app, books, sandbox):
    batch = books.batch(*["10.00"] * 20)
    plans, errors = [], []
    ready = threading.Barrier(10)

    def press():
        with app.app_context():
            ready.wait()
            try:
                plans.append(books.plan(batch))
            except Exception as error:  # noqa: BLE001 - shown by the assertion below
                errors.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=press) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert errors == []
    winners = [plan for plan in plans if plan.run_ids]
    assert len(winners) == 1
    refusals = [plan.refused[0].code for plan in plans if not plan.run_ids]
    assert refusals == ["being-exported"] * 9
    books.work(winners[0].run_ids[0])
    assert documents(sandbox)[("ACCPAY", "AUTHORISED")][0] == 20


def test_two_workers_on_one_run_do_not_get_in_each_others_way(app, books, sandbox):
    run_id = books.plan(books.batch(*["10.00"] * 60)).run_ids[0]
    sandbox.fault("slow", seconds=0.3, path="/Invoices")

    def work():
        with app.app_context():
            books.work(run_id)
            db.session.remove()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(writes(sandbox)) == 2
    assert documents(sandbox)[("ACCPAY", "AUTHORISED")][0] == 60


def test_the_bytes_sent_are_those_that_were_frozen(books):
    run_id = books.plan(books.batch("10.00", "12.34")).run_ids[0]
    frozen = db.session.scalars(sa.select(ExportRequest.body)).all()

    books.use_account("CONC", "999")
    assert books.work(run_id).counts["sent"] == 2

    assert db.session.scalars(sa.select(ExportRequest.body)).all() == frozen
    assert [item.state for item in books.items(run_id)] == [ItemState.SENT] * 2


def test_a_total_that_differs_in_xero_is_shown_and_typed_gst_is_kept(books, sandbox):
    run = books.export(books.batch("10.00", gst=Decimal("1.49")))

    assert run.problems == ()
    assert documents(sandbox) == {("ACCPAY", "AUTHORISED"): (1, "10.00", "11.49")}


def test_a_connection_cut_inside_xero_pauses_the_run_and_says_what_to_do(books, sandbox, connect):
    run_id = books.plan(books.batch("10.00")).run_ids[0]
    sandbox.control("POST", "disconnect", {"tenant_id": sandbox.tenant()})

    paused = books.work(run_id)

    assert paused.state is RunState.WAITING
    assert "Connect" in paused.waiting_for
    assert connections.current_connection(books.fin_co_id).state is (
        ConnectionState.RECONNECT_NEEDED
    )
    connect()
    assert books.work(run_id).state is RunState.COMPLETED
    assert documents(sandbox)[("ACCPAY", "AUTHORISED")][0] == 1


def test_R84_a_run_never_goes_to_another_organisation_than_it_was_planned_for(
    books, sandbox, connect
):
    batch = books.batch("10.00")
    run_id = books.plan(batch).run_ids[0]
    connect(organisation=1)
    sandbox.control("DELETE", "requests")

    run = books.work(run_id)

    assert writes(sandbox) == []
    assert run.finished
    assert [problem["code"] for problem in run.problems] == ["organisation-changed"]
    assert len(books.plan(batch).run_ids) == 1


def test_C7_3_no_payment_is_made_in_xero_so_no_bank_account_is_ever_asked_for(books, sandbox):
    credit = books.batch("-50.00", kind=DocumentKind.AP_CREDIT)
    books.export(books.batch("100.00"), credit)

    paths = {call["path"].rpartition("/")[2].lower() for call in writes(sandbox)}
    assert {"invoices", "creditnotes"} <= paths
    assert not paths & {"payments", "batchpayments", "allocations", "banktransactions"}


def test_fifty_documents_take_as_many_statements_as_five(books):
    batches = [books.batch(*["10.00"] * documents) for documents in (5, 50)]
    counted: list[str] = []

    @sa.event.listens_for(db.engine, "before_cursor_execute")
    def _count(_connection, _cursor, statement, *_):
        counted.append(statement)

    taken = []
    for batch in batches:
        counted.clear()
        books.export(batch)
        taken.append(len(counted))

    assert taken[0] == taken[1]
