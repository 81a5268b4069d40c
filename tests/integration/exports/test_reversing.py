"""Adjustments that are reversed in the next period once they are exported (workbench 8.7)."""

import datetime as dt
from decimal import Decimal

import pytest
import sqlalchemy as sa

from tests.integration.exports.journal_batches import (
    ONE_SIDED,
    add_codes,
    december,
    enter,
    journal,
    line,
    posted,
)
from webapp.db import db, utc_now
from webapp.domain.batches import BatchStatus, BatchType
from webapp.domain.documents import DocumentStatus
from webapp.models import Batch, Document, DocumentLine, Period
from webapp.services.exports import reverse_missing


@pytest.fixture(autouse=True)
def _codes(books):
    add_codes(books)


def adjustment(books, *, reversing=True):
    lines = (line("75.00", "WIP", quantity=Decimal(3)), line("-75.00", "CONC"))
    return enter(books, ONE_SIDED, journal("A-1", *lines), reversing=reversing)


def reversals(batch_id):
    db.session.expire_all()
    return list(db.session.scalars(sa.select(Batch).where(Batch.source_batch_id == batch_id)))


def test_8_7_an_exported_reversing_batch_gets_one_closed_batch_of_the_opposite_signs(
    books, sandbox
):
    december()
    batch = adjustment(books)

    books.export(batch)

    (reversal,) = reversals(batch)
    source = db.session.get(Batch, batch)
    assert reversal.batch_type is BatchType.ADJUSTMENT
    assert reversal.number == f"A274{int(source.number[-4:]) + 1:04}"
    assert reversal.status is BatchStatus.CLOSED
    assert (reversal.period.number, reversal.batch_date) == (9, dt.date(2026, 12, 1))
    assert reversal.reference == f"Reversal of {source.number}"
    assert (reversal.fin_co_id, reversal.location_id) == (source.fin_co_id, source.location_id)
    assert not reversal.reversing
    (document,) = db.session.scalars(sa.select(Document).where(Document.batch_id == reversal.id))
    assert document.status is DocumentStatus.APPROVED
    assert document.document_date == dt.date(2026, 12, 1)
    assert [one.value_ex_gst for one in document.lines] == [Decimal(-75), Decimal(75)]
    assert [one.quantity for one in document.lines] == [Decimal(-3), None]


def test_8_7_a_person_exports_the_reversal_and_the_ledger_is_as_before(books, sandbox):
    december()
    batch = adjustment(books)
    books.export(batch)
    # Whatever the codes say by now, what was posted is what is taken back.
    books.use_account("WIP", "412")
    (reversal_id,) = [one.id for one in reversals(batch)]
    assert len(posted(sandbox)) == 1

    books.export(reversal_id)

    first, second = posted(sandbox)
    assert [(account, -amount) for account, amount in first.lines] == second.lines
    assert "Reversal of" in second.narration
    assert books.status_of(reversal_id) == "exported"
    assert reversals(reversal_id) == []


def test_a_batch_that_is_not_marked_or_did_not_go_is_not_reversed(books, sandbox):
    december()
    plain = adjustment(books, reversing=False)
    books.export(plain)
    sandbox.control("PATCH", f"organisations/{sandbox.tenant()}", {"archive_account": "625"})
    refused = adjustment(books)
    books.export(refused)

    assert books.status_of(refused) == "closed"
    assert reversals(plain) == reversals(refused) == []


def test_a_reversal_that_cannot_be_numbered_yet_keeps_no_export_from_ending(books):
    december()
    batch = adjustment(books)
    source = db.session.get(Batch, batch)
    # Another location has the same prefix, as loaded ones without any have.
    members = ("batch_type", "fin_co_id", "location_id", "period_id", "batch_date")
    taken = Batch(
        number=f"A274{int(source.number[-4:]) + 1:04}",
        created_at=utc_now(),
        **{member: getattr(source, member) for member in members},
    )
    db.session.add(taken)
    db.session.commit()
    taken_id = taken.id

    run = books.export(batch)

    assert run.finished
    assert books.status_of(batch) == "exported"
    reverse_missing(utc_now())
    assert reversals(batch) == []
    db.session.delete(db.session.get(Batch, taken_id))
    db.session.commit()
    reverse_missing(utc_now())
    assert len(reversals(batch)) == 1


def test_a_reversal_goes_to_the_next_period_that_takes_adjustments(books):
    december()
    db.session.scalars(sa.select(Period).where(Period.number == 9)).one().adjustment_closed = True
    db.session.add(
        Period(
            year=2027,
            number=10,
            start_date=dt.date(2027, 1, 1),
            end_date=dt.date(2027, 1, 31),
        )
    )
    db.session.commit()
    batch = adjustment(books)

    books.export(batch)

    (reversal,) = reversals(batch)
    assert reversal.period.number == 10


def test_a_reversal_waits_for_its_period_and_is_made_once(books):
    batch = adjustment(books)
    books.export(batch)
    assert books.status_of(batch) == "exported"
    assert reversals(batch) == []

    reverse_missing(utc_now())
    assert reversals(batch) == []
    december()
    for _ in range(3):
        reverse_missing(utc_now())

    assert len(reversals(batch)) == 1
    lines = db.session.scalars(sa.select(DocumentLine.value_ex_gst)).all()
    assert sum(lines) == 0
    assert len(lines) == 4


def test_a_batch_cannot_have_two_reversals_whoever_asks(books):
    december()
    batch = adjustment(books)
    books.export(batch)
    (reversal,) = reversals(batch)
    twin = {
        column.name: getattr(reversal, column.name)
        for column in Batch.__table__.columns
        if column.name not in {"id", "number"}
    }

    with pytest.raises(sa.exc.IntegrityError):
        db.session.execute(sa.insert(Batch).values(**twin, number="A2749999"))
    db.session.rollback()
