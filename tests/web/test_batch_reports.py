import csv
import io
import uuid
from decimal import Decimal

import pytest
from coded import enter, make_codes
from factories import REFUSED, make_batch, make_connection, make_document, make_run

from webapp.db import db
from webapp.domain.batches import BatchStatus, BatchType
from webapp.domain.documents import DocumentKind, DocumentStatus
from webapp.domain.runs import ItemState
from webapp.models import (
    ExportItem,
)
from webapp.queries.batch_list import batches


def squeezed(tag) -> str:
    return " ".join(tag.text.split())


def body(page, label):
    region = page.find(attrs={"aria-label": label})
    return [[squeezed(cell) for cell in row.select("th, td")] for row in region.select("tbody tr")]


def foot(page, label):
    return squeezed(page.find(attrs={"aria-label": label}).select_one("tfoot"))


def rows_of(response) -> list[list[str]]:
    assert response.mimetype == "text/csv"
    return list(csv.reader(io.StringIO(response.text.removeprefix("\ufeff"))))


@pytest.fixture
def codes(house):
    return make_codes(house)


def test_R77_batch_details_lead_to_its_reports_and_back(house, bob):
    batch = make_batch(house)
    make_document(batch)
    page = bob.open("/export-control")
    page = bob.open(page.find("a", string=batch.number)["href"])
    tabs = {tab.text: tab["href"] for tab in page.select(".tabs a")}
    assert list(tabs) == ["Documents", "Lines", "GL analysis", "Tax summary", "History"]
    for title, address in tabs.items():
        shown = bob.open(address)
        assert squeezed(shown.select_one(".tabs [aria-current]")) == title
        assert shown.h1.text == f"Batch {batch.number}"


def test_R77_the_gl_analysis_sums_each_account_as_the_export_derives_it(house, bob, codes):
    batch = make_batch(house)
    enter(batch, codes, ("cost", "100.00", "15.00"), ("cost", "40.00", "6.00"))
    enter(batch, codes, ("cost", "-30.00", "-4.50"), kind=DocumentKind.AP_CREDIT)
    page = bob.open(f"/batches/{batch.number}/gl-analysis")
    assert body(page, "GL analysis in NZD") == [
        ["AK.01.310", "Materials", "3", "140.00", "30.00", "110.00"],
        [
            "Accounts Payable",
            "the account Xero keeps for it",
            "3",
            "34.50",
            "161.00",
            "\u2212126.50",
        ],
        ["GST", "the account Xero keeps for it", "3", "21.00", "4.50", "16.50"],
    ]
    assert foot(page, "GL analysis in NZD") == "Total in NZD 195.50 195.50 0.00"


def test_R77_what_is_sold_credits_its_account_and_each_currency_stands_alone(house, bob, codes):
    batch = make_batch(house, kind=BatchType.AR_INVOICE)
    sold = DocumentKind.SALES_INVOICE
    enter(batch, codes, ("sale", "200.00", "30.00"), kind=sold)
    enter(batch, codes, ("sale", "50.00", "0.00"), kind=sold, currency_code="AUD")
    page = bob.open(f"/batches/{batch.number}/gl-analysis")
    assert body(page, "GL analysis in NZD")[0][:5] == [
        "AK.01.200",
        "\u2013",
        "1",
        "\u2013",
        "200.00",
    ]
    assert body(page, "GL analysis in AUD") == [
        ["AK.01.200", "\u2013", "1", "\u2013", "50.00", "\u221250.00"],
        ["Accounts Receivable", "the account Xero keeps for it", "1", "50.00", "\u2013", "50.00"],
    ]


def test_R77_a_journal_debits_one_account_and_credits_another(house, bob, codes):
    batch = make_batch(house, kind=BatchType.TIMESHEET)
    enter(batch, codes, ("cost", "400.00", "0.00"), kind=DocumentKind.JOURNAL)
    page = bob.open(f"/batches/{batch.number}/gl-analysis")
    assert [row[:1] + row[3:] for row in body(page, "GL analysis in NZD")] == [
        ["5900", "\u2013", "400.00", "\u2212400.00"],
        ["AK.01.310", "400.00", "\u2013", "400.00"],
    ]


def test_R77_a_line_without_an_account_stands_first_and_says_that_it_is_held_back(
    house, bob, codes
):
    batch = make_batch(house)
    enter(batch, codes, ("none", "10.00", "0.00"), ("cost", "5.00", "0.00"))
    first, *_ = body(bob.open(f"/batches/{batch.number}/gl-analysis"), "GL analysis in NZD")
    assert first[0] == "No GL account"
    assert "held back" in first[1]


def test_R93_what_is_in_xero_keeps_the_account_it_was_posted_to(house, bob, codes):
    batch = make_batch(house)
    document = enter(batch, codes, ("cost", "100.00", "15.00"))
    document.lines[0].gl_account = "AK.01.310"
    document.status = DocumentStatus.UPDATED
    codes["cost"].dr_gl_account = "999"
    db.session.commit()
    accounts = body(bob.open(f"/batches/{batch.number}/gl-analysis"), "GL analysis in NZD")
    assert [row[0] for row in accounts] == ["AK.01.310", "Accounts Payable", "GST"]
    lines = body(bob.open(f"/batches/{batch.number}/lines"), "Table of lines")
    assert lines[0][6] == "AK.01.310"


