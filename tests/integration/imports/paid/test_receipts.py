"""Money received on job sales invoices (R12, R51 to R57)."""

import datetime as dt
from decimal import Decimal

import pytest

from webapp.db import db
from webapp.domain.documents import DocumentKind
from webapp.domain.runs import ImportKind, KindState
from webapp.models import FinCo, XeroSettings

RECEIPTS = ImportKind.JOB_RECEIPTS


def counts(kind):
    return {name: kind[name] for name in ("created", "updated", "unchanged", "skipped", "failed")}


def test_R51_an_authorised_payment_makes_a_receipt_on_the_invoice_it_pays(books, bring_in):
    invoice = books.invoice("1043")
    payment_id = books.pay(invoice, "500.00", Reference="Remittance 8")

    report = bring_in()

    assert report.kinds[RECEIPTS].state is KindState.DONE
    assert counts(report.kinds[RECEIPTS]) == {
        "created": 1, "updated": 0, "unchanged": 0, "skipped": 0, "failed": 0,
    }  # fmt: skip
    (receipt,) = books.receipts()
    assert receipt.payment_id == payment_id
    assert receipt.document.number == "1043"
    assert books.payments() == []


def test_R51_the_number_finds_an_invoice_whose_id_was_never_stored(books, bring_in):
    document_id = books.document("1043")
    books.pay(books.in_xero("1043"), "500.00")

    bring_in()

    assert [receipt.document_id for receipt in books.receipts()] == [document_id]


def test_R51_the_stored_id_is_stronger_than_the_number(books, bring_in):
    renamed = books.in_xero("2001")
    document_id = books.document("1043", xero_id=renamed["InvoiceID"])
    books.document("2001")
    books.pay(renamed, "500.00")

    bring_in()

    assert [receipt.document_id for receipt in books.receipts()] == [document_id]


def test_R51_a_contract_claim_is_paid_like_any_sales_invoice(books, bring_in):
    claim = books.invoice("C7", kind=DocumentKind.CONTRACT_CLAIM)
    books.pay(claim, "500.00")

    bring_in()

    assert [receipt.document.number for receipt in books.receipts()] == ["C7"]


def test_R52_a_payment_deleted_before_the_first_import_makes_nothing(books, bring_in):
    payment_id = books.pay(books.invoice("1043"), "500.00")
    books.remove(payment_id)

    report = bring_in()

    assert books.receipts() == []
    assert counts(report.kinds[RECEIPTS])["skipped"] == 1
    assert books.reasons() == {payment_id: "deleted in Xero and never imported"}


def test_R53_a_payment_of_an_unknown_invoice_is_skipped_and_named(books, bring_in):
    payment_id = books.pay(books.in_xero("1043"), "500.00")

    report = bring_in()

    assert books.receipts() == []
    assert report.kinds[RECEIPTS].problems == [
        (
            "skipped",
            "Payment of 500.00 NZD for invoice 1043, Ridgeway, 10 Nov 2026",
            "invoice 1043 is not ours",
        )
    ]
    assert payment_id in books.reasons()


def test_R53_the_reason_goes_once_the_invoice_is_known(books, bring_in):
    books.pay(books.in_xero("1043"), "500.00")
    bring_in()
    books.document("1043")

    bring_in(full=True)

    assert len(books.receipts()) == 1
    assert books.reasons() == {}


def test_R53_an_invoice_of_another_client_is_not_taken_for_its_number(books, bring_in):
    books.document("1043", company="Harbour Homes")
    payment_id = books.pay(books.in_xero("1043", company="Ridgeway"), "500.00")
    books.company("Ridgeway")

    report = bring_in()

    assert books.receipts() == []
    assert report.kinds[RECEIPTS]["failed"] == 1
    assert books.reasons()[payment_id] == (
        "invoice 1043 is Harbour Homes's in Workbench and Ridgeway's in Xero: put one of them right"
    )


def test_R53_of_two_invoices_with_the_number_neither_is_taken(books, bring_in):
    books.document("1043")
    books.document("1043")
    payment_id = books.pay(books.in_xero("1043"), "500.00")

    bring_in()

    assert books.receipts() == []
    assert books.reasons()[payment_id].startswith("2 documents in Workbench have number 1043")


def test_R53_a_bill_with_the_number_is_not_taken_for_the_invoice(books, bring_in):
    books.document("1043", kind=DocumentKind.AP_INVOICE)
    payment_id = books.pay(books.in_xero("1043"), "500.00")

    bring_in()

    assert books.receipts() == []
    assert books.reasons()[payment_id] == "invoice 1043 is not ours"


