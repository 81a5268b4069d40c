"""Large journals: sent in parts, each of them once, however the export goes (R112, R115)."""

import datetime as dt
from decimal import Decimal

import pytest
import sqlalchemy as sa

from tests.integration.exports.journal_batches import (
    ONE_SIDED,
    add_codes,
    enter,
    journal,
    line,
    posted,
)
from webapp.db import db, transaction, utc_now
from webapp.domain.batches import BatchType
from webapp.domain.documents import DocumentStatus
from webapp.domain.runs import ItemState, RequestState, RunState
from webapp.mapping.exports import journal_parts
from webapp.models import (
    Document,
    DocumentLine,
    ExportItem,
    ExportRequest,
    XeroConnection,
    XeroDocument,
)
from webapp.queries.run_documents import Asked, all_documents
from webapp.services.exports import preflight
from webapp.xero.encoding import decode, encode


@pytest.fixture(autouse=True)
def _parts_of_four_lines(books, monkeypatch):
    add_codes(books)
    monkeypatch.setattr(journal_parts, "MAX_LINES", 4)


def later(minutes):
    return lambda: utc_now() + dt.timedelta(minutes=minutes)


def timesheet(books, lines=5, **other):
    """A batch of one journal; five lines of two sides go in three parts."""
    return enter(books, BatchType.TIMESHEET, journal("TS-1", *[line("1.00", **other)] * lines))


def state_of_document():
    db.session.expire_all()
    return db.session.scalars(sa.select(Document.status)).one()


def parts_linked():
    return db.session.scalars(sa.select(XeroDocument.part).order_by(XeroDocument.part)).all()


def narrations(sandbox):
    return [one.narration.partition("(")[2] for one in posted(sandbox)]


ALL = ["part 1 of 3)", "part 2 of 3)", "part 3 of 3)"]


def finish(books, run_id):
    for minutes in (0, 8, 30, 60, 90, 120):
        run = books.work(run_id, clock=later(minutes))
        if run.finished:
            return run
    raise AssertionError(run.waiting_for)


def test_R115_a_large_journal_arrives_in_balanced_parts_and_is_then_updated(books, sandbox):
    batch = timesheet(books)

    run_id = books.plan(batch).run_ids[0]

    assert books.work(run_id).state is RunState.COMPLETED
    arrived = posted(sandbox)
    assert [len(one.lines) for one in arrived] == [4, 4, 2]
    assert {one.difference for one in arrived} == {0}
    assert len({one.url for one in arrived}) == 3
    assert parts_linked() == [1, 2, 3]
    assert state_of_document() is DocumentStatus.UPDATED
    assert books.status_of(batch) == "exported"
    assert [item.total for item in books.items(run_id)] == [2, 2, 1]
    assert set(db.session.scalars(sa.select(DocumentLine.gl_account))) == {"320"}


def test_R115_an_adjustment_with_one_large_credit_arrives_in_parts_that_balance(books, sandbox):
    lines = [line("1.00", "WIP")] * 7 + [line("-7.00", "CONC")]
    batch = enter(books, ONE_SIDED, journal("A-1", *lines))

    assert books.export(batch).state is RunState.COMPLETED

    arrived = posted(sandbox)
    assert [one.difference for one in arrived] == [0, 0, 0]
    assert sum(amount for one in arrived for account, amount in one.lines if account == "625") == 7
    assert books.status_of(batch) == "exported"


def test_R111_R115_after_a_refused_part_only_that_part_is_sent_again(books, sandbox):
    run_id = books.plan(timesheet(books)).run_ids[0]
    spoil(run_id, position=1)

    run = books.work(run_id)

    assert run.finished
    assert [item.state for item in books.items(run_id)] == [
        ItemState.SENT,
        ItemState.REJECTED,
        ItemState.SENT,
    ]
    assert state_of_document() is DocumentStatus.APPROVED
    batch_id = books.items(run_id)[0].batch_id
    assert books.status_of(batch_id) == "closed"
    # Mended meanwhile: what is in Xero keeps its accounts, what is missing gets the new one.
    books.use_account("LAB", "310")
    sandbox.control("DELETE", "requests")

    again = books.export(batch_id)

    assert again.counts["sent"] == 1
    assert [call["documents"] for call in sandbox.calls("PUT")] == [1]
    assert narrations(sandbox) == ALL
    assert parts_linked() == [1, 2, 3]
    assert state_of_document() is DocumentStatus.UPDATED
    assert books.status_of(batch_id) == "exported"
    kept = db.session.scalars(sa.select(DocumentLine.gl_account).order_by(DocumentLine.line_no))
    assert kept.all() == ["320", "320", "310", "310", "320"]


def spoil(run_id, position):
    """Let Xero find fault with one part: its first line names an account nobody has."""
    with transaction():
        request = db.session.scalars(
            sa.select(ExportRequest).where(ExportRequest.run_id == run_id)
        ).one()
        body = decode(request.body)
        body["ManualJournals"][position]["JournalLines"][0]["AccountCode"] = "9999"
        request.body = encode(body)


