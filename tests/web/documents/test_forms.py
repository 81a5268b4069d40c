from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from entering import INVOICE, documents, logged, made_firm, sent, texts
from factories import make_document

from webapp.db import db
from webapp.domain.batches import BatchStatus, BatchType
from webapp.domain.documents import DocumentKind, DocumentStatus


@pytest.fixture
def firm(house, people):
    return made_firm(house)


def soup(response) -> BeautifulSoup:
    return BeautifulSoup(response.text, "html.parser")


def new(batch, kind: str | None = None) -> str:
    return f"/batches/{batch.number}/documents/new" + (f"?kind={kind}" if kind else "")


def filled(browser, address: str, more: dict) -> dict:
    return {**sent(browser.open(address)), **more}


def entered(browser, address: str, more: dict, do: str = "save"):
    return browser.send(address, {**filled(browser, address, more), "do": do})


def faults(response) -> list[str]:
    return texts(soup(response), "#sheet .notice li")


def test_an_ap_invoice_is_entered_with_its_gst_and_due_date(bob, firm):
    batch = firm.batch()
    response = entered(bob, new(batch), INVOICE)
    (document,) = documents()
    assert response.status_code == 303
    assert response.location == f"/documents/{document.uid}"
    assert (document.kind, document.number) == (DocumentKind.AP_INVOICE, "F-1001")
    assert (document.value_ex_gst, document.gst) == (Decimal(1000), Decimal(150))
    assert document.due_date.isoformat() == "2026-12-20"
    assert document.lines[0].gst_overridden is False
    page = bob.open(response.location)
    assert "AP Invoice F-1001 is saved." in page.text
    assert page.find("a", string=f"Enter another AP Invoice in batch {batch.number}")
    assert logged() == [
        ("enter document", {"document": "AP Invoice F-1001", "batch": batch.number})
    ]


def test_R98_gst_is_worked_out_on_each_line_and_one_given_by_hand_is_kept_and_marked(bob, firm):
    address = new(firm.batch())
    lines = {f"{key}-{name}": INVOICE[f"1-{name}"] for key in "123" for name in ("job", "activity")}
    lines |= {f"{key}-value": "10.10" for key in "123"}
    form = {**filled(bob, address, {**INVOICE, **lines}), "line": ["1", "2", "3"]}
    page = soup(bob.send(address, {**form, "do": "reckon"}, htmx=True))
    assert page.select_one("#totals")["hx-swap-oob"] == "true"
    assert "GST 4.56" in texts(page, "#totals > div")
    assert texts(page, "#d-2-gst-told") == ["1.52 (G15, 15 %)"]
    form["3-gst"] = "1.51"
    page = soup(bob.send(address, {**form, "do": "reckon"}, htmx=True))
    assert texts(page, "#d-3-gst-told") == ["Given by hand. Computed: 1.52"]
    assert "Inc GST 34.85 NZD" in texts(page, "#totals > div")
    assert bob.send(address, {**form, "do": "save"}).status_code == 303
    (document,) = documents()
    assert document.gst == Decimal("4.55")
    assert [line.gst_overridden for line in document.lines] == [False, False, True]
    assert texts(bob.open(f"/documents/{document.uid}"), "tbody td small") == ["by hand"]
    page = bob.open(f"/documents/{document.uid}/edit")
    assert [page.select_one(f"#d-{key}-gst")["value"] for key in "123"] == ["", "", "1.51"]


def test_lines_are_added_copied_and_removed_without_javascript_and_nothing_is_lost(bob, firm):
    address = new(firm.batch())
    page = soup(entered(bob, address, INVOICE, "add"))
    assert sent(page)["line"] == ["1", "2"]
    assert page.select_one("#line-2 legend").has_attr("autofocus")
    form = {**sent(page), "2-description": "Sand", "2-value": "nonsense"}
    page = soup(bob.send(address, {**form, "do": "copy-1"}))
    form = sent(page)
    assert form["line"] == ["1", "3", "2"]
    assert (form["3-description"], form["3-value"]) == ("Concrete", "1,000.00")
    assert form["2-value"] == "nonsense"
    form = sent(soup(bob.send(address, {**form, "do": "remove-1"})))
    assert form["line"] == ["3", "2"]
    assert {name: form[name] for name in ("company", "number", "2-description")} == {
        "company": "S100",
        "number": "F-1001",
        "2-description": "Sand",
    }
    form = sent(soup(bob.send(address, {**form, "do": "remove-3"})))
    form = sent(soup(bob.send(address, {**form, "do": "remove-2"})))
    assert form["line"] == ["3"]
    assert form["3-description"] == ""
    assert documents() == []


