"""Asking Xero how one document stands there, and telling plainly what differs."""

import pytest
import sqlalchemy as sa

from webapp.db import db, utc_now
from webapp.domain.documents import DocumentKind
from webapp.models import AuditEvent, Document, XeroDocument
from webapp.services.asking_xero import ask_xero
from webapp.services.errors import NotAllowedNow


@pytest.fixture
def ask(deps, house):
    def asked(number: str):
        document_id = db.session.scalar(sa.select(Document.id).where(Document.number == number))
        return ask_xero(
            deps.xero,
            document_id=document_id,
            user_id=house.alice_id,
            source="127.0.0.1",
            now=utc_now(),
        )

    return asked


def status_kept() -> str | None:
    db.session.rollback()
    return db.session.scalar(sa.select(XeroDocument.status))


def told(says) -> dict[str, tuple[str, str]]:
    return {one.what: (one.in_xero, one.here) for one in says.differences}


def test_what_is_alike_is_told_as_such_with_one_call_and_its_status_kept(books, ask, sandbox):
    invoice = books.invoice("C-1")
    total = invoice["Total"]
    books_total = db.session.scalar(sa.select(Document.value_ex_gst + Document.gst))
    assert f"{total:.2f}" == f"{books_total:.2f}", "the two sides begin alike"
    sandbox.control("DELETE", "requests")
    says = ask("C-1")
    assert (says.status, says.total, says.amount_due) == ("AUTHORISED", books_total, books_total)
    assert says.differences == ()
    assert not says.is_gone
    assert len(sandbox.calls()) == 1
    assert status_kept() == "AUTHORISED"
    ask("C-1")
    events = db.session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "ask Xero")).all()
    assert [event.detail["status in Xero"] for event in events] == [[None, "AUTHORISED"]]


def test_a_payment_that_was_not_imported_shows_as_amount_due(books, ask, import_now):
    bill = books.bill("B-1")
    books.pay(bill, "150.00")
    says = ask("B-1")
    assert told(says) == {"Amount due": ("1,000.00", "1,150.00")}
    assert says.amount_paid == 150
    import_now()
    assert told(ask("B-1")) == {}


def test_totals_date_and_gst_that_differ_are_named_with_both(books, ask):
    there = books.in_xero("C-1", "1000.00")
    books.document("C-1", "999.99", "149.99", xero_id=there["InvoiceID"])
    assert told(ask("C-1")) == {
        "Total inc GST": ("1,150.00", "1,149.98"),
        "GST": ("150.00", "149.99"),
        "Amount due": ("1,150.00", "1,149.98"),
    }


def test_C6_7_what_was_voided_there_is_said(books, ask):
    bill = books.bill("B-1")
    path = f"Invoices/{bill['InvoiceID']}"
    books.ledger.call("POST", path, {"Status": "VOIDED"})
    says = ask("B-1")
    assert says.is_gone
    assert status_kept() == "VOIDED"


def test_what_is_not_there_is_refused_in_words(books, ask):
    books.document("B-9", kind=DocumentKind.AP_INVOICE)
    with pytest.raises(NotAllowedNow, match="AP Invoice B-9 is not in Harbour Civil Ltd"):
        ask("B-9")
    gone = "99999999-0000-4000-8000-000000000000"
    books.document("B-10", kind=DocumentKind.AP_INVOICE, xero_id=gone)
    with pytest.raises(NotAllowedNow, match="has no AP Invoice B-10 any more"):
        ask("B-10")
