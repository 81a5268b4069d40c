"""The note in Xero's history: once, in plain words, and of no matter to the document."""

import datetime as dt

import pytest
import sqlalchemy as sa

from webapp.db import db, transaction, utc_now
from webapp.models import Batch, Document, ExportRun, User


def later(minutes: int):
    return lambda: utc_now() + dt.timedelta(minutes=minutes)


def test_C12_3_without_the_setting_nothing_is_written_into_the_history(office):
    office.export(office.batch())

    assert office.notes() == [[]]


def test_C12_3_a_note_says_what_was_sent_of_which_batch_by_whom_with_a_link_back(office, house):
    office.tick(notes=True)
    (run_id,) = office.books.plan(office.batch()).run_ids
    with transaction():
        db.session.get(ExportRun, run_id).started_by = db.session.get(User, house.alice_id)
    office.books.work(run_id)
    office.work()
    office.work()

    ((note,),) = office.notes()
    document = db.session.scalars(sa.select(Document)).one()
    batch = db.session.scalars(sa.select(Batch)).one()
    assert batch.number in note
    assert document.number in note
    assert "by Alice" in note
    assert note.endswith(f"http://localhost:5000/documents/{document.uid}")
    assert "xero" not in note.lower()


def test_C12_3_a_note_whose_setting_was_taken_back_before_it_went_stays(office):
    office.tick(notes=True)
    (run_id,) = office.books.plan(office.batch()).run_ids
    office.books.work(run_id)
    office.tick(notes=False)

    office.work()

    assert office.notes() == [[]]
    assert [problem["code"] for problem in office.problems()] == ["not-ticked"]


def test_C12_3_credit_notes_have_a_history_too(office):
    office.tick(notes=True)
    batch_id = office.books.batch("-10.00")

    office.export(batch_id)

    assert [len(notes) for notes in office.notes()] == [1]


@pytest.mark.parametrize("kind", ["drop_after", "drop_before", "500_after"])
@pytest.mark.parametrize("minutes", [1, 30])
def test_C12_3_a_note_whose_answer_was_lost_is_there_once(office, sandbox, kind, minutes):
    office.tick(notes=True)
    (run_id,) = office.books.plan(office.batch()).run_ids
    office.books.work(run_id)
    sandbox.fault(kind, times=1, method="PUT")
    office.work()
    assert office.states() == ["uncertain"]

    office.work(clock=later(minutes))

    assert office.states() == ["sent"]
    assert [len(notes) for notes in office.notes()] == [1]


def test_C12_3_a_note_that_fails_changes_nothing_about_its_document(office, sandbox):
    office.tick(notes=True)
    batch_id = office.batch()
    (run_id,) = office.books.plan(batch_id).run_ids
    office.books.work(run_id)
    with transaction():
        office.rows()[0].xero_id = "00000000-0000-4000-8000-00000000dead"

    office.work()

    assert office.states() == ["failed"]
    assert office.books.items(run_id)[0].state.value == "sent"
    assert office.books.status_of(batch_id) == "exported"


def test_C12_2_a_bill_links_back_and_a_note_does_where_xero_keeps_no_address(office, sandbox):
    """Credit notes have no Url at Xero: there the note alone leads back."""
    office.tick(notes=True)
    bill, credit = office.batch(), office.books.batch("-10.00")
    office.export(bill, credit)
    client = office.deps.xero.client(office.connection())

    (found,) = client.invoices_by_number(
        [db.session.scalar(sa.select(Document.number).filter_by(batch_id=bill))]
    )

    uid = db.session.scalar(sa.select(Document.uid).filter_by(batch_id=bill))
    assert found.url.endswith(f"/documents/{uid}")
    assert "xero" not in found.url.lower()
    credited = db.session.scalar(sa.select(Document.uid).filter_by(batch_id=credit))
    assert any(note.endswith(credited) for notes in office.notes() for note in notes)
