"""What Xero may say of payments that nobody would expect, and which of them come again."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

import pytest
import responses

from tests.integration.imports.conftest import UPDATED, Said, xero_time
from webapp.domain.documents import DocumentKind
from webapp.domain.runs import ImportKind, KindState

RECEIPTS, PAYMENTS = ImportKind.JOB_RECEIPTS, ImportKind.PAYMENTS
SALE = "51" + "0" * 34
BILL = "52" + "0" * 34


@pytest.fixture
def xero(books, sandbox) -> Iterator[Said]:
    """The organisation of ``books``, some of whose answers a test puts into its mouth."""
    books.document("1043", xero_id=SALE)
    books.document("B-77", xero_id=BILL, kind=DocumentKind.AP_INVOICE)
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        mock.add_passthru(sandbox.url)
        yield Said(mock, f"{sandbox.url}/api.xro/2.0")


def paid(number: int, **members):
    """A payment of 10 on our sales invoice, as Xero gives it."""
    return {
        "PaymentID": f"f0{number:034d}",
        "Date": "/Date(1794268800000+0000)/",
        "Amount": 10,
        "PaymentType": "ACCRECPAYMENT",
        "Status": "AUTHORISED",
        "Account": {"Code": "090"},
        "Invoice": {"InvoiceID": SALE, "InvoiceNumber": "1043", "Type": "ACCREC"},
        "UpdatedDateUTC": xero_time(UPDATED),
        **members,
    }


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ({"PaymentID": None}, "a record without PaymentID"),
        ({"PaymentID": "x" * 40}, "not an id"),
        ({"Amount": "ten"}, "not a number"),
        ({"Amount": [10]}, "not a number"),
        ({"Date": "/Date(99999999999999999999)/"}, "not an instant"),
        ({"Date": "tomorrow"}, "Invalid isoformat string"),
    ],
)
def test_a_payment_that_cannot_be_read_is_one_failed_line_and_the_others_come_in(
    xero, books, bring_in, members, reason
):
    xero.pages("Payments", [paid(1), paid(2, **members), paid(3)])

    told = bring_in().kinds[RECEIPTS]

    assert told.state is KindState.DONE
    assert (told["fetched"], told["created"], told["failed"]) == (3, 2, 1)
    ((outcome, _, why),) = told.problems
    assert outcome == "failed"
    assert reason in why


@pytest.mark.parametrize(
    ("members", "outcome"),
    [
        ({"Invoice": None}, "skipped"),
        ({"PaymentType": "BRANDNEW"}, "skipped"),
        ({"PaymentType": None}, "skipped"),
        ({"Status": "PONDERED"}, "skipped"),
        ({"Amount": None}, "failed"),
        ({"Date": None}, "failed"),
        ({"Amount": 10**30}, "failed"),
    ],
)
def test_a_payment_that_says_too_little_is_told_and_not_half_stored(
    xero, books, bring_in, members, outcome
):
    xero.pages("Payments", [paid(1, **members), paid(2)])

    told = bring_in().kinds[RECEIPTS]

    assert told["created"] == 1
    assert [one for one, _, _ in told.problems] == [outcome]
    assert [receipt.payment_id for receipt in books.receipts()] == [paid(2)["PaymentID"]]


def test_missing_parts_four_decimals_emoji_and_a_day_before_1970_come_in(xero, books, bring_in):
    bare = paid(
        1,
        Account=None,
        Amount="10.0050",
        Date="/Date(-86400000+0000)/",
        Reference="Zahlung 🏗️ \x00" + "x" * 300,
    )
    del bare["UpdatedDateUTC"]
    xero.pages("Payments", [bare])

    bring_in()

    (receipt,) = books.receipts()
    assert (receipt.amount, receipt.account_code) == (Decimal("10.01"), None)
    assert receipt.payment_date == dt.date(1969, 12, 31)
    assert receipt.reference.startswith("Zahlung 🏗️ x")
    assert len(receipt.reference) == 255


def test_a_payment_named_twice_is_brought_in_once_as_it_was_named_last(xero, books, bring_in):
    xero.pages("Payments", [paid(1, Amount=10), paid(1, Amount=20)], [paid(1, Amount=20)])

    told = bring_in().kinds[RECEIPTS]

    (receipt,) = books.receipts()
    assert receipt.amount == Decimal(20)
    assert told["created"] == 1


def test_what_is_passed_over_was_read_and_is_not_asked_for_again(xero, books, bring_in):
    bill = {"Invoice": {"InvoiceID": BILL, "InvoiceNumber": "B-77", "Type": "ACCPAY"}}
    later = xero_time(UPDATED + dt.timedelta(hours=5))
    xero.pages("Payments", [paid(1)])
    bring_in(kinds=[RECEIPTS])
    other = paid(2, PaymentType="ACCPAYPAYMENT", UpdatedDateUTC=later, **bill)
    xero.pages("Payments", [other])
    bring_in(kinds=[RECEIPTS])
    xero.pages("Payments", [])

    bring_in(kinds=[RECEIPTS])

    asked = xero.since("Payments")[-1]
    assert asked == "2026-11-03T06:55:15"
    assert books.payments() == []


def test_a_receipt_that_somebody_can_mend_comes_again_without_a_full_import(
    xero, books, bring_in, house
):
    early, late = UPDATED, UPDATED + dt.timedelta(days=1)
    unknown = {"InvoiceID": None, "InvoiceNumber": "2001", "Type": "ACCREC",
               "Contact": {"ContactID": books.contact("Ridgeway"), "Name": "Ridgeway"}}  # fmt: skip
    for _ in range(2):
        books.document("2001")
    xero.pages(
        "Payments",
        [
            paid(1, Invoice=unknown, UpdatedDateUTC=xero_time(early)),
            paid(2, UpdatedDateUTC=xero_time(late)),
        ],
    )
    assert bring_in().kinds[RECEIPTS]["failed"] == 1

    xero.pages("Payments", [])
    bring_in()

    asked = xero.since("Payments")[-1]
    assert asked == "2026-11-03T01:55:15"
