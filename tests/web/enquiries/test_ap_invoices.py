import csv
import io
from decimal import Decimal

import pytest
from factories import make_connection
from paid_records import REVERSED_AT, day, make_bill, make_payment, put_in_xero

from webapp.domain.documents import DocumentKind, DocumentStatus
from webapp.models import Company

ENQUIRY = "/ap-invoice-enquiry"


def rows(page) -> dict[str, dict[str, str]]:
    """The cells of each document, by its number and the column's name."""
    return {
        row.select_one("th a").text.strip(): {
            cell["data-label"]: " ".join(cell.text.split()) for cell in row.select("td[data-label]")
        }
        for row in page.select("tbody tr")
    }


def numbers(page) -> list[str]:
    return list(rows(page))


def test_R58_total_payment_last_payment_and_its_date_come_from_what_was_paid(house, bob):
    bill = make_bill(house, number="B-1")
    make_payment(bill, "40.00", on=day(12))
    make_payment(bill, "25.00", on=day(18))
    make_payment(bill, "10.00", on=day(3))
    row = rows(bob.open(ENQUIRY))["B-1"]
    assert row["Total Payment"] == "75.00"
    assert row["Last Payment"] == "25.00"
    assert row["Last Payment Date"] == "18 Nov 2026"
    assert row["Balance"] == "40.00 Part paid"


def test_R61_a_reversed_payment_does_not_count(house, bob):
    bill = make_bill(house, number="B-1")
    make_payment(bill, "40.00", on=day(12))
    make_payment(bill, "75.00", on=day(18), reversed_at=REVERSED_AT)
    row = rows(bob.open(ENQUIRY))["B-1"]
    assert (row["Total Payment"], row["Last Payment"]) == ("40.00", "40.00")
    assert row["Last Payment Date"] == "12 Nov 2026"
    assert numbers(bob.open(f"{ENQUIRY}?paid=part+paid")) == ["B-1"]


def test_a_credit_counts_against_the_invoice_it_is_for_unless_it_was_cancelled(house, bob):
    bill = make_bill(house, number="B-1")
    credit = {"kind": DocumentKind.AP_CREDIT, "applies_to_id": bill.id}
    make_bill(house, value="-20.00", gst="-3.00", **credit)
    make_bill(house, value="-50.00", gst="-7.50", status=DocumentStatus.CANCELLED, **credit)
    row = rows(bob.open(ENQUIRY))["B-1"]
    assert (row["Total Credit Incl"], row["Balance"]) == ("23.00", "92.00 Unpaid")


def test_it_begins_with_invoices_and_can_take_in_credits_and_claims(house, bob):
    make_bill(house, number="I-1")
    make_bill(house, number="C-1", kind=DocumentKind.AP_CREDIT, value="-10.00", gst="-1.50")
    make_bill(house, number="S-1", kind=DocumentKind.SUB_CLAIM)
    make_bill(house, number="J-1", kind=DocumentKind.SALES_INVOICE)
    assert numbers(bob.open(ENQUIRY)) == ["I-1"]
    everything = bob.open(
        f"{ENQUIRY}?type=AP+Invoice&type=AP+Credit&type=Subcontract+Claim&sort=number"
    )
    assert numbers(everything) == ["C-1", "I-1", "S-1"]
    assert len(everything.select("input[name=type][checked]")) == 3
    assert everything.select_one("thead a")["href"].count("type=") == 3
    assert rows(everything)["C-1"]["Balance"] == "\u2013"


@pytest.fixture
def four(house):
    unpaid, part, paid, over = (
        make_bill(house, number=number) for number in ("unpaid", "part", "paid", "over")
    )
    make_payment(part, "1.00")
    make_payment(paid, "115.00")
    make_payment(over, "115.01")
    make_payment(unpaid, "115.00", reversed_at=REVERSED_AT)
    make_bill(house, number="credit", kind=DocumentKind.AP_CREDIT, value="-10.00", gst="0.00")


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("unpaid", ["unpaid"]),
        ("part+paid", ["part"]),
        ("paid", ["paid"]),
        ("over-paid", ["over"]),
    ],
)
def test_how_far_an_invoice_is_paid_can_be_asked_and_is_told(bob, four, asked, found):
    page = bob.open(f"{ENQUIRY}?paid={asked}&type=AP+Invoice&type=AP+Credit")
    assert numbers(page) == found
    assert page.select_one("tbody .state").text.strip() == asked.replace("+", " ").capitalize()


def test_filters_by_supplier_number_date_and_status(house, bob):
    def supplier(name):
        return Company(fin_co=house.fin_co, name=name, is_supplier=True)

    make_bill(house, number="A-100", company=supplier("Kauri Concrete"), document_date=day(5))
    make_bill(
        house,
        number="B-200",
        company=supplier("Rimu Roofing"),
        document_date=day(20),
        status=DocumentStatus.UPDATED,
    )
    assert numbers(bob.open(f"{ENQUIRY}?q=kauri")) == ["A-100"]
    assert numbers(bob.open(f"{ENQUIRY}?q=200")) == ["B-200"]
    assert numbers(bob.open(f"{ENQUIRY}?from=2026-11-05&to=2026-11-05")) == ["A-100"]
    assert numbers(bob.open(f"{ENQUIRY}?status=Updated")) == ["B-200"]
    assert numbers(bob.open(ENQUIRY)) == ["B-200", "A-100"]
    assert numbers(bob.open(f"{ENQUIRY}?sort=supplier")) == ["A-100", "B-200"]


