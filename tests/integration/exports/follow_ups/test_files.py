"""Files follow their documents, each once, and never change what became of the document."""

import datetime as dt

import pytest
import sqlalchemy as sa

from webapp.db import db, transaction, utc_now
from webapp.domain.attachments import LARGEST
from webapp.domain.documents import DocumentKind
from webapp.models import Document, ExportRun, XeroDocument
from webapp.services.errors import NotAllowedNow
from webapp.services.exports.follow_ups.plan import plan_follow_ups

BATCHED_AS = {DocumentKind.SUB_CLAIM: DocumentKind.AP_INVOICE}
"""Whose batches are of a type of another name here."""


def later(minutes: int):
    return lambda: utc_now() + dt.timedelta(minutes=minutes)


def test_R107_with_the_box_unticked_no_file_goes(office):
    office.export(office.batch("docket.pdf"))

    assert office.rows() == []
    assert office.files() == [[]]


@pytest.mark.parametrize(
    "kind", [DocumentKind.AP_INVOICE, DocumentKind.AP_CREDIT, DocumentKind.SUB_CLAIM]
)
def test_R107_each_file_of_an_ap_document_goes_once(office, kind):
    office.tick(ap=True)
    sign = "-" if kind is DocumentKind.AP_CREDIT else ""
    batch_id = office.books.batch(f"{sign}100.00", kind=BATCHED_AS.get(kind, kind))
    with transaction():
        db.session.scalars(sa.select(Document)).one().kind = kind
    for name in ("docket.pdf", "photo of the slab.jpg"):
        office.attach(batch_id, name)

    office.export(batch_id)
    office.work()

    assert office.files() == [["docket.pdf", "photo of the slab.jpg"]]
    assert len(office.uploads()) == 2
    assert office.states() == ["sent", "sent"]
    assert office.queue().finished_at is not None


def test_R107_a_document_that_went_before_the_box_was_ticked_gets_no_files_later(office):
    batch_id = office.batch("docket.pdf")
    office.export(batch_id)
    office.tick(ap=True)

    office.work()

    assert office.files() == [[]]


def test_R107_a_file_whose_box_is_unticked_before_it_went_stays_and_can_go_later(office):
    office.tick(ap=True)
    (run_id,) = office.books.plan(office.batch("docket.pdf")).run_ids
    office.books.work(run_id)
    office.tick(ap=False)
    office.work()
    (problem,) = office.problems()
    assert problem["code"] == "not-ticked"
    assert office.files() == [[]]

    office.tick(ap=True)
    office.again(run_id)
    office.work()

    assert office.files() == [["docket.pdf"]]


def link_document(link):
    return db.session.get_one(Document, link.document_id)


def test_journals_carry_no_files_whatever_is_ticked(office):
    batch_id = office.batch("working.xlsx")
    office.export(batch_id)
    office.tick(ap=True, ar=True)
    with transaction():
        link = db.session.scalars(sa.select(XeroDocument)).one()
        link_document(link).kind = DocumentKind.JOURNAL
        plan_follow_ups(db.session.scalars(sa.select(ExportRun.id)).one(), [link], utc_now())

    assert office.rows() == []


def test_names_that_differ_in_capitals_alone_do_not_replace_each_other(office):
    office.tick(ap=True)

    office.export(office.batch("Docket.pdf", "docket.PDF"))

    assert office.files() == [["Docket.pdf", "docket-2.PDF"]]


def test_a_name_in_any_language_arrives_as_it_is(office):
    office.tick(ap=True)
    name = "Ngāti Whātua & Söhne (50%) #3.pdf"

    office.export(office.batch(name))

    assert office.files() == [[name]]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("plan.pdf", b"x" * (LARGEST + 1), "file-too-large"),
        ("setup.exe", b"MZ", "file-type"),
        ("empty.pdf", b"", "file-empty"),
        ("what?.pdf", b"%PDF", "file-name"),
    ],
)
def test_R109_a_file_xero_would_not_take_is_named_costs_no_call_and_stops_nothing_else(
    office, name, content, code
):
    office.tick(ap=True)
    batch_id = office.batch()
    office.attach(batch_id, name, content)
    office.attach(batch_id, "docket.pdf")

    run_id = office.export(batch_id)

    assert office.states() == ["failed", "sent"]
    (problem,) = office.problems()
    assert problem["code"] == code
    assert name in problem["message"]
    assert problem["way_out"]
    assert len(office.uploads()) == 1
    assert office.books.items(run_id)[0].state.value == "sent"
    assert office.books.status_of(batch_id) == "exported"


