"""What becomes of each payment of Xero (R51 to R63, Q20 to Q23)."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from webapp.domain.documents import DocumentKind
from webapp.domain.runs import ImportKind
from webapp.mapping.imports.outcome import Outcome
from webapp.mapping.imports.paid_documents import Documents, PaidDocument
from webapp.mapping.imports.payments import (
    ALL_OTHER_BILLS,
    KnownPayment,
    kind_of,
    payment_name,
    plan_payments,
)
from webapp.xero.records import Payment

RECEIPTS, PAYMENTS = ImportKind.JOB_RECEIPTS, ImportKind.PAYMENTS
INVOICE = PaidDocument(
    id=7,
    kind=DocumentKind.SALES_INVOICE,
    number="1043",
    currency_code="NZD",
    company_id=3,
    company_name="Ridgeway",
    exported=True,
)
BILL = replace(INVOICE, id=8, kind=DocumentKind.AP_INVOICE, number="B-77")
KNOWN_HERE = Documents(
    by_xero_id={"i-1": INVOICE, "b-1": BILL},
    by_number={"1043": [INVOICE], "B-77": [BILL]},
    companies={"c-1": 3},
)
PAID = Payment(
    payment_id="p-1",
    date=dt.date(2026, 11, 10),
    amount=Decimal("115.0000"),
    bank_amount=Decimal("115.00"),
    currency_rate=Decimal("1.000000"),
    payment_type="ACCRECPAYMENT",
    status="AUTHORISED",
    reference=" Remittance 8 ",
    is_reconciled=False,
    account_id="a-1",
    account_code="090",
    invoice_id="i-1",
    invoice_number="1043",
    invoice_type="ACCREC",
    contact_id="c-1",
    contact_name="Ridgeway",
    currency_code="NZD",
    batch_payment_id=None,
    updated_at=dt.datetime(2026, 11, 11, tzinfo=dt.UTC),
)
SPENT = replace(
    PAID,
    payment_type="ACCPAYPAYMENT",
    invoice_id="b-1",
    invoice_number="B-77",
    invoice_type="ACCPAY",
)
BY_NUMBER = replace(PAID, invoice_id="never-stored")
BILL_BY_NUMBER = replace(SPENT, invoice_id="never-stored")


def plan(payment, documents=KNOWN_HERE, former=None, base="NZD"):
    known = {} if former is None else {payment.payment_id: former}
    return plan_payments(kind_of(payment), [payment], documents, known, base)


def fields(payment, documents=KNOWN_HERE, base="NZD"):
    (change,) = plan(payment, documents, base=base).changes
    return change.fields


def rejected(payment, documents=KNOWN_HERE, former=None):
    made = plan(payment, documents, former)
    assert (made.changes, made.reversals, made.unchanged) == ([], [], [])
    (rejection,) = made.rejections
    return rejection.outcome, rejection.reason


def brought_in(payment=PAID, document=INVOICE, *, reversed_=False):
    return KnownPayment(1, document, fields(payment), reversed_)


def test_an_authorised_payment_is_kept_in_full():
    kept = fields(PAID)

    assert (kept.document_id, kept.payment_date) == (7, dt.date(2026, 11, 10))
    assert (kept.reference, kept.account_code) == ("Remittance 8", "090")
    assert (kept.amount, str(kept.amount)) == (Decimal("115.00"), "115.00")
    assert (kept.currency_code, kept.currency_rate) == ("NZD", None)


def test_the_same_payment_again_changes_nothing():
    former = brought_in()

    made = plan(PAID, former=former)

    assert made.unchanged == [(PAID, former)]
    assert (made.changes, made.reversals, made.rejections) == ([], [], [])


@pytest.mark.parametrize(
    "members",
    [
        {"amount": Decimal(10)},
        {"date": dt.date(2026, 11, 9)},
        {"reference": "Other"},
        {"account_code": "091"},
        {"batch_payment_id": "bp-1"},
    ],
)
def test_what_differs_from_what_was_kept_is_brought_in_step(members):
    former = brought_in()

    (change,) = plan(replace(PAID, **members), former=former).changes

    assert change.former is former


@pytest.mark.parametrize("status", ["DELETED", "VOIDED", "SOMETHINGNEW"])
def test_R52_what_is_not_authorised_and_was_never_brought_in_makes_nothing(status):
    outcome, reason = rejected(replace(PAID, status=status))

    assert outcome is Outcome.SKIPPED
    assert reason == (
        "deleted in Xero and never imported"
        if status == "DELETED"
        else f"{status} in Xero, not AUTHORISED"
    )


def test_R61_a_known_payment_that_was_deleted_is_reversed_once():
    gone = replace(PAID, status="DELETED")

    former = brought_in()
    assert plan(gone, former=former).reversals == [(gone, former)]

    once = brought_in(reversed_=True)
    assert plan(gone, former=once).unchanged == [(gone, once)]


def test_R61_a_deleted_payment_is_reversed_though_xero_names_its_invoice_no_more():
    gone = replace(PAID, status="DELETED", invoice_id=None, invoice_number="", contact_id=None)

    assert len(plan(gone, former=brought_in()).reversals) == 1


def test_R61_a_reversed_payment_that_is_authorised_again_counts_again():
    former = brought_in(reversed_=True)

    (change,) = plan(PAID, former=former).changes

    assert change.former is former


def test_R61_a_missing_status_takes_nothing_back():
    outcome, reason = rejected(replace(PAID, status=""), former=brought_in())

    assert outcome is Outcome.FAILED
    assert "left as it was" in reason


@pytest.mark.parametrize(
    ("payment_type", "reason"),
    [
        ("ARCREDITPAYMENT", "a refund of a credit note, which pays no invoice"),
        ("APCREDITPAYMENT", "a refund of a credit note, which pays no invoice"),
        ("ARPREPAYMENTPAYMENT", "a prepayment, which pays no invoice"),
        ("APPREPAYMENTPAYMENT", "a prepayment, which pays no invoice"),
        ("AROVERPAYMENTPAYMENT", "an overpayment, which pays no invoice"),
        ("APOVERPAYMENTPAYMENT", "an overpayment, which pays no invoice"),
        ("BRANDNEWPAYMENT", "of type BRANDNEWPAYMENT, which Workbench does not know"),
        ("", "Xero does not say what it pays"),
    ],
)
def test_Q22_other_types_are_ignored_and_listed(payment_type, reason):
    other = replace(PAID, payment_type=payment_type)

    assert rejected(other) == (Outcome.SKIPPED, reason)


@pytest.mark.parametrize(
    ("payment_type", "invoice_type", "kind"),
    [
        ("ACCRECPAYMENT", "", RECEIPTS),
        ("ACCPAYPAYMENT", "", PAYMENTS),
        ("ARPREPAYMENTPAYMENT", "", RECEIPTS),
        ("APOVERPAYMENTPAYMENT", "", PAYMENTS),
        ("BRANDNEW", "ACCPAY", PAYMENTS),
        ("BRANDNEW", "", RECEIPTS),
        ("", "", RECEIPTS),
    ],
)
def test_every_payment_counts_to_one_kind(payment_type, invoice_type, kind):
    payment = replace(PAID, payment_type=payment_type, invoice_type=invoice_type)

    assert kind_of(payment) is kind


def test_Q20_the_stored_id_comes_first_whatever_the_number_and_the_contact():
    renamed = replace(PAID, invoice_number="9", contact_id="c-9", contact_name="Merged Ltd")

    assert fields(renamed).document_id == 7


def test_Q20_the_number_is_the_fall_back():
    assert fields(BY_NUMBER).document_id == 7
    assert fields(replace(BY_NUMBER, invoice_number=" 1043 ")).document_id == 7


def test_R53_an_unknown_number_is_skipped_and_named():
    unknown = replace(BY_NUMBER, invoice_number="1044")

    assert rejected(unknown) == (Outcome.SKIPPED, "invoice 1044 is not ours")
    assert rejected(replace(unknown, invoice_number="")) == (
        Outcome.SKIPPED, "the invoice without a number is not ours",
    )  # fmt: skip


def test_R53_a_payment_without_invoice_or_contact_is_nobodys():
    bare = replace(
        PAID, invoice_id=None, invoice_number="", invoice_type="", contact_id=None, contact_name=""
    )

    assert rejected(bare) == (Outcome.SKIPPED, "the invoice without a number is not ours")


def test_a_number_of_the_other_side_is_not_taken():
    documents = replace(KNOWN_HERE, by_number={"1043": [replace(BILL, number="1043")]})

    assert rejected(BY_NUMBER, documents) == (Outcome.SKIPPED, "invoice 1043 is not ours")


def test_a_stored_id_of_the_other_side_is_told():
    outcome, reason = rejected(replace(PAID, invoice_id="b-1"))

    assert outcome is Outcome.FAILED
    assert reason == "invoice 1043 is kept as AP Invoice in Workbench: look at its link to Xero"


def test_an_invoice_of_another_client_is_told_with_both_names():
    documents = replace(KNOWN_HERE, companies={"c-1": 4})

    outcome, reason = rejected(replace(BY_NUMBER, contact_name="Harbour"), documents)

    assert outcome is Outcome.FAILED
    assert reason.startswith("invoice 1043 is Ridgeway's in Workbench and Harbour's in Xero")


def test_a_contact_nobody_knows_is_recognised_by_its_name():
    documents = replace(KNOWN_HERE, companies={})

    assert fields(replace(BY_NUMBER, contact_name=" RIDGEWAY "), documents).document_id == 7
    nobody = replace(BY_NUMBER, contact_id=None, contact_name="")
    assert rejected(nobody, documents)[0] is Outcome.FAILED


def test_where_two_documents_fit_neither_is_taken():
    documents = replace(KNOWN_HERE, by_number={"1043": [INVOICE, replace(INVOICE, id=9)]})

    outcome, reason = rejected(BY_NUMBER, documents)

    assert outcome is Outcome.FAILED
    assert "2 documents in Workbench have number 1043" in reason


def test_one_that_was_brought_in_stays_where_it_is_when_its_number_fits_two():
    documents = Documents(
        by_number={"1043": [INVOICE, replace(INVOICE, id=9)]}, companies={"c-1": 3}
    )

    assert len(plan(BY_NUMBER, documents, brought_in()).unchanged) == 1


def test_an_invoice_of_another_fin_co_is_left_to_it():
    documents = replace(KNOWN_HERE, of_others=frozenset({"never-stored"}))

    assert rejected(BY_NUMBER, documents) == (
        Outcome.SKIPPED, "invoice 1043 belongs to another FinCo",
    )  # fmt: skip


@pytest.mark.parametrize("number", ["B-77", "4711-B-77", "B-77-4711", " 4711-B-77 "])
def test_Q20_bills_of_former_times_carry_an_id_before_or_after_their_number(number):
    assert fields(replace(BILL_BY_NUMBER, invoice_number=number)).document_id == 8


def test_Q20_only_exported_bills_are_looked_for_behind_an_id():
    documents = replace(KNOWN_HERE, by_number={"B-77": [replace(BILL, exported=False)]})

    assert fields(BILL_BY_NUMBER, documents).document_id == 8
    decorated = replace(BILL_BY_NUMBER, invoice_number="4711-B-77")
    assert plan(decorated, documents).other_bills == 1


def test_Q20_the_whole_number_is_likelier_than_a_part_of_it():
    whole = replace(BILL, id=9, number="4711-B-77")
    documents = replace(KNOWN_HERE, by_number={"B-77": [BILL], "4711-B-77": [whole]})

    found = fields(replace(BILL_BY_NUMBER, invoice_number="4711-B-77"), documents)
    assert found.document_id == 9


def test_Q20_sales_numbers_never_carried_an_id():
    decorated = replace(BY_NUMBER, invoice_number="4711-1043")

    assert rejected(decorated) == (Outcome.SKIPPED, "invoice 4711-1043 is not ours")


@pytest.mark.parametrize("status", ["AUTHORISED", "DELETED"])
def test_R60_payments_of_other_bills_are_counted_and_nothing_else(status):
    other = replace(BILL_BY_NUMBER, invoice_number="POWER-11", status=status)

    made = plan(other)

    assert (made.other_bills, made.rejections, made.changes) == (1, [], [])
    assert ALL_OTHER_BILLS.record_key == "bills-not-from-workbench"


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ({"date": None}, "Xero gives no date of it"),
        ({"amount": None}, "Xero gives no amount of it"),
        ({"amount": Decimal(0)}, "its amount is 0.00, which pays nothing"),
        ({"amount": Decimal(-5)}, "its amount is -5.00, which pays nothing"),
        ({"amount": Decimal("1e13")}, "its amount is larger than Workbench can keep"),
        ({"bank_amount": Decimal("-1e20")}, "its amount is larger than Workbench can keep"),
        (
            {"currency_code": "USD"},
            "invoice 1043 is in USD in Xero and in NZD in Workbench: put one of them right",
        ),
    ],
)
def test_odd_payments_are_told_and_never_kept_by_half(members, reason):
    assert rejected(replace(PAID, **members)) == (Outcome.FAILED, reason)


def test_R63_a_foreign_payment_keeps_its_rate_the_way_round_xero_gives_it():
    documents = Documents(by_xero_id={"i-1": replace(INVOICE, currency_code="USD")})
    payment = replace(
        PAID, currency_code="USD", currency_rate=Decimal("0.6250004"), bank_amount=Decimal(184)
    )

    kept = fields(payment, documents)

    assert (kept.currency_code, kept.currency_rate) == ("USD", Decimal("0.62500040"))
    assert (kept.amount, kept.bank_amount) == (Decimal("115.00"), Decimal("184.00"))
    assert fields(replace(payment, currency_rate=None), documents).currency_rate is None
    assert fields(replace(payment, currency_rate=Decimal(0)), documents).currency_rate is None


def test_long_and_missing_texts_are_kept_as_far_as_there_is_room():
    kept = fields(replace(PAID, reference="x" * 300, account_code=""))

    assert (len(kept.reference), kept.account_code) == (255, None)
    assert fields(replace(PAID, reference="  ")).reference is None


def test_a_payment_is_named_by_what_people_know_it_by():
    assert payment_name(PAID) == "Payment of 115.00 NZD for invoice 1043, Ridgeway, 10 Nov 2026"
    assert payment_name(SPENT) == "Payment of 115.00 NZD for bill B-77, Ridgeway, 10 Nov 2026"
    bare = replace(
        PAID, amount=None, date=None, invoice_id=None, invoice_number="", contact_name=""
    )
    assert payment_name(bare) == "Payment"
    assert payment_name(replace(bare, amount=Decimal("1e30"))) == "Payment of 1E+30 NZD"


def test_a_failed_payment_says_since_when_it_is_to_come_again():
    (rejection,) = plan(replace(PAID, date=None)).rejections

    assert (rejection.xero_id, rejection.updated_at) == ("p-1", PAID.updated_at)
