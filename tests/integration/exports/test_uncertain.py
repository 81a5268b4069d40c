"""What becomes of documents when Xero's answer does not come back."""

import datetime as dt

import pytest
import sqlalchemy as sa

from webapp.db import db, transaction, utc_now
from webapp.domain.documents import DocumentKind
from webapp.domain.runs import ItemState, RequestState, RunState
from webapp.models import ExportItem, ExportRequest, ExportRun
from webapp.services import exports


def later(minutes: int):
    """A clock that runs ahead: Xero's six minutes, and ours, are over."""
    return lambda: utc_now() + dt.timedelta(minutes=minutes)


def arrived(sandbox) -> int:
    return sum(row["count"] for row in sandbox.organisation()["documents"])


def finish(books, run_id, clock=utc_now, tries=10):
    """Carry a run on as the sweeper does, without waiting out its pauses."""
    for _ in range(tries):
        run = books.work(run_id, clock=clock)
        if run.finished:
            return run
    raise AssertionError(f"still {run.state} after {tries} tries: {run.waiting_for}")


@pytest.mark.parametrize("kind", ["500_before", "503_before", "drop_before", "html"])
def test_R112_a_write_that_was_never_applied_is_sent_again(books, sandbox, kind):
    run_id = books.plan(books.batch(*["10.00"] * 7)).run_ids[0]
    sandbox.fault(kind, times=1, method="PUT", path="/Invoices")

    run = finish(books, run_id)

    assert run.counts["sent"] == 7
    assert arrived(sandbox) == 7


@pytest.mark.parametrize("kind", ["500_after", "503_after", "drop_after"])
@pytest.mark.parametrize("document", [DocumentKind.AP_INVOICE, DocumentKind.AP_CREDIT])
def test_R112_a_lost_answer_makes_no_second_document(books, sandbox, kind, document):
    sign = "-" if document is DocumentKind.AP_CREDIT else ""
    run_id = books.plan(books.batch(*[f"{sign}10.00"] * 7, kind=document)).run_ids[0]
    sandbox.fault(kind, times=1, method="PUT")

    run = finish(books, run_id)

    assert run.counts["sent"] == 7
    assert arrived(sandbox) == 7


@pytest.mark.parametrize("fault", [None, "drop_after", "503_before", "429_minute"])
def test_the_calls_a_run_used_are_all_that_xero_saw_its_look_ups_too(books, sandbox, fault):
    run_id = books.plan(books.batch(*["10.00"] * 3)).run_ids[0]
    sandbox.control("DELETE", "requests")
    if fault:
        sandbox.fault(fault, times=2, method="PUT", path="/Invoices")

    run = finish(books, run_id, clock=later(0))

    seen = [call["method"] for call in sandbox.calls()]
    assert run.requests == len(seen)
    assert ("GET" in seen) == (fault in {"drop_after", "503_before"})


def test_after_the_keys_life_what_arrived_is_found_and_only_the_rest_is_sent(books, sandbox):
    run_id = books.plan(books.batch(*["10.00"] * 3)).run_ids[0]
    sandbox.fault("drop_after", times=None, method="PUT", path="/Invoices")
    books.work(run_id)
    sandbox.no_faults()
    sandbox.control("DELETE", "requests")

    run = books.work(run_id, clock=later(30))

    assert run.counts["sent"] == 3
    assert sandbox.calls("PUT") == []
    assert arrived(sandbox) == 3


def test_after_the_keys_life_what_never_arrived_is_sent_under_a_new_key(books, sandbox):
    run_id = books.plan(books.batch(*["10.00"] * 3)).run_ids[0]
    (first_key,) = db.session.scalars(sa.select(ExportRequest.idempotency_key)).all()
    sandbox.fault("drop_before", times=2, method="PUT", path="/Invoices")
    books.work(run_id)

    run = finish(books, run_id, clock=later(30))

    assert run.counts["sent"] == 3
    assert arrived(sandbox) == 3
    keys = {call["idempotency_key"] for call in sandbox.calls("PUT", "Invoices")}
    assert len(keys) == 2
    assert first_key in keys


