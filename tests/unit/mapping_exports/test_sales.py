from dataclasses import replace
from decimal import Decimal

import pytest

from tests.golden.subledger import document, sale
from webapp.domain.documents import DocumentKind
from webapp.mapping.exports.against import head_warnings
from webapp.mapping.exports.registry import CARRIED_TYPES, MAPPINGS
from webapp.mapping.exports.sales import receivable
from webapp.xero.encoding import encode

SALES = (DocumentKind.SALES_INVOICE, DocumentKind.CONTRACT_CLAIM)


@pytest.mark.parametrize("kind", SALES)
def test_R85_a_sales_invoice_goes_out_authorised_under_our_own_number(kind):
    payload = receivable(document(kind, sale("100.00")))
    assert payload.collection == "Invoices"
    assert payload.total == Decimal("115.00")
    assert payload.body == {
        "Type": "ACCREC",
        "InvoiceNumber": "7001",
        "Reference": "1001",
        "Contact": {"ContactID": "5f0f6c4e-0000-4000-8000-000000000001"},
        "Date": "2026-11-20",
        "DueDate": "2026-12-20",
        "LineAmountTypes": "Exclusive",
        "Status": "AUTHORISED",
        "CurrencyCode": "NZD",
        "Url": "https://workbench.example/documents/7001",
        "LineItems": [
            {
                "Description": "Progress to date",
                "Quantity": 1,
                "UnitAmount": Decimal("100.00"),
                "AccountCode": "200",
                "TaxType": "OUTPUT2",
                "Tracking": [
                    {"Name": "Department", "Option": "Head Office"},
                    {"Name": "Job", "Option": "1001"},
                ],
            }
        ],
    }


def test_R86_a_sales_credit_goes_out_positive_as_a_credit_note():
    credit = document(DocumentKind.SALES_CREDIT, sale("-80.00"))
    payload = receivable(credit)
    assert payload.collection == "CreditNotes"
    assert (payload.body["Type"], payload.body["Status"]) == ("ACCRECCREDIT", "AUTHORISED")
    assert payload.body["CreditNoteNumber"] == "7001"
    assert payload.body["Reference"] == "1001"
    assert payload.body["LineItems"][0]["UnitAmount"] == Decimal("80.00")
    assert payload.total == Decimal("92.00")
    assert {"InvoiceNumber", "Url"}.isdisjoint(payload.body)


def test_R86_a_credit_above_zero_is_never_turned_into_an_invoice():
    payload = receivable(document(DocumentKind.SALES_CREDIT, sale("80.00")))
    assert (payload.collection, payload.body["Type"]) == ("CreditNotes", "ACCRECCREDIT")
    assert payload.total == Decimal("-92.00")


def test_Q8_a_claim_below_zero_becomes_a_credit_note_of_the_same_number():
    payload = receivable(document(DocumentKind.CONTRACT_CLAIM, sale("-800.00")))
    assert payload.body["Type"] == "ACCRECCREDIT"
    assert payload.body["CreditNoteNumber"] == "7001"
    assert payload.total == Decimal("920.00")


def test_R105_retention_is_a_negative_line_on_its_own_account_without_tracking():
    held = sale("-500.00", account_code="628", tags=())
    body = receivable(document(DocumentKind.CONTRACT_CLAIM, sale("10000.00"), held)).body
    work, retention = body["LineItems"]
    assert "Tracking" in work
    assert retention["UnitAmount"] == Decimal("-500.00")
    assert retention["AccountCode"] == "628"
    assert "Tracking" not in retention


def test_R106_a_foreign_sale_names_its_currency_and_a_rate_of_six_places():
    foreign = document(
        DocumentKind.SALES_INVOICE,
        sale("1.00"),
        currency_code="USD",
        currency_rate=Decimal("0.59123456"),
    )
    assert receivable(foreign).body["CurrencyCode"] == "USD"
    assert receivable(foreign).body["CurrencyRate"] == Decimal("0.591235")


def test_C8_1_each_line_names_the_tax_type_of_its_gst_type():
    lines = sale("1.00"), sale("1.00", percent=0, export_code="ZERORATED")
    body = receivable(document(DocumentKind.SALES_INVOICE, *lines)).body
    assert [line["TaxType"] for line in body["LineItems"]] == ["OUTPUT2", "ZERORATED"]


@pytest.mark.parametrize("kind", [*SALES, DocumentKind.SALES_CREDIT])
def test_C8_4_amounts_are_said_to_be_without_gst(kind):
    assert receivable(document(kind, sale("1.00"))).body["LineAmountTypes"] == "Exclusive"


def test_Q35_nobody_is_told_that_the_client_has_been_sent_the_invoice():
    body = receivable(document(DocumentKind.SALES_INVOICE, sale("1.00"))).body
    assert "SentToContact" not in body


def test_a_line_without_text_of_its_own_is_called_as_its_job_is():
    line = sale("1.00", description=" ")
    body = receivable(document(DocumentKind.SALES_INVOICE, line)).body
    assert body["LineItems"][0]["Description"] == "Harbour Bridge approaches"


def test_a_sale_without_a_reference_sends_none():
    body = receivable(document(DocumentKind.SALES_INVOICE, sale("1.00"), reference=None)).body
    assert "Reference" not in body


@pytest.mark.parametrize(
    ("kind", "type_"),
    [(DocumentKind.SALES_INVOICE, "ACCREC"), (DocumentKind.SALES_CREDIT, "ACCRECCREDIT")],
)
def test_a_document_of_nothing_stays_what_it_is_and_has_no_negative_zero(kind, type_):
    nothing = document(kind, sale("0.00", gst=Decimal("0.00"), percent="12.5"))
    off = replace(nothing.lines[0], gst_percent=Decimal(15), xero_percent=None)
    payload = receivable(replace(nothing, lines=(off,)))
    assert payload.body["Type"] == type_
    assert b"-0" not in encode(payload.body["LineItems"])


def test_every_kind_of_subledger_document_has_its_mapping_and_its_batches_are_carried():
    assert {kind for kind in DocumentKind if kind is not DocumentKind.JOURNAL} <= set(MAPPINGS)
    names = {"AP Invoice", "Sub Claim", "AP Credit", "AR Invoice", "AR Credit"}
    assert {batch_type.value for batch_type in CARRIED_TYPES} >= names


def test_Q8_what_is_turned_into_a_credit_note_is_said_before_it_is_sent():
    below_zero = document(DocumentKind.CONTRACT_CLAIM, sale("-800.00"))
    (warning,) = head_warnings(below_zero)
    assert warning.code == "goes-as-credit"
    assert "-920.00" in warning.message
    assert "credit note of the same number" in warning.message
    for other in (
        document(DocumentKind.SALES_CREDIT, sale("-800.00")),
        document(DocumentKind.CONTRACT_CLAIM, sale("50.00"), sale("-50.00")),
    ):
        assert list(head_warnings(other)) == []
