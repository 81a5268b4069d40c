import datetime as dt
from decimal import Decimal

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import NoResultFound

from webapp.db import db
from webapp.domain.attachments import LARGEST
from webapp.domain.batches import BatchType
from webapp.domain.documents import DocumentKind, DocumentStatus
from webapp.models import Attachment, AttachmentContent, AuditEvent, Document, DocumentLine, Period
from webapp.queries.api.attachments import attachments, content
from webapp.services import documents
from webapp.services.audit import Trail
from webapp.services.batches import close_batch
from webapp.services.documents import Refused
from webapp.services.errors import NotAllowedNow, NotFound

NOW = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)


@pytest.fixture
def uid(clerk) -> str:
    return clerk.batch(clerk.document("A-1", clerk.line(), clerk.line())).document_uids[0]


def approve(uid):
    documents.approve(uid, user_id=None, now=NOW)


def test_an_edited_document_is_what_was_given_under_its_old_mark(clerk, uid):
    before = clerk.stored(uid).id

    documents.edit_document(uid, clerk.document("A-9", clerk.line("7.00"), reference="PO 5"))

    after = clerk.stored(uid)
    assert (after.id, after.number, after.reference) == (before, "A-9", "PO 5")
    assert (after.value_ex_gst, after.gst) == (Decimal("7.00"), Decimal("1.05"))
    assert [line.value_ex_gst for line in after.lines] == [Decimal("7.00")]
    assert clerk.count(DocumentLine) == 1


def test_a_document_keeps_its_own_number_when_it_is_edited_but_gets_no_other_s(clerk, uid):
    clerk.batch(clerk.document("A-2"))

    documents.edit_document(uid, clerk.document("A-1"))
    with pytest.raises(Refused) as refused:
        documents.edit_document(uid, clerk.document("A-2"))

    assert [(one.path, one.problem.code) for one in refused.value.findings] == [
        (("number",), "number-in-use")
    ]


def test_C14_2_what_is_done_and_who_did_it_are_stored_together_or_not_at_all(clerk, uid):
    nobody = Trail(999_999, "test", NOW)
    with pytest.raises(NoResultFound):
        documents.approve(uid, user_id=None, now=NOW, trail=nobody)
    assert clerk.stored(uid).status is DocumentStatus.ENTERED
    documents.approve(uid, user_id=None, now=NOW, trail=Trail(clerk.user_id, "test", NOW))
    event = db.session.scalars(sa.select(AuditEvent)).one()
    assert (event.action, event.detail["document"]) == ("approve document", "AP Invoice A-1")


def test_a_refused_edit_changes_nothing(clerk, uid):
    with pytest.raises(Refused):
        documents.edit_document(uid, clerk.document("A-1", clerk.line("7.00"), clerk.line(job="X")))

    assert clerk.stored(uid).value_ex_gst == Decimal("200.00")
    assert clerk.count(DocumentLine) == 2


@pytest.mark.parametrize("what", ["edit", "delete"])
def test_an_approved_document_is_neither_edited_nor_deleted(clerk, uid, what):
    approve(uid)

    acts = {
        "edit": lambda: documents.edit_document(uid, clerk.document("A-1")),
        "delete": lambda: documents.delete_document(uid),
    }
    with pytest.raises(NotAllowedNow, match="is approved"):
        acts[what]()

    documents.unapprove(uid, user_id=None, now=NOW)
    documents.edit_document(uid, clerk.document("A-1"))
    documents.delete_document(uid)
    assert clerk.count(Document) == 0


def test_approval_says_who_and_when_and_is_taken_back_without_a_trace_of_it(clerk, uid):
    documents.approve(uid, user_id=clerk.user_id, now=NOW)
    approved = clerk.stored(uid)
    assert (approved.status, approved.approved_by_id, approved.approved_at) == (
        DocumentStatus.APPROVED,
        clerk.user_id,
        NOW,
    )

    documents.approve(uid, user_id=None, now=NOW + dt.timedelta(days=1))
    assert clerk.stored(uid).approved_at == NOW

    documents.unapprove(uid, user_id=None, now=NOW)
    entered = clerk.stored(uid)
    assert (entered.status, entered.approved_by_id, entered.approved_at) == (
        DocumentStatus.ENTERED,
        None,
        None,
    )