def test_R115_a_part_blocked_before_sending_blocks_the_whole_journal(books, sandbox):
    lines = [line("1.00")] * 4 + [line("1.00", "BLANK", cr_account="477")]
    batch = enter(books, BatchType.TIMESHEET, journal("TS-1", *lines))

    run = books.export(batch)

    assert [problem["line"] for problem in run.problems] == [5]
    assert posted(sandbox) == []


@pytest.mark.parametrize("kind", ["500_before", "503_before", "drop_before", "html"])
def test_R112_parts_that_never_arrived_are_sent_again(books, sandbox, kind):
    run_id = books.plan(timesheet(books)).run_ids[0]
    sandbox.fault(kind, times=1, method="PUT", path="/ManualJournals")

    assert finish(books, run_id).counts["sent"] == 1
    assert narrations(sandbox) == ALL


@pytest.mark.parametrize("kind", ["500_after", "503_after", "drop_after"])
@pytest.mark.parametrize("times", [1, None])
def test_R112_a_lost_answer_posts_no_journal_twice(books, sandbox, kind, times):
    batch = timesheet(books)
    run_id = books.plan(batch).run_ids[0]
    sandbox.fault(kind, times=times, method="PUT", path="/ManualJournals")
    books.work(run_id)
    books.work(run_id, clock=later(8))
    sandbox.no_faults()

    assert finish(books, run_id).counts["sent"] == 1
    assert narrations(sandbox) == ALL
    assert parts_linked() == [1, 2, 3]
    assert books.status_of(batch) == "exported"


def test_R112_after_the_keys_life_only_the_parts_that_are_missing_are_sent(books, sandbox):
    run_id = books.plan(timesheet(books)).run_ids[0]
    request = db.session.scalars(sa.select(ExportRequest)).one()
    first = encode({"ManualJournals": decode(request.body)["ManualJournals"][:1]})
    with transaction():  # a worker died while Xero worked on this call, which applied part 1
        db.session.execute(
            sa.update(ExportRequest).values(
                state=RequestState.SENDING,
                first_sent_at=utc_now() - dt.timedelta(minutes=20),
                sent_at=utc_now() - dt.timedelta(minutes=20),
                attempts=1,
            )
        )
        db.session.execute(sa.update(ExportItem).values(state=ItemState.SENDING))
    post(books, first, "another-key")
    sandbox.control("DELETE", "requests")

    assert finish(books, run_id).counts["sent"] == 1
    assert [call["documents"] for call in sandbox.calls("PUT")] == [2]
    assert narrations(sandbox) == ALL


def post(books, body, key):
    connection = db.session.get(XeroConnection, books.connection_id)
    books.deps.xero.client(connection).send_frozen("PUT", "ManualJournals", body, key)
    db.session.remove()


def test_R112_a_journal_that_lost_its_url_is_found_by_its_narration(books, sandbox):
    run_id = books.plan(timesheet(books, lines=1)).run_ids[0]
    request = db.session.scalars(sa.select(ExportRequest)).one()
    body = decode(request.body)
    del body["ManualJournals"][0]["Url"]
    sandbox.fault("drop_before", times=None, method="PUT")
    books.work(run_id, clock=later(-30))
    sandbox.no_faults()
    post(books, encode(body), "another-key")

    assert finish(books, run_id).counts["sent"] == 1
    assert len(posted(sandbox)) == 1


def test_R89_a_journal_found_as_a_draft_after_a_lost_answer_is_told_not_to_be_posted(
    books, sandbox
):
    run_id = books.plan(timesheet(books, lines=1)).run_ids[0]
    request = db.session.scalars(sa.select(ExportRequest)).one()
    body = decode(request.body)
    body["ManualJournals"][0]["Status"] = "DRAFT"
    sandbox.fault("drop_before", times=None, method="PUT")
    books.work(run_id, clock=later(-30))
    sandbox.no_faults()
    post(books, encode(body), "another-key")

    run = finish(books, run_id)

    assert [one.status for one in posted(sandbox)] == ["DRAFT"]
    assert [problem["code"] for problem in run.problems] == ["not-posted"]


def test_R115_of_a_journal_partly_in_xero_the_preview_adds_up_what_is_left(books, sandbox):
    batch = timesheet(books)
    run_id = books.plan(batch).run_ids[0]
    spoil(run_id, position=1)
    books.work(run_id)

    found = preflight(batch_ids=[batch], public_url="http://localhost:5000")

    assert [one.total for one in found.totals] == [Decimal("2.00")]


def test_R90_the_value_of_a_batch_in_parts_is_the_value_in_xero(books, sandbox):
    values = [Decimal(cents) / 100 for cents in range(1, 40)]
    lines = [line(str(value)) for value in values]
    books.export(enter(books, BatchType.PLANT_ISSUE, journal("P-1", *lines)))

    debited = [amount for one in posted(sandbox) for account, amount in one.lines if amount > 0]
    assert sum(debited) == sum(values)


def test_R115_the_parts_of_a_journal_are_told_apart_in_the_results(books):
    run_id = books.plan(timesheet(books)).run_ids[0]
    books.work(run_id)

    rows = list(all_documents(run_id, Asked()))

    assert [row.label for row in rows] == [f"TS-1, part {part}" for part in (1, 2, 3)]
    assert len({row.xero.xero_id for row in rows}) == 3
