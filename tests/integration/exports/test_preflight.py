"""A preflight says what an export would do, and does none of it."""

from decimal import Decimal

import pytest
import sqlalchemy as sa

from webapp.db import Base, db, transaction, utc_now
from webapp.domain.batches import BatchStatus
from webapp.domain.documents import DocumentKind
from webapp.domain.runs import ItemState, RunState
from webapp.models import Batch, DocumentLine, ExportRequest, FinCo
from webapp.services import connections, exports
from webapp.services.batches import set_not_for_export

PUBLIC_URL = "http://localhost:5000"


def preflight(*batch_ids: int) -> exports.Preflight:
    found = exports.preflight(batch_ids=batch_ids, public_url=PUBLIC_URL)
    db.session.commit()  # whatever it left pending would be kept now
    return found


def everything() -> dict[str, list[tuple]]:
    """Every row of every table."""
    with db.engine.connect() as connection:
        return {
            table.name: sorted(map(tuple, connection.execute(sa.select(table))), key=repr)
            for table in Base.metadata.sorted_tables
        }


def refusal(batch_id: int) -> str:
    found = preflight(batch_id)
    [batch] = found.batches
    assert (batch.documents, batch.totals, found.requests) == ((), (), 0)
    return batch.refused.code


def test_a_good_batch_would_go_whole(books):
    found = preflight(books.batch("10.00", "20.00"))

    [batch] = found.batches
    assert batch.refused is None
    assert [(one.sent, one.total) for one in batch.documents] == [
        (True, Decimal("11.50")),
        (True, Decimal("23.00")),
    ]
    [total] = batch.totals
    assert (total.currency, total.documents, total.total) == ("NZD", 2, Decimal("34.50"))
    assert found.requests == 1


def test_what_would_be_held_back_is_named_at_its_line_with_a_way_out(books):
    batch_id = books.batch("10.00", activity="BLANK", gst_type="NEW", due_date=None)

    [batch] = preflight(batch_id).batches

    [document] = batch.documents
    assert not document.sent
    assert [(one.code, one.line) for one in document.problems] == [
        ("no-due-date", None),
        ("no-gl-account", 1),
        ("no-export-code", 1),
    ]
    assert all(one.message and one.way_out for one in document.problems)
    assert all(document.number in one.record for one in document.problems)
    assert batch.totals == ()
    assert preflight(batch_id).requests == 0


def test_nothing_is_written_and_xero_is_not_called(books, sandbox):
    batch_ids = [books.batch("10.00", "20.00"), books.batch("5.00", activity="BLANK")]
    # A line that a derived account would show on.
    assert set(db.session.scalars(sa.select(DocumentLine.gl_account))) == {None}
    db.session.commit()
    before = everything()

    found = preflight(*batch_ids)

    assert [len(batch.documents) for batch in found.batches] == [2, 1]
    assert everything() == before
    assert sandbox.calls() == []
    assert sandbox.identity_calls() == []


def test_what_it_says_is_what_the_export_then_does(books):
    batch_ids = [
        books.batch("-7.00", kind=DocumentKind.AP_CREDIT),
        *(books.batch(*["10.00"] * 30, "0.05") for _ in range(2)),
        books.batch("1.00", "2.00", activity="BLANK"),
    ]

    found = preflight(*batch_ids)
    (run_id,) = books.plan(*batch_ids).run_ids

    items = books.items(run_id)
    assert [
        (
            batch.batch_id,
            document.document,
            document.total,
            [p.to_json() for p in document.problems],
        )
        for batch in found.batches
        for document in batch.documents
    ] == [(item.batch_id, item.document.uid, item.total, item.problems) for item in items]
    assert {one.document for batch in found.batches for one in batch.documents if not one.sent} == {
        item.document.uid for item in items if item.state is ItemState.BLOCKED
    }
    frozen = sa.select(sa.func.count()).where(ExportRequest.run_id == run_id)
    assert found.requests == db.session.scalar(frozen) == 3
    assert books.work(run_id).state is RunState.COMPLETED_WITH_ERRORS
    sent = [item for item in books.items(run_id) if item.state is ItemState.SENT]
    assert sum(item.total for item in sent) == sum(
        total.total for batch in found.batches for total in batch.totals
    )


def test_only_what_is_not_in_xero_yet_is_told(books):
    batch_id = books.batch("10.00", "20.00")
    with transaction():
        line = db.session.scalars(sa.select(DocumentLine).order_by(DocumentLine.id)).first()
        line.activity_id = books.codes["BLANK"]
    books.export(batch_id)
    books.use_account("BLANK", "310")

    [batch] = preflight(batch_id).batches

    assert [(one.sent, one.total) for one in batch.documents] == [(True, Decimal("11.50"))]


def test_a_batch_that_is_not_closed_is_refused(books):
    assert refusal(books.batch("10.00", closed=False)) == "not-closed"


def test_a_batch_marked_not_for_export_is_refused_in_those_words(books):
    batch_id = books.batch("10.00", closed=False)
    set_not_for_export(batch_id, marked=True)

    assert refusal(batch_id) == "not-closed"
    assert "Not For Export" in preflight(batch_id).batches[0].refused.message


def test_a_batch_that_is_being_exported_is_refused(books):
    batch_id = books.batch("10.00")
    books.plan(batch_id)

    assert refusal(batch_id) == "being-exported"
    assert db.session.get_one(Batch, batch_id).status is BatchStatus.EXPORTING


def test_an_exported_batch_is_refused(books):
    batch_id = books.batch("10.00")
    books.export(batch_id)

    assert refusal(batch_id) == "already-exported"


def test_without_a_connection_a_batch_is_refused(books):
    batch_id = books.batch("10.00")
    connections.disconnect(books.deps.xero, fin_co_id=books.fin_co_id, now=utc_now())

    assert refusal(batch_id) == "not-connected"


@pytest.mark.parametrize("closed", [True, False])
def test_a_refused_batch_is_refused_by_the_export_in_the_same_words(books, closed):
    batch_id = books.batch("10.00", closed=closed)
    if closed:
        books.plan(batch_id)

    [batch] = preflight(batch_id).batches

    assert books.plan(batch_id).refused == (batch.refused,)


def test_a_refused_batch_does_not_hide_the_others(books, house):
    good, refused = books.batch("10.00"), books.batch("10.00", closed=False)
    other = books.batch("10.00")
    db.session.get_one(Batch, other).fin_co = db.session.get_one(FinCo, house.other_fin_co_id)
    db.session.commit()

    found = preflight(other, refused, good)

    told = {batch.batch_id: batch.refused and batch.refused.code for batch in found.batches}
    assert told == {good: None, refused: "not-closed", other: "not-connected"}
    assert found.requests == 1
