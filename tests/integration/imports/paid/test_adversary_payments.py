"""Odd turns of payments that must neither be lost nor counted wrongly."""

from decimal import Decimal

import sqlalchemy as sa

from tests.integration.imports.paid.test_odd_payments import BILL, paid, xero
from webapp.db import db
from webapp.domain.documents import DocumentKind
from webapp.domain.runs import ImportKind, KindState
from webapp.models import Document, ImportProblem

__all__ = ["xero"]

RECEIPTS, PAYMENTS = ImportKind.JOB_RECEIPTS, ImportKind.PAYMENTS


def problems() -> list[tuple[ImportKind, str]]:
    db.session.expire_all()
    return [
        (one.kind, one.reason)
        for one in db.session.scalars(sa.select(ImportProblem).order_by(ImportProblem.id))
    ]


def spent(number: int, **members):
    bill = {"InvoiceID": BILL, "InvoiceNumber": "B-77", "Type": "ACCPAY"}
    return paid(number, PaymentType="ACCPAYPAYMENT", **{"Invoice": bill, **members})


def test_the_line_of_an_unreadable_payment_goes_once_it_can_be_read(xero, books, bring_in):
    xero.pages("Payments", [spent(1, Amount="ten"), paid(2)])
    bring_in()
    assert len(problems()) == 1
    xero.pages("Payments", [spent(1)])

    bring_in()

    assert [payment.amount for payment in books.payments()] == [Decimal(10)]
    assert problems() == []


def test_the_line_of_a_failed_payment_goes_once_its_bill_is_known_not_to_be_ours(
    xero, books, bring_in
):
    document_id = books.document("B-78", kind=DocumentKind.AP_INVOICE)
    other = {"InvoiceID": "53" + "0" * 34, "InvoiceNumber": "B-78", "CurrencyCode": "USD"}
    other["Contact"] = {"ContactID": books.contact("Ridgeway"), "Name": "Ridgeway"}
    xero.pages("Payments", [spent(1, Invoice=other)])
    bring_in()
    assert "is in USD in Xero and in NZD in Workbench" in problems()[0][1]
    db.session.get_one(Document, document_id).number = "B-79"
    db.session.commit()

    bring_in()

    assert [reason for _, reason in problems()] == [
        "Workbench keeps the payments of its own bills only. This line stands for all others."
    ]


def test_a_deleted_payment_is_taken_back_though_its_type_is_gone(xero, books, bring_in):
    xero.pages("Payments", [paid(1)])
    bring_in()
    xero.pages("Payments", [paid(1, Status="DELETED", PaymentType=None)])

    bring_in()

    (receipt,) = books.receipts()
    assert receipt.reversed_at is not None


def test_a_rate_too_small_to_keep_is_none_rather_than_nothing(xero, books, bring_in):
    books.document("U-1", xero_id="54" + "0" * 34, currency="USD")
    foreign = {"InvoiceID": "54" + "0" * 34, "InvoiceNumber": "U-1", "CurrencyCode": "USD"}
    xero.pages("Payments", [paid(1, Invoice=foreign, CurrencyRate="0.000000001")])

    bring_in()

    (receipt,) = books.receipts()
    assert (receipt.amount, receipt.currency_rate) == (Decimal(10), None)


def test_what_a_page_that_was_not_stored_would_have_brought_is_not_counted(xero, books, bring_in):
    xero.pages("Payments", [paid(1)], [paid(2, Reference="breaks")], size=1)
    sa.event.listen(db.engine, "before_cursor_execute", _break)
    try:
        told = bring_in().kinds[RECEIPTS]
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", _break)

    assert told.state is KindState.FAILED
    assert (told["fetched"], told["created"]) == (1, 1)
    assert len(books.receipts()) == 1


def _break(_conn, _cursor, statement, parameters, *_rest):
    if "INSERT INTO job_receipts" in statement and "breaks" in str(parameters):
        raise RuntimeError("the page cannot be stored")
