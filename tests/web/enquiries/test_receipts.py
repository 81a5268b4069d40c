import csv
import io

import pytest
from factories import make_connection
from paid_records import REVERSED_AT, day, make_claim, make_receipt, put_in_xero

from webapp.domain.documents import DocumentKind
from webapp.models import Company

RECEIPTS = "/job-receipts"


def cells(row) -> dict[str, str]:
    return {
        cell["data-label"]: " ".join(cell.text.split()) for cell in row.select("td[data-label]")
    }


def numbers(page) -> list[str]:
    return [row.select_one("th").text.split()[0] for row in page.select("tbody tr")]


def test_R55_R57_a_receipt_shows_its_parts_and_those_of_its_claim(house, bob):
    make_connection(house.fin_co)
    claim = make_claim(house, number="JSI-1", document_date=day(2))
    receipt = make_receipt(
        house, claim, "230.00", gst="30.00", number=17, reference="TT 9", on=day(9)
    )
    put_in_xero(claim, "ACCREC")
    page = bob.open(RECEIPTS)
    assert numbers(page) == ["17"]
    row = page.select_one("tbody tr")
    assert cells(row) == {
        "Receipt Date": "9 Nov 2026",
        "Receipt Ref": "TT 9",
        "Client": claim.company.name,
        "Claim No": "4",
        "Invoice No": "JSI-1",
        "Invoice Date": "2 Nov 2026",
        "Claim ex GST": "1,000.00",
        "Claim incl GST": "1,150.00",
        "Receipt incl GST": "230.00",
        "Receipt GST": "30.00",
        "Receipt ex GST": "200.00",
        "Currency": "NZD",
        "Invoice balance": "920.00",
        "Batch No": receipt.batch.number,
        "In Xero": "Xero JSI-1 (new tab)",
    }
    assert row.find("a", string=receipt.batch.number)["href"] == f"/batches/{receipt.batch.number}"
    assert "AccountsReceivable" in row.select_one("a.out")["href"]


def test_R54_partial_receipts_add_up_and_too_much_is_warned_of(house, bob):
    claim = make_claim(house)
    make_receipt(house, claim, "1000.00")
    make_receipt(house, claim, "150.00")
    page = bob.open(f"/documents/{claim.uid}").select_one("#money")
    assert page.find("dt", string="Balance").find_next("dd").text == "0.00 NZD"
    assert page.select_one(".notice-warning") is None
    make_receipt(house, claim, "0.01")
    page = bob.open(f"/documents/{claim.uid}").select_one("#money")
    assert "the balance is \u22120.01 NZD" in page.select_one(".notice-warning").text
    balances = [cells(row)["Invoice balance"] for row in bob.open(RECEIPTS).select("tbody tr")]
    assert balances == ["\u22120.01 Over-paid"] * 3


def test_a_credit_lowers_what_is_still_to_come(house, bob):
    claim = make_claim(house)
    make_receipt(house, claim, "1000.00")
    make_claim(
        house, kind=DocumentKind.SALES_CREDIT, value="-100.00", gst="-15.00",
        applies_to_id=claim.id,
    )  # fmt: skip
    row = bob.open(RECEIPTS).select_one("tbody tr")
    assert cells(row)["Invoice balance"] == "35.00"


def test_R61_a_reversed_receipt_is_struck_out_with_when_and_does_not_count(house, bob):
    claim = make_claim(house)
    make_receipt(house, claim, "150.00", number=1)
    make_receipt(house, claim, "1000.00", number=2, reversed_at=REVERSED_AT)
    page = bob.open(f"{RECEIPTS}?sort=number")
    standing, undone = page.select("tbody tr")
    assert "undone" not in standing.get("class", [])
    assert "undone" in undone["class"]
    assert undone.select_one("time")["datetime"] == "2026-11-20T06:30:00+00:00"
    assert cells(undone)["Invoice balance"] == cells(standing)["Invoice balance"] == "1,000.00"
    assert numbers(bob.open(f"{RECEIPTS}?status=standing")) == ["1"]
    assert numbers(bob.open(f"{RECEIPTS}?status=reversed")) == ["2"]