def test_R77_the_lines_show_the_accounts_they_would_post_to_now(house, bob, codes):
    batch = make_batch(house)
    enter(batch, codes, ("cost", "100.00", "15.00"), ("none", "1.00", "0.00"))
    one, other = body(bob.open(f"/batches/{batch.number}/lines"), "Table of lines")
    assert one[4:] == ["J1", "CONC", "AK.01.310", "G15", "100.00", "15.00", "115.00 NZD"]
    assert other[6] == "\u2013"


def test_R77_the_tax_summary_sums_by_gst_type_and_export_code(house, bob, codes):
    batch = make_batch(house)
    enter(batch, codes, ("cost", "100.00", "15.00"), ("cost", "20.00", "3.00"))
    enter(batch, codes, ("cost", "7.00", "0.00"))
    page = bob.open(f"/batches/{batch.number}/tax-summary")
    assert body(page, "Tax summary in NZD") == [
        ["G15", "GST 15%", "15", "INPUT2", "2", "120.00", "18.00", "138.00"],
        ["No GST Type", "\u2013", "\u2013", "\u2013", "1", "7.00", "0.00", "7.00"],
    ]
    assert foot(page, "Tax summary in NZD") == "Total in NZD 127.00 18.00 145.00"


@pytest.fixture
def in_part(house, people):
    """A batch of which one document is in Xero, one was refused and one never tried."""
    make_connection(house.fin_co)
    batch = make_batch(house)
    gone, refused, new = (make_document(batch) for _ in range(3))
    run = make_run(
        house.fin_co,
        [(gone, ItemState.SENT), (refused, ItemState.REJECTED)],
        user=people["Bob"],
    )
    return batch, run, (gone, refused, new)


def test_R111_a_partly_exported_batch_says_so_at_its_head_and_leads_to_what_did_not_go(
    bob, in_part
):
    batch, _, (_, refused, _) = in_part
    page = bob.open(f"/batches/{batch.number}")
    head = page.select_one("h1 ~ .notice")
    assert "Partly exported: 1 of 3 documents are in Xero." in squeezed(head)
    shown = bob.open(head.a["href"].partition("#")[0])
    (row,) = shown.select("#documents .documents tbody > tr")
    assert row.th.a["href"] == f"/documents/{refused.uid}"
    assert "Refused by Xero" in row.text
    assert squeezed(row.select_one(".problem")).startswith(REFUSED["message"])


def test_R110_an_exported_batch_says_who_exported_it_and_that_all_is_in_xero(house, bob, people):
    make_connection(house.fin_co)
    batch = make_batch(house, status=BatchStatus.EXPORTED, exported_by=people["Bob"])
    batch.exported_at = batch.created_at
    make_run(house.fin_co, [(make_document(batch), ItemState.SENT) for _ in range(2)])
    page = bob.open(f"/batches/{batch.number}")
    assert "All 2 documents are in Xero." in squeezed(page.select_one("h1 ~ .notice"))
    assert "by Bob" in squeezed(page.find("dt", string="Exported").parent)
    assert {row.select("td")[3].text for row in page.select(".documents tbody > tr")} == {"Updated"}
    assert len(page.select(".documents a.out")) == 2


@pytest.mark.parametrize(
    ("fate", "places"),
    [
        ("any", [0, 1, 2]),
        ("in Xero", [0]),
        ("did not go", [1]),
        ("not exported yet", [2]),
        ("on its way", []),
    ],
)
def test_the_documents_of_a_batch_are_told_apart_by_their_fate(bob, in_part, fate, places):
    batch, _, documents = in_part
    page = bob.open(f"/batches/{batch.number}?fate={fate}")
    shown = {link["href"] for link in page.select(".documents tbody th a")}
    assert shown == {f"/documents/{documents[place].uid}" for place in places}
    bob.open(f"/batches/{batch.number}?fate=lost", status=422)


def test_only_what_the_newest_run_made_of_a_document_counts_and_of_its_parts_the_worst(house, bob):
    batch = make_batch(house)
    document = make_document(batch)
    make_run(house.fin_co, [(document, ItemState.REJECTED)])
    later = make_run(house.fin_co, [(document, ItemState.PENDING)], finished=False)
    page = bob.open(f"/batches/{batch.number}")
    assert squeezed(page.select_one(".documents td .state")) == "Waiting its turn"
    db.session.add(
        ExportItem(
            run_id=later.id,
            batch_id=batch.id,
            document_id=document.id,
            part=2,
            total=Decimal(1),
            state=ItemState.UNCERTAIN,
        )
    )
    db.session.commit()
    page = bob.open(f"/batches/{batch.number}")
    states = [squeezed(state) for state in page.select(".documents td .state")]
    assert states == ["Being checked in Xero"]


