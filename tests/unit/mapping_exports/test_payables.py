from decimal import Decimal

from webapp.domain.documents import DocumentKind
from webapp.mapping.exports.payables import payable


def test_R87_R92_a_bill_carries_the_suppliers_number_and_is_authorised(document):
    payload = payable(document("100.00", "50.00"))
    assert payload.collection == "Invoices"
    assert payload.body == {
        "Type": "ACCPAY",
        "InvoiceNumber": "INV-7",
        "Contact": {"ContactID": "5f0f6c4e-0000-4000-8000-000000000001"},
        "Date": "2026-11-20",
        "DueDate": "2026-12-20",
        "LineAmountTypes": "Exclusive",
        "Status": "AUTHORISED",
        "CurrencyCode": "NZD",
        "Url": "https://workbench.example/documents/1",
        "LineItems": [
            {
                "Description": "J1001; CONC; FDN Concrete, 20 MPa",
                "Quantity": 1,
                "UnitAmount": Decimal(value),
                "AccountCode": "310",
                "TaxType": "INPUT2",
                "Tracking": [{"Name": "Department", "Option": "Civil"}],
            }
            for value in ("100.00", "50.00")
        ],
    }


def test_R88_a_credit_goes_out_positive_as_a_supplier_credit_note_without_a_url(document):
    payload = payable(document("-80.00", kind=DocumentKind.AP_CREDIT, number="CR-1"))
    assert payload.collection == "CreditNotes"
    assert payload.body["Type"] == "ACCPAYCREDIT"
    assert payload.body["CreditNoteNumber"] == "CR-1"
    assert "InvoiceNumber" not in payload.body
    assert "Url" not in payload.body
    assert payload.body["LineItems"][0]["UnitAmount"] == Decimal("80.00")
    assert payload.total == Decimal("92.00")


def test_an_invoice_below_zero_becomes_a_credit_note_with_every_sign_turned(document):
    payload = payable(document("-100.00", "20.00"))
    assert payload.body["Type"] == "ACCPAYCREDIT"
    assert [line["UnitAmount"] for line in payload.body["LineItems"]] == [100, -20]
    assert payload.total == Decimal("92.00")


def test_a_reversal_inside_a_positive_invoice_keeps_its_sign(document):
    payload = payable(document("100.00", "-20.00"))
    assert payload.body["Type"] == "ACCPAY"
    assert [line["UnitAmount"] for line in payload.body["LineItems"]] == [100, -20]


def test_C8_2_tax_is_left_to_xero_unless_ours_would_come_out_differently(document, line):
    ours = line("10.00", gst=Decimal("1.49"))
    body = payable(document(lines=(line("10.00"), ours))).body
    assert "TaxAmount" not in body["LineItems"][0]
    assert body["LineItems"][1]["TaxAmount"] == Decimal("1.49")


def test_R106_a_foreign_document_names_its_currency_and_a_rate_of_six_places(document):
    body = payable(document(currency_code="AUD", currency_rate=Decimal("0.93705312"))).body
    assert body["CurrencyCode"] == "AUD"
    assert body["CurrencyRate"] == Decimal("0.937053")
    assert "CurrencyRate" not in payable(document()).body


def test_a_line_without_codes_or_text_still_has_a_description(document, line):
    bare = line(description=None, job_code=None, activity_code=None, work_centre_code=None)
    assert payable(document(lines=(bare,))).body["LineItems"][0]["Description"] == "-"


def test_a_description_is_cut_to_what_xero_takes(document, line):
    body = payable(document(lines=(line(description="x" * 5000),))).body
    assert len(body["LineItems"][0]["Description"]) == 4000


def test_R91_a_subcontract_claim_goes_out_as_a_bill(document):
    payload = payable(document("500.00", kind=DocumentKind.SUB_CLAIM))
    assert (payload.collection, payload.body["Type"]) == ("Invoices", "ACCPAY")
    assert payload.total == Decimal("575.00")


def test_R97_a_credits_payment_date_is_its_due_date(document):
    body = payable(document("-80.00", kind=DocumentKind.AP_CREDIT)).body
    assert body["DueDate"] == "2026-12-20"


def test_R105_retention_on_a_claim_is_a_negative_line_without_tracking(document, line):
    held = line("-50.00", account_code="808", tags=())
    claim = document(lines=(line("500.00"), held), kind=DocumentKind.SUB_CLAIM)
    work, retention = payable(claim).body["LineItems"]
    assert "Tracking" in work
    assert (retention["UnitAmount"], retention["AccountCode"]) == (Decimal("-50.00"), "808")
    assert "Tracking" not in retention


def test_Q19_our_own_reference_is_no_business_of_a_bill(document):
    assert "Reference" not in payable(document(reference="7001")).body