def test_R53_an_invoice_of_another_fin_co_stays_that_fin_cos(books, house, bring_in):
    invoice = books.in_xero("1043")
    other = house.other_fin_co_id
    books.document("1043", xero_id=invoice["InvoiceID"], fin_co_id=other, company="Other")
    books.document("1043")
    payment_id = books.pay(invoice, "500.00")

    bring_in()

    assert books.receipts() == []
    assert books.reasons()[payment_id] == "invoice 1043 belongs to another FinCo"


def test_a_contact_that_was_never_imported_is_known_by_its_name(books, bring_in):
    document_id = books.document("1043", company_is_linked=False)
    books.pay(books.in_xero("1043"), "500.00")

    bring_in()

    assert [receipt.document_id for receipt in books.receipts()] == [document_id]


def test_an_invoice_in_another_currency_in_xero_is_named(books, bring_in):
    invoice = books.in_xero("1043", CurrencyCode="USD", CurrencyRate="0.6")
    books.document("1043", xero_id=invoice["InvoiceID"], currency="NZD")
    payment_id = books.pay(invoice, "500.00")

    bring_in()

    assert books.receipts() == []
    assert books.reasons()[payment_id] == (
        "invoice 1043 is in USD in Xero and in NZD in Workbench: put one of them right"
    )


def test_R54_part_receipts_add_up_and_the_balance_goes_down(books, bring_in):
    invoice = books.invoice("1043")
    for amount in ("100.00", "200.00", "300.00"):
        books.pay(invoice, amount)

    bring_in()

    assert sum(receipt.amount for receipt in books.receipts()) == Decimal("600.00")
    assert books.reasons() == {}


def test_R54_more_than_the_balance_is_accepted_with_a_warning_that_names_it(books, bring_in):
    invoice = books.in_xero("1043", "2000.00")
    books.document("1043", "1000.00", "150.00", xero_id=invoice["InvoiceID"])
    books.pay(invoice, "1000.00", date="2026-11-02")
    over = books.pay(invoice, "200.00", date="2026-11-03")

    report = bring_in()

    assert counts(report.kinds[RECEIPTS]) == {
        "created": 2, "updated": 0, "unchanged": 0, "skipped": 0, "failed": 0,
    }  # fmt: skip
    reason = (
        "brought in, but with it invoice 1043 is over-paid by 50.00 NZD: "
        "see whether it belongs there"
    )
    name = "Payment of 200.00 NZD for invoice 1043, 03 Nov 2026"
    assert report.kinds[RECEIPTS].problems == [("warning", name, reason)]
    assert sum(receipt.gst for receipt in books.receipts()) == Decimal("150.00")

    books.remove(over)
    bring_in()

    assert books.reasons() == {}


def test_R54_C7_4_the_warning_stands_as_long_as_the_invoice_is_over_paid(books, bring_in):
    invoice = books.in_xero("1043", "2000.00")
    books.document("1043", xero_id=invoice["InvoiceID"])
    books.pay(invoice, "1200.00")
    bring_in()

    report = bring_in(full=True)

    assert counts(report.kinds[RECEIPTS])["unchanged"] == 1
    assert [outcome for outcome, *_ in report.kinds[RECEIPTS].problems] == ["warning"]


def test_R55_a_receipt_keeps_number_date_reference_and_its_three_amounts(books, bring_in):
    invoice = books.invoice("1043")
    books.pay(invoice, "500.00", date="2026-11-12", Reference="Remittance 9")
    books.pay(invoice, "115.00", date="2026-11-11", Reference="Remittance 8")

    bring_in()

    first, second = books.receipts()
    assert (first.number, first.payment_date) == (1, dt.date(2026, 11, 11))
    assert (second.number, second.payment_date) == (2, dt.date(2026, 11, 12))
    assert second.reference == "Remittance 9"
    assert (second.amount, second.gst) == (Decimal("500.00"), Decimal("65.22"))
    assert second.amount - second.gst == Decimal("434.78")
    assert (second.account_code, second.currency_code) == ("090", "NZD")


def test_R56_example_8_3_the_last_receipt_takes_the_remainder(books, bring_in):
    invoice = books.invoice("1043", "1000.00", "150.00")
    books.pay(invoice, "500.00", date="2026-11-02")
    bring_in()
    books.pay(invoice, "650.00", date="2026-11-09")
    bring_in()

    first, last = books.receipts()
    assert (first.gst, first.amount - first.gst) == (Decimal("65.22"), Decimal("434.78"))
    assert (last.gst, last.amount - last.gst) == (Decimal("84.78"), Decimal("565.22"))