def test_everything_wrong_is_told_at_once_at_its_box_and_in_a_list_that_leads_there(bob, firm):
    response = entered(
        bob,
        new(firm.batch()),
        {
            "company": "Nobody",
            "number": "",
            "date": "2026-11-31",
            "1-job": "9999",
            "1-activity": "MAT",
            "1-value": "12,5",
        },
    )
    page = soup(response)
    assert response.status_code == 422
    links = {link["href"] for link in page.select("#sheet .notice li a")}
    assert links == {"#d-company", "#d-number", "#d-date", "#d-1-job", "#d-1-value"}
    for link in links:
        box = page.select_one(link)
        assert box["aria-invalid"] == "true"
        assert page.select_one(f"{link}-said .fault"), link
    assert texts(page, "#faults-title")[0].endswith("5 things are to be corrected.")
    assert page.select_one("#d-1-value")["value"] == "12,5"
    assert documents() == []


def test_a_supplier_s_number_that_is_there_already_is_refused_with_a_way_to_it(bob, firm):
    other = firm.batch()
    there = make_document(other, company=firm.supplier, number="F-1001")
    response = entered(bob, new(firm.batch()), INVOICE)
    assert response.status_code == 422
    assert f"already in batch {other.number}" in faults(response)[0]
    link = soup(response).select_one(f'a[href="/documents/{there.uid}"]')
    assert other.number in link.text


def test_R97_a_credit_without_terms_asks_for_its_payment_date_and_is_applied(bob, firm):
    firm.supplier.payment_terms_days = None
    invoice = make_document(firm.batch(), company=firm.supplier, number="F-1001")
    address = new(firm.batch(BatchType.AP_CREDIT))
    credit = {**INVOICE, "number": "CR-1", "1-value": "-100", "applies_to": "F-1001"}
    response = entered(bob, address, credit)
    assert response.status_code == 422
    assert soup(response).select_one('.notice a[href="#d-due_date"]')
    assert "(R97)" in faults(response)[0]
    assert entered(bob, address, {**credit, "due_date": "2026-12-20"}).status_code == 303
    made = documents()[-1]
    assert (made.kind, made.applies_to_id) == (DocumentKind.AP_CREDIT, invoice.id)
    assert made.value_ex_gst == Decimal(-100)
    assert bob.open(f"/documents/{made.uid}/edit").select_one("#d-applies_to")["value"] == "F-1001"


def test_a_contract_claim_with_retention_is_entered_in_a_batch_of_sales(bob, firm):
    batch = firm.batch(BatchType.AR_INVOICE)
    links = [link["href"] for link in bob.open(f"/batches/{batch.number}").select("a.btn-primary")]
    assert links == [
        f"/batches/{batch.number}/documents/new?kind=Job+Sales+Invoice",
        f"/batches/{batch.number}/documents/new?kind=Contract+Claim",
    ]
    claim = {
        "company": "C100", "job": "1001", "number": "10001", "claim_no": "3", "date": "2026-11-12",
        "line": ["1", "2"], "1-sales_code": "REV", "1-value": "10000.00",
        "2-sales_code": "RET", "2-value": "-500.00", "2-job": "", "2-description": "Held back",
        "2-work_centre": "", "2-quantity": "", "2-gst": "", "2-gst_type": "",
    }  # fmt: skip
    assert entered(bob, links[1], claim).status_code == 303
    (document,) = documents()
    assert document.kind is DocumentKind.CONTRACT_CLAIM
    assert document.claim_no == 3
    assert document.gst == Decimal(1425)
    assert [line.is_retention for line in document.lines] == [False, True]


@pytest.mark.parametrize(
    ("kind", "batch_type", "values"),
    [
        ("Subcontract Claim", BatchType.SUB_CLAIM, {**INVOICE, "claim_no": "1"}),
        (
            "Job Sales Invoice",
            BatchType.AR_INVOICE,
            {"company": "City Council", "number": "5", "job": "1001", "1-sales_code": "REV"},
        ),
        (
            "Job Sales Credit",
            BatchType.AR_CREDIT,
            {
                "company": "City Council · C100",
                "number": "6",
                "job": "1001",
                "1-sales_code": "REV",
                "1-value": "-50",
            },
        ),
        (
            "Journal",
            BatchType.TIMESHEET,
            {"1-job": "1001", "1-activity": "LAB", "1-quantity": "7.5", "1-cr_account": "800"},
        ),
        ("Journal", BatchType.ADJUSTMENT, {"1-dr_account": "300", "1-job": "1001"}),
    ],
)
def test_every_kind_has_its_form(bob, firm, kind, batch_type, values):
    response = entered(bob, new(firm.batch(batch_type), kind), {"1-value": "50.00", **values})
    assert response.status_code == 303, faults(response)
    (document,) = documents()
    assert document.kind.value == kind
    page = bob.open(f"/documents/{document.uid}/edit")
    assert bob.send(f"/documents/{document.uid}/edit", {**sent(page), "do": "save"}).location == (
        f"/documents/{document.uid}"
    )
    (again,) = documents()
    assert (again.value_ex_gst, again.gst, again.company_id) == (
        document.value_ex_gst,
        document.gst,
        document.company_id,
    )


def test_a_foreign_currency_takes_its_rate_and_one_of_its_own(bob, firm):
    address = new(firm.batch())
    page = soup(
        bob.send(
            address,
            {**filled(bob, address, {**INVOICE, "currency": "AUD"}), "do": "reckon"},
        )
    )
    assert "Rate 0.92 AUD for 1 NZD" in texts(page, "#totals > div")
    entered(bob, address, {**INVOICE, "currency": "AUD", "currency_rate": "0.913"})
    (document,) = documents()
    assert (document.currency_code, document.currency_rate) == ("AUD", Decimal("0.913"))