def test_the_history_of_a_batch_names_its_runs(bob, in_part):
    batch, run, _ = in_part
    page = bob.open(f"/batches/{batch.number}/history")
    (row,) = body(page, "Export runs of the batch")
    assert row[0] == f"Run {run.id}"
    assert row[2] == "Bob"
    assert row[4] == "1 Refused by Xero 1 In Xero"


def test_a_reversal_and_what_it_reverses_lead_to_each_other(house, bob):
    first = make_batch(
        house, kind=BatchType.ADJUSTMENT, status=BatchStatus.EXPORTED, reversing=True
    )
    second = make_batch(house, kind=BatchType.ADJUSTMENT, source_batch_id=first.id)
    page = bob.open(f"/batches/{first.number}")
    link = page.find("dt", string="Reversed by").parent.a
    assert link["href"] == f"/batches/{second.number}"
    assert bob.open(link["href"]).find("dt", string="Reverses").parent.a.text == (
        f"Batch {first.number}"
    )


def test_R77_the_paper_holds_everything_and_no_navigation(house, bob, codes, people):
    batch = make_batch(house)
    for _ in range(101):
        make_document(batch)
    enter(batch, codes, ("cost", "100.00", "15.00"))
    page = bob.open(f"/batches/{batch.number}/print")
    assert not page.select(".navbar, form, .pages")
    assert len(body(page, "Table of documents")) == 102
    assert body(page, "GL analysis in NZD")
    assert body(page, "Tax summary in NZD")
    assert not page.find(attrs={"aria-label": "Table of lines"})
    assert "Printed by Bob" in squeezed(page)
    assert page.select_one('link[href$="paper.css"]')
    with_lines = bob.open(f"/batches/{batch.number}/print?lines=yes")
    assert len(body(with_lines, "Table of lines")) == 102


def test_R77_the_reports_are_files_too(house, bob, codes):
    batch = make_batch(house)
    enter(batch, codes, ("cost", "100.00", "15.00"), ("cost", "-1.00", "0.00"), number="=1+1")
    path = f"/batches/{batch.number}"
    headings, document = rows_of(bob.get(f"{path}/documents.csv"))
    told = dict(zip(headings, document, strict=True))
    assert (told["Document"], told["inc GST"], told["Export"]) == (
        "'=1+1",
        "114.00",
        "not exported yet",
    )
    headings, one, _ = rows_of(bob.get(f"{path}/lines.csv"))
    assert dict(zip(headings, one, strict=True))["GL account"] == "AK.01.310"
    _, account, payable, gst = rows_of(bob.get(f"{path}/gl-analysis.csv"))
    assert account[1:] == ["NZD", "AK.01.310", "Materials", "100.00", "1.00", "99.00", "2"]
    assert payable[3:6] == ["Accounts Payable", "1.00", "115.00"]
    assert gst[3:6] == ["GST", "15.00", "0.00"]
    _, typed, untyped = rows_of(bob.get(f"{path}/tax-summary.csv"))
    assert typed[2:] == ["G15", "GST 15%", "15.00", "INPUT2", "1", "100.00", "15.00", "115.00"]
    assert untyped[2] == ""


def test_the_pages_of_a_batch_take_a_fixed_number_of_statements(house, bob, codes, statements):
    batch = make_batch(house)

    def told(address: str) -> int:
        with statements() as seen:
            bob.open(address)
        return len(seen)

    addresses = [
        f"/batches/{batch.number}{page}"
        for page in ("", "/lines", "/gl-analysis", "/tax-summary", "/history", "/print?lines=yes")
    ]
    refused = enter(batch, codes, ("cost", "10.00", "1.50"))
    make_run(house.fin_co, [(refused, ItemState.REJECTED)])
    few = [told(address) for address in addresses]
    more = [enter(batch, codes, ("cost", "10.00", "1.50")) for _ in range(15)]
    make_run(house.fin_co, [(document, ItemState.REJECTED) for document in more])
    assert [told(address) for address in addresses] == few
    assert few[0] <= 9


def test_a_batch_of_another_fin_co_has_no_reports(house, charlie):
    batch = make_batch(house)
    for page in ("lines", "gl-analysis", "tax-summary", "history", "print", "documents.csv"):
        charlie.open(f"/batches/{batch.number}/{page}", status=404)
    charlie.open(f"/batches/{uuid.uuid4().hex[:8]}/lines", status=404)


def test_the_list_of_the_command_line_adds_no_currencies_up(house):
    plain, mixed, empty = (make_batch(house) for _ in range(3))
    make_document(plain, value="10.00")
    make_document(mixed, value="20.00")
    make_document(mixed, value="30.00", currency_code="AUD")
    listed = {row.number: row for row in batches(fin_co="01")}
    assert listed[plain.number].value_ex_gst == Decimal("10.00")
    assert listed[empty.number].value_ex_gst == 0
    assert listed[mixed.number].value_ex_gst is None
    assert [(one.currency, one.value_ex_gst) for one in listed[mixed.number].totals] == [
        ("AUD", Decimal("30.00")),
        ("NZD", Decimal("20.00")),
    ]
    assert batches(fin_co="02") == []
    assert [row.number for row in batches(numbers=[mixed.number])] == [mixed.number]
