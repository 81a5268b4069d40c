"""Job Sales Invoices and Payments: what Workbench holds of them, and what Xero last said."""

import csv
import io
from decimal import Decimal

import pytest
from factories import make_connection
from paid_records import (
    REVERSED_AT,
    day,
    make_bill,
    make_claim,
    make_payment,
    make_receipt,
    put_in_xero,
)

from webapp.db import db
from webapp.domain.documents import DocumentKind
from webapp.models import GlAccount, Job, ProfitCentre

SALES = "/job-sales-invoices"
PAYMENTS = "/payments"


def cells(row) -> dict[str, str]:
    return {
        cell["data-label"]: " ".join(cell.text.split()) for cell in row.select("td[data-label]")
    }


def rows(page) -> list[dict[str, str]]:
    return [cells(row) for row in page.select("tbody tr")]


def firsts(page) -> list[str]:
    return [cell.text.strip() for cell in page.select("tbody th a")]


def file_of(response) -> list[list[str]]:
    return list(csv.reader(io.StringIO(response.data.decode("utf-8-sig"))))


@pytest.fixture
def claim(house):
    claim = make_claim(house, number="C-4", value="1000.00", gst="150.00")
    claim.job = Job(
        code="1001",
        description="Bridge",
        profit_centre=ProfitCentre(
            code="AK", description="Auckland", fin_co=house.fin_co, location=house.location
        ),
    )
    db.session.commit()
    return claim


def test_a_claim_is_told_with_its_job_its_receipts_and_its_status_in_xero(house, bob, claim):
    make_connection(house.fin_co)
    put_in_xero(claim, "ACCREC")
    make_receipt(house, claim, "400.00", on=day(3))
    make_receipt(house, claim, "100.00", on=day(18))
    make_receipt(house, claim, "500.00", on=day(19), reversed_at=REVERSED_AT)
    page = bob.open(SALES)
    [row] = rows(page)
    assert firsts(page)[0] == "C-4"
    assert (row["Job"], row["Claim No"], row["Type"]) == ("1001", "4", "Contract Claim")
    assert (row["Total Receipt"], row["Last Receipt"]) == ("500.00", "100.00")
    assert row["Last Receipt Date"] == "18 Nov 2026"
    assert row["Balance"] == "650.00 Part paid"
    assert row["Status in Xero"] == "Awaiting payment"
    assert page.select_one("tbody a.out")["target"] == "_blank"


def test_a_sales_credit_lowers_what_is_still_to_come(house, bob, claim):
    make_claim(
        house,
        value="-100.00",
        gst="-15.00",
        kind=DocumentKind.SALES_CREDIT,
        applies_to_id=claim.id,
        number="CR-1",
    )
    [row] = rows(bob.open(SALES))
    assert (row["Total Credit Incl"], row["Balance"]) == ("115.00", "1,035.00 Unpaid")
    assert firsts(bob.open(f"{SALES}?type=Job+Sales+Credit"))[0] == "CR-1"
    bob.open(f"{SALES}?type=AP+Invoice", status=422)


def test_each_enquiry_holds_its_own_side(house, bob, claim):
    bill = make_bill(house, number="B-1")
    make_payment(bill, "20.00", on=day(12))
    assert "B-1" not in bob.open(SALES).text
    assert "C-4" not in bob.open("/ap-invoice-enquiry").text
    assert "C-4" not in bob.open(PAYMENTS).text


def test_the_file_of_sales_has_every_column_of_the_list(house, bob, claim):
    headings, row = file_of(bob.get(f"{SALES}.csv"))
    told = dict(zip(headings, row, strict=True))
    assert told["Invoice No"] == "C-4"
    assert (told["Job"], told["inc GST"], told["Balance"]) == ("1001", "1150.00", "1150.00")
    assert told["Status in Xero"] == ""