def test_R109_ten_files_go_and_those_beyond_are_told(office):
    office.tick(ap=True)
    batch_id = office.batch(*[f"{number}.pdf" for number in range(12)])

    office.export(batch_id)

    assert office.states() == ["sent"] * 10 + ["failed"] * 2
    assert [problem["code"] for problem in office.problems()] == ["too-many-files"] * 2
    assert len(office.files()[0]) == 10
    assert office.books.status_of(batch_id) == "exported"


def test_R109_a_refused_file_stands_with_xeros_words_and_goes_again_alone(office, sandbox):
    office.tick(ap=True)
    batch_id = office.batch("docket.pdf", "photo.jpg")
    (run_id,) = office.books.plan(batch_id).run_ids
    office.books.work(run_id)
    link = db.session.scalars(sa.select(XeroDocument)).one()
    client = office.deps.xero.client(office.connection())
    # Somebody fills the record in Xero by hand, but for one place.
    for number in range(9):
        client.on("Invoices", link.xero_id).attach(
            f"{number}.txt", b"x", "text/plain", f"by hand {number}"
        )
    office.work()
    assert office.states() == ["sent", "failed"]
    (problem,) = office.problems()
    assert "at most 10 attachments" in problem["verbatim"]
    assert problem["request_id"]
    assert "photo.jpg" in problem["message"]
    assert office.books.status_of(batch_id) == "exported"
    sandbox.control("DELETE", "requests")

    assert office.again(run_id, office.rows()[1].id) == 1
    office.work()

    assert len(office.uploads()) == 1
    assert office.states() == ["sent", "failed"]


def test_R109_one_document_that_is_gone_in_xero_does_not_stop_the_files_of_another(office, sandbox):
    office.tick(ap=True)
    first, second = office.batch("a.pdf"), office.batch("b.pdf")
    (run_id,) = office.books.plan(first, second).run_ids
    office.books.work(run_id)
    gone = "00000000-0000-4000-8000-00000000dead"
    with transaction():
        office.rows()[0].xero_id = gone

    office.work()

    assert office.states() == ["failed", "sent"]
    (problem,) = office.problems()
    assert "no such document any more" in problem["message"]


def test_only_what_failed_can_be_sent_again(office):
    office.tick(ap=True)
    run_id = office.export(office.batch("docket.pdf"))

    with pytest.raises(NotAllowedNow):
        office.again(run_id)


def test_the_file_of_another_under_the_same_name_is_never_replaced(office):
    office.tick(ap=True)
    (run_id,) = office.books.plan(office.batch("docket.pdf")).run_ids
    office.books.work(run_id)
    link = db.session.scalars(sa.select(XeroDocument)).one()
    client = office.deps.xero.client(office.connection())
    theirs = b"a better scan by the bookkeeper"
    client.on("Invoices", link.xero_id).attach("DOCKET.pdf", theirs, "application/pdf", "by hand")

    office.work(clock=later(120))

    assert [problem["code"] for problem in office.problems()] == ["name-taken"]
    ((file,),) = office.on_records("Attachments")
    assert (file.file_name, file.size) == ("DOCKET.pdf", len(theirs))


def test_what_was_attached_when_the_document_went_is_sent_and_nothing_else(office):
    office.tick(ap=True)
    batch_id = office.batch("docket.pdf", "gone.pdf")
    (run_id,) = office.books.plan(batch_id).run_ids
    office.books.work(run_id)
    with transaction():
        db.session.delete(office.rows()[1].attachment)

    office.work()

    assert office.states() == ["sent", "failed"]
    assert [problem["code"] for problem in office.problems()] == ["file-gone"]
