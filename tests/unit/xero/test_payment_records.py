from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.xero import _parse

ID = "99ea7f6b-c513-4066-bc27-b7c65dcd76c2"
INVOICE = "006be578-d5d4-41e7-8ac1-90ebc92d4c03"
BATCH = "8e8a0d8c-c4b3-4d1e-9b7d-2f4ac4f2f5b1"
KEYS = st.sampled_from(
    [
        "Date", "Amount", "BankAmount", "CurrencyRate", "PaymentType", "Status", "Reference",
        "Account", "Invoice", "CreditNote", "Contact", "BatchPayment", "BatchPaymentID",
        "UpdatedDateUTC", "InvoiceID", "InvoiceNumber", "Name", "Brand new",
    ]
)  # fmt: skip
ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.decimals() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
)


def row(**members):
    return {
        "PaymentID": ID.upper(),
        "Date": "/Date(1790467200000+0000)/",
        "Amount": Decimal("115.0000"),
        "BankAmount": Decimal("70.10"),
        "CurrencyRate": Decimal("1.640514"),
        "PaymentType": "ACCRECPAYMENT",
        "Status": "AUTHORISED",
        "Reference": "Remittance 8",
        "IsReconciled": True,
        "Account": {"AccountID": BATCH, "Code": "090"},
        "Invoice": {
            "InvoiceID": INVOICE.upper(),
            "InvoiceNumber": "1043",
            "Type": "ACCREC",
            "CurrencyCode": "AUD",
            "Contact": {"ContactID": ID.upper(), "Name": "Ridgeway Timber"},
        },
        "UpdatedDateUTC": "/Date(1488391422280+0000)/",
    } | members


def test_a_payment_is_read_whole():
    payment = _parse.payment(row(BatchPaymentID=BATCH.upper()))

    assert payment.payment_id == ID
    assert payment.date == date(2026, 9, 27)
    assert (payment.amount, payment.bank_amount) == (Decimal(115), Decimal("70.10"))
    assert payment.currency_rate == Decimal("1.640514")
    assert (payment.payment_type, payment.status) == ("ACCRECPAYMENT", "AUTHORISED")
    assert (payment.reference, payment.is_reconciled) == ("Remittance 8", True)
    assert (payment.account_id, payment.account_code) == (BATCH, "090")
    assert (payment.invoice_id, payment.invoice_number) == (INVOICE, "1043")
    assert (payment.invoice_type, payment.currency_code) == ("ACCREC", "AUD")
    assert (payment.contact_id, payment.contact_name) == (ID, "Ridgeway Timber")
    assert payment.batch_payment_id == BATCH
    assert payment.updated_at == datetime(2017, 3, 1, 18, 3, 42, 280000, tzinfo=UTC)


def test_R62_the_batch_is_named_in_either_of_two_places():
    assert _parse.payment(row(BatchPayment={"BatchPaymentID": BATCH})).batch_payment_id == BATCH
    assert _parse.payment(row(BatchPayment=None)).batch_payment_id is None


def test_a_payment_of_nothing_but_its_id_is_read():
    payment = _parse.payment({"PaymentID": ID})

    assert (payment.date, payment.amount, payment.invoice_id) == (None, None, None)
    assert (payment.payment_type, payment.account_code) == ("", "")


@pytest.mark.parametrize("member", ["Invoice", "Account", "BatchPayment", "Reference", "Date"])
def test_null_where_a_part_should_be_is_that_part_missing(member):
    assert _parse.payment(row(**{member: None})).payment_id == ID


def test_a_type_nobody_knows_and_a_day_before_1970_are_kept_as_they_are():
    payment = _parse.payment(row(PaymentType="SOMETHINGNEW", Date="/Date(-86400000)/"))

    assert (payment.payment_type, payment.date) == ("SOMETHINGNEW", date(1969, 12, 31))


def test_a_payment_without_its_id_is_refused():
    with pytest.raises(ValueError, match="without PaymentID"):
        _parse.payment({"Amount": 1})


@given(st.dictionaries(KEYS, ODD, max_size=8))
def test_odd_payments_are_read_or_refused_and_nothing_else(odd):
    try:
        _parse.payment({**odd, "PaymentID": ID})
    except ValueError:
        return


def test_payments_are_asked_for_in_pages_without_any_condition(client, xero):
    xero.get(
        "https://api.test/api.xro/2.0/Payments",
        json={
            "pagination": {"page": 1, "pageSize": 1000, "pageCount": 1, "itemCount": 1},
            "Payments": [{"PaymentID": ID, "Amount": 10.5}],
        },
    )

    since = datetime(2026, 11, 2, 13, 30, 15, tzinfo=UTC)
    (page,) = client.payments(modified_since=since)

    assert page.records[0].amount == Decimal("10.5")
    request = xero.calls[0].request
    assert request.params == {"page": "1", "pageSize": "1000"}
    assert request.headers["If-Modified-Since"] == "2026-11-02T13:30:15"