def test_a_payment_is_told_with_its_invoice_and_what_is_left_of_it(house, bob):
    make_connection(house.fin_co)
    db.session.add(
        GlAccount(
            fin_co_id=house.fin_co.id, code="090", description="Cheque account", section="Bank"
        )
    )
    bill = make_bill(house, number="B-1")
    put_in_xero(bill)
    make_payment(bill, "40.00", on=day(12), account_code="090", bank_amount=Decimal("38.50"))
    make_payment(bill, "75.00", on=day(18), reversed_at=REVERSED_AT)
    reversed_row, row = rows(bob.open(PAYMENTS))
    assert (row["Invoice No"], row["inc GST"], row["Amount"]) == ("B-1", "115.00", "40.00")
    assert (row["From Account"], row["Invoice balance"]) == ("090 Cheque account", "75.00")
    assert row["Currency"] == "NZD 38.50 at the bank"
    assert row["Status in Xero"] == "Awaiting payment"
    assert reversed_row["Amount"] == "75.00"
    page = bob.open(PAYMENTS)
    assert [mark.text.strip() for mark in page.select("tbody th .state")] == ["Reversed"]
    assert [link.text for link in page.select(".counts a")] == [
        "Any 2",
        "Standing 1",
        "Reversed 1",
    ]


def test_payments_are_found_by_day_text_and_fate(house, bob):
    first, second = make_bill(house, number="B-1"), make_bill(house, number="B-2")
    make_payment(first, "40.00", on=day(12), reference="EFT 7")
    make_payment(second, "50.00", on=day(18), reversed_at=REVERSED_AT)

    def amounts(query: str) -> list[str]:
        return [row["Amount"] for row in rows(bob.open(f"{PAYMENTS}?{query}"))]

    assert amounts("q=eft") == ["40.00"]
    assert amounts("q=B-2") == ["50.00"]
    assert amounts("status=standing") == ["40.00"]
    assert amounts("from=2026-11-15") == ["50.00"]
    assert amounts("to=2026-11-15") == ["40.00"]
    assert amounts("sort=amount") == ["40.00", "50.00"]
    assert len(file_of(bob.get(f"{PAYMENTS}.csv?status=reversed"))) == 2
    for wrong in ("status=lost", "from=soon", "sort=secret"):
        bob.open(f"{PAYMENTS}?{wrong}", status=422)


@pytest.mark.parametrize("enquiry", [SALES, PAYMENTS])
def test_nothing_of_another_fin_co_shows(house, charlie, claim, enquiry):
    make_payment(make_bill(house, number="B-1"), "40.00", on=day(12))
    assert rows(charlie.open(enquiry)) == []
    assert len(file_of(charlie.get(f"{enquiry}.csv"))) == 1
    charlie.open(f"{enquiry}?fin_co=01", status=404)


@pytest.mark.parametrize("enquiry", [SALES, PAYMENTS])
def test_a_page_takes_as_many_statements_however_many_rows(house, bob, statements, enquiry):
    def asked() -> int:
        with statements() as seen:
            bob.open(enquiry)
        return len(seen)

    for number in range(2):
        make_claim(house, number=f"C-{number}")
        make_payment(make_bill(house), "1.00", on=day(12))
    few = asked()
    db.session.rollback()
    for number in range(2, 12):
        make_claim(house, number=f"C-{number}")
        make_payment(make_bill(house), "1.00", on=day(12))
    assert asked() == few


def test_the_menu_leads_to_both(bob, house):
    menu = bob.open("/")
    assert menu.find("a", href=SALES)
    assert menu.find("a", href=PAYMENTS)


def test_asking_xero_is_offered_where_there_is_something_to_ask(house, bob, rita):
    bill = make_bill(house, number="B-1")
    assert "Ask Xero" not in bob.open(f"/documents/{bill.uid}").text
    db.session.rollback()
    put_in_xero(bill)
    page = bob.open(f"/documents/{bill.uid}")
    assert page.select_one("form[action$=ask-xero] button").text == "Ask Xero"
    assert "Awaiting payment" in page.text
    assert "Ask Xero" not in rita.open(f"/documents/{bill.uid}").text
    refused = bob.send(f"/documents/{bill.uid}/ask-xero", htmx=True)
    assert refused.status_code == 409
    assert "FinCo 01 is not connected to Xero." in refused.text
