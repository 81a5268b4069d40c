"""Money spent on AP invoices and subcontract claims (R13, R58 to R63), and what is taken back."""

import datetime as dt
from decimal import Decimal

import pytest

from webapp.db import db
from webapp.domain.documents import DocumentKind, DocumentStatus
from webapp.domain.runs import ImportKind
from webapp.models import XeroSettings

PAYMENTS = ImportKind.PAYMENTS
RECEIPTS = ImportKind.JOB_RECEIPTS
OTHER_BILLS = "Payments of bills that are not from Workbench"


def test_R58_payments_of_an_ap_invoice_give_its_total_the_last_and_its_date(books, bring_in):
    bill = books.bill("B1")
    books.pay(bill, "100.00", date="2026-11-02")
    books.pay(bill, "50.00", date="2026-11-20", Reference="Final")

    report = bring_in()

    assert report.kinds[PAYMENTS]["created"] == 2
    paid = sorted(books.payments(), key=lambda one: one.payment_date)
    assert {one.document.number for one in paid} == {"B1"}
    assert sum(one.amount for one in paid) == Decimal("150.00")
    assert (paid[-1].amount, paid[-1].payment_date) == (Decimal("50.00"), dt.date(2026, 11, 20))
    assert paid[-1].reference == "Final"
    assert books.receipts() == []


def test_R59_a_payment_of_a_sub_claim_keeps_the_account_it_was_paid_from(books, bring_in):
    claim = books.bill("SC-4", kind=DocumentKind.SUB_CLAIM)
    books.pay(claim, "100.00")

    bring_in()

    (payment,) = books.payments()
    assert payment.document.kind is DocumentKind.SUB_CLAIM
    assert payment.account_code == "090"


def test_R60_payments_of_other_bills_are_counted_and_stand_in_one_line(books, bring_in):
    for number in ("H1", "H2", "H3"):
        books.pay(books.in_xero(number, bill=True), "10.00")
    books.remove(books.pay(books.in_xero("H4", bill=True), "10.00"))

    report = bring_in()

    assert books.payments() == []
    assert report.kinds[PAYMENTS]["skipped"] == 4
    assert [name for _, name, _ in report.kinds[PAYMENTS].problems] == [OTHER_BILLS]


def test_R60_a_bill_of_another_supplier_with_our_number_is_not_ours(books, bring_in):
    books.document("B1", kind=DocumentKind.AP_INVOICE, company="Harbour Homes")
    books.pay(books.in_xero("B1", bill=True, company="Ridgeway"), "10.00")

    report = bring_in()

    assert books.payments() == []
    assert (report.kinds[PAYMENTS]["skipped"], report.kinds[PAYMENTS]["failed"]) == (1, 0)


@pytest.mark.parametrize("in_xero", ["B-77", "4711-B-77", "B-77-4711"])
def test_R60_a_bill_of_former_times_is_known_by_its_number_with_or_without_the_id(
    books, bring_in, in_xero
):
    document_id = books.document("B-77", kind=DocumentKind.AP_INVOICE)
    books.pay(books.in_xero(in_xero, bill=True), "10.00")

    bring_in()

    assert [payment.document_id for payment in books.payments()] == [document_id]


def test_R60_a_number_with_an_id_is_not_guessed_at_for_a_bill_never_exported(books, bring_in):
    books.document("B-77", kind=DocumentKind.AP_INVOICE, status=DocumentStatus.APPROVED)
    books.pay(books.in_xero("B-77-2", bill=True), "10.00")

    bring_in()

    assert books.payments() == []


def test_R61_C7_4_a_payment_deleted_in_xero_is_reversed_and_counts_no_more(books, bring_in):
    bill, invoice = books.bill("B1"), books.invoice("1043")
    paid, received = books.pay(bill, "100.00"), books.pay(invoice, "100.00")
    bring_in()

    books.remove(paid)
    books.remove(received)
    report = bring_in()

    assert [report.kinds[kind]["updated"] for kind in (PAYMENTS, RECEIPTS)] == [1, 1]
    assert all(one.reversed_at for one in (*books.payments(), *books.receipts()))

    again = bring_in(full=True)

    assert [again.kinds[kind]["updated"] for kind in (PAYMENTS, RECEIPTS)] == [0, 0]
    assert [again.kinds[kind]["unchanged"] for kind in (PAYMENTS, RECEIPTS)] == [1, 1]


def test_R61_a_payment_that_stands_again_counts_again(books, bring_in):
    invoice = books.invoice("1043")
    books.pay(invoice, "100.00")
    bring_in()
    (receipt,) = books.receipts()
    receipt.reversed_at = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
    db.session.commit()

    report = bring_in(full=True)

    (receipt,) = books.receipts()
    assert (receipt.reversed_at, receipt.number) == (None, 1)
    assert receipt.gst == Decimal("13.04")
    assert report.kinds[RECEIPTS]["updated"] == 1