def test_R56_the_order_in_which_receipts_come_does_not_matter(books, bring_in):
    amounts = {"2026-11-02": "33.33", "2026-11-03": "33.33", "2026-11-04": "48.34"}
    for number, order in (("1", [0, 1, 2]), ("2", [2, 0, 1]), ("3", [1, 2, 0])):
        invoice = books.invoice(number, "100.00", "15.00")
        for place in order:
            date = sorted(amounts)[place]
            books.pay(invoice, amounts[date], date=date)
            bring_in()

    splits = {}
    for receipt in books.receipts():
        split = splits.setdefault(receipt.document.number, {})
        split[receipt.payment_date] = receipt.gst

    assert sum(splits["1"].values()) == Decimal("15.00")
    assert splits["1"] == splits["2"] == splits["3"]


def test_R56_reversing_a_receipt_leaves_the_others_and_a_later_one_makes_it_up(books, bring_in):
    invoice = books.invoice("1043", "100.00", "15.00")
    gone = books.pay(invoice, "38.33", date="2026-11-02")
    books.pay(invoice, "38.33", date="2026-11-03")
    books.pay(invoice, "38.34", date="2026-11-04")
    bring_in()
    before = {receipt.payment_id: receipt.gst for receipt in books.receipts()}

    books.remove(gone)
    bring_in()
    after = {one.payment_id: one.gst for one in books.receipts() if not one.reversed_at}
    assert after == {key: gst for key, gst in before.items() if key != gone}

    books.pay(invoice, "38.33", date="2026-11-05")
    bring_in()
    standing = [one.gst for one in books.receipts() if not one.reversed_at]
    assert sum(standing) == Decimal("15.00")


def test_R57_receipts_land_in_a_system_batch_of_their_day_and_its_period(
    books, bring_in, receipt_batches
):
    invoice = books.invoice("1043")
    for amount, date in (("1.00", "2026-09-15"), ("2.00", "2026-11-10"), ("3.00", "2026-11-10")):
        books.pay(invoice, amount, date=date)

    bring_in()

    past, present = receipt_batches()
    assert (past.batch_date, past.period.number) == (dt.date(2026, 9, 15), 6)
    assert (present.batch_date, present.period.number) == (dt.date(2026, 11, 10), 8)
    for batch in (past, present):
        assert (batch.is_system, batch.not_for_export) == (True, True)
        assert batch.status.value == "closed"
        assert (batch.fin_co_id, batch.location_id) == (books.fin_co_id, books.location_id)
    assert [past.number, present.number] == ["A2770001", "A2770002"]
    assert {receipt.batch_id for receipt in books.receipts()} == {past.id, present.id}


def test_R57_a_later_import_finds_the_batch_of_the_day(books, bring_in, receipt_batches):
    invoice = books.invoice("1043")
    books.pay(invoice, "1.00")
    bring_in()
    books.pay(invoice, "2.00")

    bring_in()

    assert len(receipt_batches()) == 1


def test_R57_without_a_default_location_receipts_fail_with_a_way_out_and_payments_go_on(
    books, house, bring_in
):
    books.pay(books.invoice("1043"), "500.00")
    books.pay(books.bill("B1"), "500.00")
    fin_co = db.session.get_one(FinCo, house.fin_co_id)
    location_id, fin_co.default_location_id = fin_co.default_location_id, None
    db.session.commit()

    report = bring_in()

    assert books.receipts() == []
    assert report.kinds[RECEIPTS]["failed"] == 1
    (reason,) = books.reasons().values()
    assert reason == (
        "FinCo 01 has no Default Location, so its receipts have no batch. "
        "Set the Default Location in Financial Companies, then import again."
    )
    assert len(books.payments()) == 1

    db.session.get_one(FinCo, house.fin_co_id).default_location_id = location_id
    db.session.commit()
    bring_in()

    assert len(books.receipts()) == 1
    assert books.reasons() == {}


def test_R12_an_unticked_job_receipts_brings_in_no_receipt_and_payments_all_the_same(
    books, house, start, carry_on, report
):
    books.pay(books.invoice("1043"), "500.00")
    books.pay(books.bill("B1"), "500.00")
    db.session.get_one(XeroSettings, house.fin_co_id).sync_job_receipts = False
    db.session.commit()

    run_id = start()
    carry_on(run_id)

    assert RECEIPTS not in report(run_id).kinds
    assert books.receipts() == []
    assert len(books.payments()) == 1


@pytest.mark.parametrize("full", [False, True])
def test_a_second_import_changes_nothing_and_says_so(books, bring_in, full):
    invoice = books.invoice("1043")
    for amount in ("100.00", "200.00"):
        books.pay(invoice, amount)
    books.remove(books.pay(invoice, "50.00"))
    bring_in()
    before = [(one.id, one.number, one.gst, one.batch_id) for one in books.receipts()]

    report = bring_in(full=full)

    kind = report.kinds[RECEIPTS]
    assert (kind["created"], kind["updated"], kind["failed"]) == (0, 0, 0)
    assert [(one.id, one.number, one.gst, one.batch_id) for one in books.receipts()] == before