def test_while_xero_fails_the_run_waits_and_says_not_to_export_again(books, sandbox):
    run_id = books.plan(books.batch("10.00")).run_ids[0]
    sandbox.fault("503_before", times=None, method="PUT")

    run = books.work(run_id)

    assert run.state is RunState.WAITING
    assert run.counts["uncertain"] == 1
    assert "do not export it again" in run.waiting_for
    assert run.waiting_until > utc_now()


def test_a_document_xero_fails_on_every_time_is_told_apart_and_the_others_go(books, sandbox):
    """After enough attempts the request is halved until the one to blame stands alone."""
    run_id = books.plan(books.batch(*["10.00"] * 4)).run_ids[0]
    sandbox.fault("500_before", times=9, method="PUT", path="/Invoices")

    run = None
    for hour in range(1, 30):
        run = books.work(run_id, clock=later(60 * hour))
        if run.finished:
            break

    assert run.finished
    assert run.counts["sent"] == arrived(sandbox)
    assert run.counts["sent"] + run.counts["rejected"] == 4


def test_a_contact_nobody_knows_spoils_only_its_own_document(books, sandbox, house):
    good = books.batch(*["10.00"] * 6)
    run_id = books.plan(good).run_ids[0]
    _point_at_a_contact_nobody_knows(run_id, position=2)

    run = finish(books, run_id)

    assert (run.counts["sent"], run.counts["rejected"]) == (5, 1)
    assert arrived(sandbox) == 5


def _point_at_a_contact_nobody_knows(run_id: int, position: int) -> None:
    with transaction():
        request = db.session.scalar(sa.select(ExportRequest).where(ExportRequest.run_id == run_id))
        parts = request.body.split(b'"ContactID":"')
        parts[position + 1] = b"00000000-0000-4000-8000-00000000dead" + parts[position + 1][36:]
        request.body = b'"ContactID":"'.join(parts)


def test_what_a_dead_process_left_under_way_is_looked_up_before_anything_is_sent(books, sandbox):
    run_id = books.plan(books.batch(*["10.00"] * 3)).run_ids[0]
    with transaction():
        db.session.execute(
            sa.update(ExportRequest).values(
                state=RequestState.SENDING, first_sent_at=utc_now(), attempts=1
            )
        )
        db.session.execute(sa.update(ExportItem).values(state=ItemState.SENDING))

    run = finish(books, run_id)

    assert run.counts["sent"] == 3
    calls = [call["method"] for call in sandbox.calls(path="Invoices")]
    assert calls == ["GET", "PUT"]


def test_a_day_limit_parks_the_run_until_xero_takes_calls_again(books, sandbox):
    run_id = books.plan(books.batch("10.00")).run_ids[0]
    sandbox.fault("429_day", times=1, method="PUT", seconds=4000)

    run = books.work(run_id)

    assert run.state is RunState.WAITING
    assert run.counts["pending"] == 1
    assert dt.timedelta(minutes=60) < run.waiting_until - utc_now() < dt.timedelta(minutes=70)
    assert exports.due_exports(utc_now()) == []
    assert exports.due_exports(run.waiting_until) == [run_id]
    books.deps.redis.flushdb()
    assert books.work(run_id).counts["sent"] == 1
    assert arrived(sandbox) == 1


def test_a_lapsed_lease_makes_a_run_due_however_old_it_is(books):
    run_id = books.plan(books.batch("10.00")).run_ids[0]
    with transaction():
        run = db.session.get(ExportRun, run_id)
        run.lease_owner = "a worker that died"
        run.lease_until = utc_now() + dt.timedelta(seconds=20)
    assert exports.due_exports(utc_now()) == []
    assert exports.due_exports(utc_now() + dt.timedelta(days=400)) == [run_id]


def test_an_expired_token_in_the_middle_is_refreshed_and_nothing_is_lost(books, sandbox):
    run_id = books.plan(books.batch(*["10.00"] * 3)).run_ids[0]
    sandbox.fault("expire_tokens", times=1)

    run = books.work(run_id)

    assert run.counts["sent"] == 3
    assert arrived(sandbox) == 3
