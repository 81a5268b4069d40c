import io
from contextvars import Context

import pytest
import sqlalchemy as sa
from entering import documents, logged, made_firm, texts
from factories import make_document
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from webapp.db import db
from webapp.domain.attachments import LARGEST
from webapp.domain.documents import DocumentStatus
from webapp.models import Attachment


@pytest.fixture
def document(house, people):
    firm = made_firm(house)
    return make_document(
        firm.batch(), company=firm.supplier, number="F-1", status=DocumentStatus.ENTERED
    )


def confirmed(browser, address: str):
    page = browser.open(address)
    return browser.send(address, {"mark": page.select_one("main [name=mark]")["value"]})


def upload(browser, document, name: str, content: bytes):
    return send_file(browser, f"/documents/{document.uid}/attachments", name, content)


def send_file(browser, address: str, name: str, content: bytes):
    file = FileStorage(io.BytesIO(content), filename=name)
    boundary, body = encode_multipart({"csrf_token": browser.token(), "file": file})
    return Context().run(
        browser.client.post,
        address,
        data=body,
        content_type=f"multipart/form-data; boundary={boundary}",
    )


def files() -> list[tuple[str, int]]:
    db.session.rollback()
    rows = sa.select(Attachment.file_name, Attachment.size).order_by(Attachment.file_name)
    return [tuple(row) for row in db.session.execute(rows)]


def test_a_document_is_approved_and_its_approval_taken_back(bob, document, people):
    here = f"/documents/{document.uid}"
    assert confirmed(bob, f"{here}/approve").location == here
    (found,) = documents()
    assert (found.status, found.approved_by_id) == (DocumentStatus.APPROVED, people["Bob"].id)
    assert confirmed(bob, f"{here}/unapprove").location == here
    assert documents()[0].status is DocumentStatus.ENTERED
    assert [action for action, _ in logged()] == ["approve document", "take back approval"]


def test_a_document_is_deleted_only_after_it_was_asked_and_the_log_keeps_its_number(bob, document):
    number = document.batch.number
    address = f"/documents/{document.uid}/delete"
    assert "does not come back" in bob.open(address).text
    assert len(documents()) == 1
    assert confirmed(bob, address).location == f"/batches/{number}"
    assert documents() == []
    assert logged() == [("delete document", {"document": "AP Invoice F-1", "batch": number})]
    bob.open(address, status=404)


def test_what_changed_since_it_was_asked_is_not_decided(bob, document):
    for what in ("approve", "delete"):
        address = f"/documents/{document.uid}/{what}"
        mark = bob.open(address).select_one("main [name=mark]")["value"]
        document.reference = f"changed before {what}"
        db.session.commit()
        assert bob.send(address, {"mark": mark}).location == f"/documents/{document.uid}"
        assert "was changed by somebody else" in bob.open(f"/documents/{document.uid}").text
    (found,) = documents()
    assert found.status is DocumentStatus.ENTERED


def test_an_approved_document_is_not_deleted(bob, document):
    confirmed(bob, f"/documents/{document.uid}/approve")
    confirmed(bob, f"/documents/{document.uid}/delete")
    assert "is approved, so it cannot be deleted" in bob.open(f"/documents/{document.uid}").text
    assert len(documents()) == 1


def test_a_file_is_attached_fetched_and_removed(bob, rita, document):
    here = f"/documents/{document.uid}"
    content = b"%PDF" + b"x" * 3_000_000
    assert upload(bob, document, "invoice 1.pdf", content).status_code == 303
    assert files() == [("invoice 1.pdf", len(content))]
    link = rita.open(here).select_one("#files a")["href"]
    fetched = rita.get(link)
    assert fetched.data == content
    assert fetched.mimetype == "application/octet-stream"
    assert fetched.headers["Content-Disposition"].startswith("attachment")
    assert not rita.open(here).select("#files form")
    remove = bob.open(here).select_one('#files a[href$="/remove"]')["href"]
    assert "Remove invoice 1.pdf?" in bob.open(remove).text
    assert bob.send(remove).location == f"{here}#files"
    assert files() == []
    assert [action for action, _ in logged()] == ["attach file", "remove file"]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("run.exe", b"MZ", "Xero takes office documents"),
        ("empty.pdf", b"", "The file is empty."),
        ("huge.pdf", b"x" * (LARGEST + 1), "larger than 10 MB"),
        ("a<b.pdf", b"x", "A name has up to 100 characters"),
    ],
)
def test_a_file_xero_would_not_take_is_refused_in_words(bob, document, name, content, told):
    upload(bob, document, name, content)
    notices = texts(bob.open(f"/documents/{document.uid}"), "#notice p")
    assert any(told in notice for notice in notices), notices
    assert files() == []


def test_only_the_upload_of_a_file_may_be_large(bob, document):
    elsewhere = f"/documents/{document.uid}/approve"
    refused = send_file(bob, elsewhere, "a.pdf", b"x" * 2_000_000)
    assert refused.status_code == 413
    assert upload(bob, document, "huge.pdf", b"x" * (LARGEST + 200_000)).status_code == 413


def test_another_fin_co_s_documents_do_not_exist(charlie, document):
    here = f"/documents/{document.uid}"
    for address in (
        f"{here}/edit", f"{here}/approve", f"{here}/delete", f"{here}/attachments/a.pdf",
        f"/batches/{document.batch.number}/approve",
        f"/batches/{document.batch.number}/documents/new",
        f"/batches/{document.batch.number}/documents/suggest?kind=AP+Invoice&name=company",
    ):  # fmt: skip
        charlie.open(address, status=404)
    assert upload(charlie, document, "a.pdf", b"x").status_code == 404
    assert charlie.send(f"{here}/edit", {"number": "X"}).status_code == 404