@pytest.mark.parametrize("query", ["type=Journal", "paid=maybe", "from=yesterday", "sort=mood"])
def test_what_cannot_be_asked_is_refused(bob, query):
    assert bob.get(f"{ENQUIRY}?{query}").status_code == 422


@pytest.mark.parametrize("column", ["paid", "-last", "balance", "total", "batch", "-supplier"])
def test_every_heading_that_offers_it_sorts(bob, four, column):
    assert len(numbers(bob.open(f"{ENQUIRY}?sort={column}"))) == 4


def test_it_leads_to_the_document_and_to_xero(house, bob):
    make_connection(house.fin_co)
    bill = make_bill(house, number="B-1")
    put_in_xero(bill)
    page = bob.open(ENQUIRY)
    assert page.select_one("tbody th a")["href"] == f"/documents/{bill.uid}"
    assert "AccountsPayable" in page.select_one("tbody a.out")["href"]


def test_documents_of_another_fin_co_are_not_there(house, charlie, bob):
    bill = make_bill(house, number="B-1")
    make_payment(bill, "40.00")
    make_bill(house, number="THEIRS", fin_co=house.other)
    assert numbers(charlie.open(ENQUIRY)) == ["THEIRS"]
    assert "B-1" not in charlie.get(f"{ENQUIRY}.csv").text
    assert charlie.get(f"{ENQUIRY}?fin_co=01").status_code == 404
    assert numbers(bob.open(ENQUIRY)) == ["B-1"]


def test_the_file_holds_every_match_and_no_cell_begins_a_formula(house, bob):
    bill = make_bill(house, number="=1+1", gst="15.01")
    make_payment(bill, "120.00")
    make_bill(house, number="C-1", kind=DocumentKind.AP_CREDIT, value="-10.00", gst="-1.50")
    response = bob.get(f"{ENQUIRY}.csv?type=AP+Invoice&type=AP+Credit&sort=number")
    text = response.data.decode("utf-8-sig")
    first, second = csv.DictReader(io.StringIO(text))
    assert (first["Invoice No"], first["inc GST"]) == ("'=1+1", "115.01")
    assert (first["Total Payment"], first["Balance"]) == ("120.00", "(4.99)")
    assert (first["Last Payment Date"], first["Paid"]) == ("2026-11-15", "over-paid")
    assert (second["Invoice No"], second["inc GST"]) == ("C-1", "(11.50)")
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


def test_an_empty_enquiry_says_what_to_do(bob):
    assert "Export Control" in bob.open(ENQUIRY).select_one(".empty").text
    assert "No document matches" in bob.open(f"{ENQUIRY}?q=x").select_one(".empty").text


def test_more_documents_and_payments_cost_no_more_statements(house, bob, statements):
    make_connection(house.fin_co)
    counted = []
    for size in (1, 60):
        for _ in range(size):
            bill = make_bill(house)
            put_in_xero(bill)
            make_payment(bill, "1.00")
            make_payment(bill, "2.00")
        with statements() as seen:
            page = bob.open(f"{ENQUIRY}?sort=-paid")
        counted.append(len(seen))
    assert counted[0] == counted[1] <= 7
    assert len(numbers(page)) == 61


def test_R59_a_claims_payments_stand_on_its_page_with_the_account_they_came_from(house, bob):
    claim = make_bill(house, kind=DocumentKind.SUB_CLAIM, claim_no=3)
    make_payment(claim, "40.00", on=day(12), account_code="090", reference="DD 12")
    make_payment(claim, "75.00", on=day(18), account_code="091", reversed_at=REVERSED_AT)
    page = bob.open(f"/documents/{claim.uid}").select_one("#money")
    assert page.h2.text == "Payments"
    assert "From Account" in [th.text for th in page.select("th")]
    first, second = page.select("tbody tr")
    assert "090" in first.text
    assert "DD 12" in first.text
    assert "Reversed" in second.text
    assert "undone" in second["class"]
    assert page.find("dt", string="Total Payment").find_next("dd").text == "40.00 NZD"
    assert page.find("dt", string="Balance").find_next("dd").text == "75.00 NZD"


def test_R62_R63_a_payment_in_foreign_currency_tells_its_rate_and_what_the_bank_paid(house, bob):
    bill = make_bill(house, currency_code="AUD", currency_rate=Decimal("0.92"))
    make_payment(
        bill,
        "92.00",
        currency_rate=Decimal("0.92"),
        bank_amount=Decimal("100.00"),
        batch_payment_id="dddddddd-0000-4000-8000-00000000c0de",
    )
    told = " ".join(bob.open(f"/documents/{bill.uid}").select_one("#money tbody").text.split())
    assert "92.00 AUD at 0.92: 100.00 at the bank" in told
    assert "paid in a bank batch with others" in told


def test_a_document_without_payments_says_how_they_come(house, bob):
    bill = make_bill(house)
    empty = bob.open(f"/documents/{bill.uid}").select_one("#money .empty")
    assert "Import brings payments in from Xero" in empty.text
    assert empty.a["href"].endswith("?fin_co=01")


def test_a_credit_has_no_payments_part(house, bob):
    credit = make_bill(house, kind=DocumentKind.AP_CREDIT, value="-1.00", gst="0.00")
    assert bob.open(f"/documents/{credit.uid}").select_one("#money") is None