def test_a_claims_page_lists_its_receipts_with_the_columns_of_the_tab(house, bob):
    claim = make_claim(house, number="JSI-1")
    make_receipt(house, claim, "230.00", gst="30.00", number=17)
    make_receipt(house, make_claim(house), "999.00")
    money = bob.open(f"/documents/{claim.uid}").select_one("#money")
    assert money.h2.text == "Receipts"
    headings = [th.text for th in money.select("thead th")]
    for column in (
        "Receipt No", "Receipt Date", "Receipt Ref", "Receipt incl GST", "Receipt GST",
        "Receipt ex GST", "Currency",
    ):  # fmt: skip
        assert column in headings
    facts = {dt.text: dt.find_next("dd").text for dt in money.select("dt")}
    assert facts["Claim No"] == "4"
    assert facts["Claim ex GST"] == "1,000.00 NZD"
    assert facts["Total Received"] == "230.00 NZD"
    assert len(money.select("tbody tr")) == 1


def test_filters_and_order(house, bob):
    client = Company(fin_co=house.fin_co, name="Harbour Trust", is_client=True)
    one = make_claim(house, number="JSI-1", company=client)
    two = make_claim(house, number="JSI-2")
    make_receipt(house, one, "10.00", number=501, on=day(5), reference="first")
    make_receipt(house, two, "20.00", number=502, on=day(6))
    assert numbers(bob.open(RECEIPTS)) == ["502", "501"]
    assert numbers(bob.open(f"{RECEIPTS}?sort=amount")) == ["501", "502"]
    for asked in ("q=harbour", "q=501", "q=FIRST", "q=JSI-1", "to=2026-11-05"):
        assert numbers(bob.open(f"{RECEIPTS}?{asked}")) == ["501"], asked
    assert numbers(bob.open(f"{RECEIPTS}?from=2026-11-06")) == ["502"]


@pytest.mark.parametrize("query", ["status=lost", "to=32", "sort=colour"])
def test_what_cannot_be_asked_is_refused(bob, query):
    assert bob.get(f"{RECEIPTS}?{query}").status_code == 422


def test_receipts_of_another_fin_co_are_not_there(house, bob, charlie):
    make_receipt(house, make_claim(house), "10.00")
    make_receipt(house, make_claim(house, fin_co=house.other), "20.00", number=77)
    assert numbers(charlie.open(RECEIPTS)) == ["77"]
    assert "77" not in numbers(bob.open(RECEIPTS))
    assert len(charlie.get(f"{RECEIPTS}.csv").text.splitlines()) == 2


def test_the_file_holds_every_match(house, bob):
    claim = make_claim(house, number="JSI-1")
    make_receipt(house, claim, "1200.00", gst="156.52", number=9, reversed_at=REVERSED_AT)
    make_receipt(house, claim, "1200.00", gst="156.52", number=10, reference="@cmd")
    response = bob.get(f"{RECEIPTS}.csv?sort=number")
    first, second = csv.DictReader(io.StringIO(response.data.decode("utf-8-sig")))
    assert first["Reversed (UTC)"] == "2026-11-20 06:30"
    assert (second["Receipt Ref"], second["Receipt ex GST"]) == ("'@cmd", "1043.48")
    assert second["Invoice balance"] == "(50.00)"


def test_without_receipts_it_says_how_they_come(bob):
    empty = bob.open(RECEIPTS).select_one(".empty")
    assert "Import brings receipts in from Xero" in empty.text
    assert empty.a["href"].endswith("/xero-integration")


def test_more_receipts_cost_no_more_statements(house, bob, statements):
    counted = []
    for size in (1, 40):
        for _ in range(size):
            claim = make_claim(house)
            make_receipt(house, claim, "1.00")
            make_receipt(house, claim, "2.00")
        with statements() as seen:
            page = bob.open(RECEIPTS)
        counted.append(len(seen))
    assert counted[0] == counted[1] <= 7
    assert len(numbers(page)) == 82