def test_R62_a_bank_batch_paying_three_bills_gives_a_payment_for_each(books, bring_in):
    bills = [books.bill(number) for number in ("B1", "B2", "B3")]
    made = books.ledger.call(
        "PUT",
        "BatchPayments",
        {
            "BatchPayments": [
                {
                    "Account": {"Code": "090"},
                    "Date": "2026-11-10",
                    "Payments": [
                        {"Invoice": {"InvoiceID": bill["InvoiceID"]}, "Amount": "10.00"}
                        for bill in bills
                    ],
                }
            ]
        },
    )

    bring_in()

    assert {one.document.number: one.amount for one in books.payments()} == {
        number: Decimal("10.00") for number in ("B1", "B2", "B3")
    }
    batch_id = made["BatchPayments"][0]["BatchPaymentID"]
    assert {one.batch_payment_id for one in books.payments()} == {batch_id}

    books.ledger.call("POST", f"BatchPayments/{batch_id}", {"Status": "DELETED"})
    bring_in()

    assert all(one.reversed_at for one in books.payments())


def test_R63_a_payment_in_foreign_currency_keeps_amount_rate_and_bank_amount(books, bring_in):
    bill = books.in_xero("B1", bill=True, CurrencyCode="USD", CurrencyRate="0.600000")
    books.document(
        "B1", kind=DocumentKind.AP_INVOICE, xero_id=bill["InvoiceID"], currency="USD", rate="0.6"
    )
    books.pay(bill, "100.00", CurrencyRate="0.625000")

    bring_in()

    (payment,) = books.payments()
    assert (payment.amount, payment.currency_code) == (Decimal("100.00"), "USD")
    assert payment.currency_rate == Decimal("0.625")
    assert payment.bank_amount == Decimal("160.00") == payment.amount / payment.currency_rate


def test_R63_a_payment_in_the_base_currency_has_no_rate(books, bring_in):
    books.pay(books.bill("B1"), "100.00")

    bring_in()

    (payment,) = books.payments()
    assert (payment.currency_rate, payment.bank_amount) == (None, Decimal("100.00"))


def test_R13_an_unticked_payments_brings_in_no_payment_and_receipts_all_the_same(
    books, house, start, carry_on, report
):
    books.pay(books.invoice("1043"), "500.00")
    books.pay(books.bill("B1"), "500.00")
    db.session.get_one(XeroSettings, house.fin_co_id).sync_payments = False
    db.session.commit()

    run_id = start()
    carry_on(run_id)

    assert PAYMENTS not in report(run_id).kinds
    assert books.payments() == []
    assert len(books.receipts()) == 1


def test_example_8_10(books, bring_in, sandbox):
    """The payment set of the worked examples, in one organisation."""
    invoice = books.invoice("1043")
    received = books.pay(invoice, "100.00")
    books.remove(books.pay(invoice, "1.00"))
    books.pay(books.in_xero("HAND-1", bill=True), "10.00")
    note = books.ledger.call(
        "PUT",
        "CreditNotes",
        {
            "CreditNotes": [
                {
                    "Type": "ACCRECCREDIT",
                    "Contact": {"ContactID": books.contact("Ridgeway")},
                    "Date": "2026-10-01",
                    "Status": "AUTHORISED",
                    "LineItems": [
                        {
                            "Description": "Credit",
                            "Quantity": 1,
                            "UnitAmount": 10,
                            "AccountCode": "200",
                        }
                    ],
                }
            ]
        },
    )["CreditNotes"][0]
    refund = {
        "CreditNote": {"CreditNoteID": note["CreditNoteID"]},
        "Account": {"Code": "090"},
        "Date": "2026-11-10",
        "Amount": "5.00",
    }
    refund_id = books.ledger.call("PUT", "Payments", {"Payments": [refund]})["Payments"][0][
        "PaymentID"
    ]

    first = bring_in()

    assert [one.payment_id for one in books.receipts()] == [received]
    assert books.payments() == []
    assert first.kinds[RECEIPTS]["skipped"] == 2
    assert books.reasons()[refund_id] == "a refund of a credit note, which pays no invoice"

    again = bring_in(full=True)

    assert (again.kinds[RECEIPTS]["created"], again.kinds[RECEIPTS]["updated"]) == (0, 0)
    assert again.kinds[RECEIPTS]["unchanged"] == 1

    books.remove(received)
    last = bring_in()

    assert last.kinds[RECEIPTS]["updated"] == 1
    assert books.receipts()[0].reversed_at is not None


def test_trap_26_a_deleted_payment_that_stays_in_the_list_is_taken_back_once(books, bring_in):
    bill = books.bill("B1")
    payment_id = books.pay(bill, "100.00")
    bring_in()
    books.remove(payment_id)
    bring_in()
    (payment,) = books.payments()
    reversed_at = payment.reversed_at

    bring_in(full=True)

    assert books.payments()[0].reversed_at == reversed_at is not None


def test_both_kinds_are_one_pass_over_the_payments(books, bring_in, sandbox):
    books.pay(books.invoice("1043"), "100.00")
    books.pay(books.bill("B1"), "100.00")
    sandbox.control("DELETE", "requests")

    report = bring_in()

    assert len(sandbox.calls("GET", "Payments")) == 1
    assert [report.kinds[kind]["fetched"] for kind in (RECEIPTS, PAYMENTS)] == [1, 1]
