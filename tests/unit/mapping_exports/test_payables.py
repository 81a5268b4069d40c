import datetime as dt
from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from webapp.domain.documents import DocumentKind
from webapp.domain.money import gst_of, to_cents
from webapp.mapping.exports.outgoing import OutgoingDocument, OutgoingLine
from webapp.mapping.exports.payables import payable


def xero_total(body):
    """The total as Xero computes it: tax by line, rounded, then summed; 15 % throughout."""
    return sum(
        to_cents(line["UnitAmount"])
        + line.get("TaxAmount", gst_of(line["UnitAmount"], Decimal(15)))
        for line in body["LineItems"]
    )


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


values = st.lists(st.decimals("-99999", "99999", places=2), min_size=1, max_size=20)


@given(values, st.data())
def test_R98_xeros_total_is_ours_whatever_the_lines_and_whoever_typed_the_gst(values, data):
    lines = []
    for number, value in enumerate(values, 1):
        off = data.draw(st.sampled_from([Decimal(0), Decimal("0.01"), Decimal("-0.01")]))
        lines.append(
            OutgoingLine(
                line_no=number,
                description=None,
                job_code=None,
                activity_code="A",
                work_centre_code=None,
                value=value,
                gst=gst_of(value, Decimal(15)) + off,
                gst_percent=Decimal(15),
                gst_code="G15",
                export_code="INPUT2",
                account_code="310",
                tags=(),
            )
        )
    document = OutgoingDocument(
        kind=DocumentKind.AP_INVOICE,
        number="1",
        party_name="S",
        contact_id="c",
        date=dt.date(2026, 1, 1),
        due_date=dt.date(2026, 1, 1),
        currency_code="NZD",
        currency_rate=None,
        back_link="https://w.example/1",
        lines=tuple(lines),
    )
    payload = payable(document)
    assert xero_total(payload.body) == payload.total == abs(document.total)
    assert payload.total >= 0
    assert payable(replace(document)) == payload