def test_two_people_at_one_document_lose_nothing(alice, bob, firm):
    document = make_document(
        firm.batch(), company=firm.supplier, number="F-1", status=DocumentStatus.ENTERED
    )
    address = f"/documents/{document.uid}/edit"
    mine = {**sent(bob.open(address)), "1-job": "1001", "1-activity": "MAT"}
    hers = {**mine, "reference": "hers", "1-value": "200.00"}
    assert alice.send(address, {**hers, "do": "save"}).status_code == 303

    response = bob.send(address, {**mine, "reference": "his", "do": "save"})

    page = soup(response)
    assert response.status_code == 409
    assert "changed by somebody else" in page.text
    assert page.select_one("#d-reference")["value"] == "his"
    assert "Kept now: hers" in texts(page, ".box-reference .now")
    assert "200.00" in texts(page, "div.now li")[0]
    assert documents()[0].reference == "hers"
    assert bob.send(address, {**sent(page), "do": "save"}).status_code == 303
    assert documents()[0].reference == "his"
    assert documents()[0].value_ex_gst == Decimal(100)


@pytest.mark.parametrize("status", [BatchStatus.CLOSED, BatchStatus.EXPORTED])
def test_R78_a_document_of_a_batch_that_is_not_open_is_read_only_and_says_why(bob, firm, status):
    document = make_document(
        firm.batch(), company=firm.supplier, number="F-1", status=DocumentStatus.ENTERED
    )
    form = sent(bob.open(f"/documents/{document.uid}/edit"))
    document.batch.status = status
    db.session.commit()
    page = bob.open(f"/documents/{document.uid}")
    assert f"is {status.value}, so nothing in it can be changed." in page.text
    assert not page.select('form[action*="attachments"], a[href$="/edit"], a[href$="/delete"]')
    response = bob.get(f"/documents/{document.uid}/edit")
    assert response.location == f"/documents/{document.uid}"
    assert bob.get(f"/batches/{document.batch.number}/documents/new").status_code == 303
    form |= {"reference": "late", "1-job": "1001", "1-activity": "MAT", "do": "save"}
    response = bob.send(f"/documents/{document.uid}/edit", form)
    assert response.status_code == 409
    assert soup(response).select_one("#d-reference")["value"] == "late"
    assert documents()[0].reference is None


def test_an_approved_document_is_not_edited_until_its_approval_is_taken_back(bob, firm):
    document = make_document(firm.batch(), company=firm.supplier)
    assert bob.get(f"/documents/{document.uid}/edit").location == f"/documents/{document.uid}"
    assert "Take approval back" in bob.open(f"/documents/{document.uid}").text


def test_a_job_code_of_two_profit_centres_is_told_apart(bob, firm):
    batch = firm.batch()
    response = entered(bob, new(batch), {**INVOICE, "1-job": "1002"})
    assert "Several profit centres have a job 1002" in faults(response)[0]
    address = f"/batches/{batch.number}/documents/suggest?kind=AP+Invoice&name=1-job&1-job=1002"
    offered = [option["data-value"] for option in bob.open(address).select("[role=option]")]
    assert offered == ["1002 · AK", "1002 · WN"]
    entered(bob, new(batch), {**INVOICE, "1-job": "1002 · WN"})
    (document,) = documents()
    page = bob.open(f"/documents/{document.uid}/edit")
    assert page.select_one("#d-1-job")["value"] == "1002 · WN"


@pytest.mark.parametrize(
    ("box", "typed", "offered"),
    [
        ("company", "fle", ["Fletcher Ltd · S100"]),
        ("company", "", ["Fletcher Ltd · S100"]),
        ("1-job", "bridge", ["1001"]),
        ("1-job", "2001", []),
        ("1-activity", "mat", ["MAT"]),
    ],
)
def test_a_box_offers_what_fits_of_its_own_fin_co(bob, firm, box, typed, offered):
    batch = firm.batch()
    address = f"/batches/{batch.number}/documents/suggest?kind=AP+Invoice&name={box}&{box}={typed}"
    found = bob.open(address, htmx=True).select("[role=option]")
    assert [option["data-value"] for option in found] == offered
    assert all(option["id"].startswith(f"r-{box}-") for option in found)


def test_without_javascript_the_boxes_know_what_they_can_hold(bob, firm):
    page = bob.open(new(firm.batch()))
    assert page.select_one("#d-1-job")["list"] == "known-job"
    offered = page.select("noscript #known-job option")
    assert [option["value"] for option in offered] == ["1001", "1002 · AK", "1002 · WN"]


def test_a_kind_that_the_batch_does_not_hold_has_no_form(bob, firm):
    bob.open(new(firm.batch(), "Contract Claim"), status=422)
    bob.open(new(firm.batch(BatchType.PAYROLL)), status=404)