@pytest.mark.parametrize("what", ["edit", "delete", "unapprove", "attach"])
@pytest.mark.parametrize("shut", ["batch", "period"])
def test_R78_a_document_of_a_closed_batch_or_period_stays_as_it_is(clerk, uid, what, shut):
    if shut == "batch":
        approve(uid)
        close_batch(clerk.stored(uid).batch_id, user_id=None, now=NOW)
    else:
        db.session.execute(sa.update(Period).values(ap_closed=True))
        db.session.commit()
    before = clerk.stored(uid).status

    acts = {
        "edit": lambda: documents.edit_document(uid, clerk.document("A-1")),
        "delete": lambda: documents.delete_document(uid),
        "unapprove": lambda: documents.unapprove(uid, user_id=None, now=NOW),
        "attach": lambda: documents.attach(uid, "scan.pdf", b"%PDF", now=NOW),
    }
    with pytest.raises(NotAllowedNow, match="closed"):
        acts[what]()
    assert clerk.stored(uid).status is before
    assert clerk.count(Attachment) == 0


def test_an_invoice_that_a_credit_is_for_is_not_deleted(clerk, uid):
    credit = clerk.document(
        "C-1", clerk.line("-10.00"), kind=DocumentKind.AP_CREDIT, applies_to="A-1"
    )
    clerk.batch(credit, kind=BatchType.AP_CREDIT)

    with pytest.raises(NotAllowedNow, match="AP Credit C-1"):
        documents.delete_document(uid)


def test_what_is_not_there_is_not_found(clerk):
    with pytest.raises(NotFound):
        documents.delete_document("nothing")
    with pytest.raises(NotFound):
        approve("nothing")


def test_a_file_is_kept_byte_for_byte_and_goes_with_its_document(clerk, uid):
    scan = bytes(range(256)) * 50
    assert documents.attach(uid, "scan.PDF", scan, now=NOW)

    document = clerk.stored(uid)
    [listed] = attachments(document.id)
    assert (listed.file_name, listed.media_type, listed.size) == (
        "scan.PDF",
        "application/pdf",
        len(scan),
    )
    assert content(document.id, "scan.PDF") == scan

    documents.delete_document(uid)
    assert (clerk.count(Attachment), clerk.count(AttachmentContent)) == (0, 0)


def test_a_file_of_the_same_name_is_replaced(clerk, uid):
    documents.attach(uid, "scan.pdf", b"old", now=NOW)

    assert not documents.attach(uid, "scan.pdf", b"new", now=NOW)

    assert content(clerk.stored(uid).id, "scan.pdf") == b"new"
    assert clerk.count(AttachmentContent) == 1


def test_a_file_is_taken_off(clerk, uid):
    documents.attach(uid, "scan.pdf", b"%PDF", now=NOW)
    documents.detach(uid, "scan.pdf")

    assert clerk.count(Attachment) == 0
    with pytest.raises(NotFound):
        documents.detach(uid, "scan.pdf")


def test_the_eleventh_file_is_refused(clerk, uid):
    for number in range(10):
        documents.attach(uid, f"{number}.pdf", b"%PDF", now=NOW)

    with pytest.raises(NotAllowedNow, match="10 files"):
        documents.attach(uid, "11.pdf", b"%PDF", now=NOW)
    documents.attach(uid, "3.pdf", b"again", now=NOW)
    assert clerk.count(Attachment) == 10


@pytest.mark.parametrize(
    ("name", "bytes_", "code"),
    [
        ("run.exe", b"MZ", "file-type"),
        ("noending", b"x", "file-type"),
        (".pdf", b"x", "file-type"),
        ("a/b.pdf", b"x", "file-name"),
        ("a+b.pdf", b"x", "file-name"),
        ("a\x00.pdf", b"x", "file-name"),
        (f"{'a' * 97}.pdf", b"x", "file-name"),
        ("a.pdf", b"", "file-empty"),
        ("a.pdf", bytes(LARGEST + 1), "file-too-large"),
    ],
)
def test_a_file_xero_would_not_take_is_refused(clerk, uid, name, bytes_, code):
    with pytest.raises(Refused) as refused:
        documents.attach(uid, name, bytes_, now=NOW)

    assert [one.problem.code for one in refused.value.findings] == [code]
    assert clerk.count(Attachment) == 0
