import datetime as dt

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from entering import documents, logged, made_firm, texts
from factories import make_batch, make_document

from webapp.db import db
from webapp.domain.batches import BatchStatus, BatchType
from webapp.domain.documents import DocumentStatus
from webapp.domain.entry.kinds import ENTERED_TYPES
from webapp.models import Batch, Document

NEW = {"type": "AP Invoice", "fin_co": "01", "date": "2026-11-12", "reference": "November"}


@pytest.fixture
def firm(house, people):
    return made_firm(house)


def soup(response) -> BeautifulSoup:
    return BeautifulSoup(response.text, "html.parser")


def batches() -> list[Batch]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Batch).order_by(Batch.id)))


def test_R82_a_new_batch_gets_its_number_when_it_is_saved_and_no_other_gets_it(bob, firm):
    first = bob.send("/batches/new", NEW)
    second = bob.send("/batches/new", {**NEW, "type": "AP Credit"})
    one, two = batches()
    assert (first.location, second.location) == (f"/batches/{one.number}", f"/batches/{two.number}")
    assert (one.number, two.number) == ("A2720001", "A2720002")
    assert (one.reference, one.status, one.period) == (
        "November",
        BatchStatus.OPEN,
        firm.house.period,
    )
    assert "holds no documents. Its number stays taken." in bob.open(first.location).text
    assert logged()[0] == ("make batch", {"batch": one.number, "batch_type": "AP Invoice"})


def test_every_type_that_is_entered_can_be_chosen(bob, firm):
    options = bob.open("/batches/new").select("#b-type option")
    assert {option["value"] for option in options} - {""} == {kind.value for kind in ENTERED_TYPES}
    for kind in ENTERED_TYPES:
        assert bob.send("/batches/new", {**NEW, "type": kind.value}).status_code == 303
    assert {batch.batch_type for batch in batches()} == ENTERED_TYPES


def test_the_period_of_a_date_is_shown_and_a_closed_one_refused(bob, firm):
    firm.house.period.ap_closed = True
    db.session.commit()
    page = bob.open("/batches/new?type=AP+Invoice")
    assert "Period 8 of 2027. It is closed for AP Invoice batches." in page.text
    part = bob.open("/batches/new/period?date=2026-10-05&type=Adjustment", htmx=True)
    assert "the current one: that of the date is past" in part.text
    response = bob.send("/batches/new", NEW)
    assert response.status_code == 409
    assert "Period 8 of 2027 is closed for AP Invoice batches." in response.text
    assert soup(response).select_one("#b-reference")["value"] == "November"
    assert batches() == []


@pytest.mark.parametrize("date", ["2026-09-30", "2026-12-01", "2062-11-20"])
def test_a_date_that_no_period_holds_is_refused_with_those_there_are(bob, firm, date):
    told = (
        f"The batch date {dt.date.fromisoformat(date):%d %b %Y} is in no financial period: those "
        "that exist run from 01 Oct 2026 to 30 Nov 2026."
    )
    part = bob.open(f"/batches/new/period?date={date}&type=AP+Invoice", htmx=True)
    assert told in part.text
    response = bob.send("/batches/new", {**NEW, "date": date})
    assert response.status_code == 409
    assert told in response.text
    assert "Correct the date, or add its period under Set-up, Period Ends." in response.text
    assert batches() == []


def test_what_is_missing_is_told_at_its_box(bob, firm):
    response = bob.send("/batches/new", {"type": "Payroll", "date": "soon", "reference": "x" * 61})
    page = soup(response)
    assert response.status_code == 422
    for box in ("type", "fin_co", "date", "reference"):
        assert page.select_one(f"#b-{box}-said .fault"), box
    assert bob.send("/batches/new", {**NEW, "fin_co": "02"}).status_code == 404


def test_only_adjustments_are_reversing(bob, firm):
    assert bob.send("/batches/new", {**NEW, "reversing": "yes"}).status_code == 409
    made = bob.send("/batches/new", {**NEW, "type": "Adjustment", "reversing": "yes"})
    assert batches()[0].reversing
    assert "it is reversed in the next period" in bob.open(made.location).text


def test_the_list_shows_open_batches_and_by_type_and_status(bob, charlie, firm):
    one = firm.batch(reference="Ready-mix")
    two = firm.batch(BatchType.ADJUSTMENT)
    closed = make_batch(firm.house)
    make_document(one, status=DocumentStatus.ENTERED)

    def shown(address: str, who=bob) -> set[str]:
        return set(texts(who.open(address), "#listing tbody th"))

    assert shown("/batches") == {one.number, two.number}
    assert shown("/batches?type=Adjustment") == {two.number}
    assert shown("/batches?status=closed") == {closed.number}
    assert shown("/batches?status=any&text=ready") == {one.number}
    assert shown("/batches?fin_co=01&sort=date&status=any") == {
        one.number, two.number, closed.number,
    }  # fmt: skip
    assert shown("/batches", charlie) == set()
    charlie.open("/batches?fin_co=01", status=404)
    bob.open("/batches?status=lost", status=422)
    lines = bob.get("/batches.csv?type=AP+Invoice").text.splitlines()
    assert lines[1] == f"{one.number},AP Invoice,01,2026-11-12,2027,8,Ready-mix,open,1,1"


def test_a_batch_that_cannot_be_closed_leads_to_what_is_not_approved(bob, firm):
    batch = firm.batch()
    waiting = make_document(batch, status=DocumentStatus.ENTERED)
    make_document(batch)
    assert bob.send(f"/batches/{batch.number}/close").status_code == 303
    page = bob.open(f"/batches/{batch.number}")
    assert page.select_one('#notice a[href$="#unapproved"]')
    assert [link["href"] for link in page.select("#unapproved a")] == [f"/documents/{waiting.uid}"]
    assert batches()[0].status is BatchStatus.OPEN


def test_all_documents_of_a_batch_are_approved_at_once_and_it_is_closed(bob, firm, people):
    batch = firm.batch()
    for _ in range(3):
        make_document(batch, status=DocumentStatus.ENTERED)
    page = bob.open(f"/batches/{batch.number}/approve")
    assert "3 documents are not approved yet" in page.text
    bob.send(f"/batches/{batch.number}/approve")
    found = documents()
    assert {one.status for one in found} == {DocumentStatus.APPROVED}
    assert {one.approved_by_id for one in found} == {people["Bob"].id}
    bob.send(f"/batches/{batch.number}/close")
    assert batches()[0].status is BatchStatus.CLOSED
    assert logged() == [
        ("approve batch", {"batch": batch.number, "documents": 3}),
        ("close batch", {"batch": batch.number}),
    ]
    assert bob.get(f"/batches/{batch.number}/approve").status_code == 303


def test_R81_adjustments_that_do_not_sum_to_zero_are_not_closed_and_the_difference_is_told(
    bob, firm
):
    batch = firm.batch(BatchType.ADJUSTMENT)
    make_document(batch, value="100.00", gst="0.00")
    make_document(batch, value="-99.50", gst="0.00")
    assert "The adjustments sum to 0.50." in bob.open(f"/batches/{batch.number}").text
    bob.send(f"/batches/{batch.number}/close")
    page = bob.open(f"/batches/{batch.number}")
    assert "sum to 0.50, not to zero" in page.select_one("#notice").text
    make_document(batch, value="-0.50", gst="0.00")
    bob.send(f"/batches/{batch.number}/close")
    page = bob.open(f"/batches/{batch.number}")
    assert "each journal has to balance by itself, and 3 do not" in page.select_one("#notice").text
    assert batches()[0].status is BatchStatus.OPEN
    db.session.execute(sa.update(Document).values(value_ex_gst=0))
    db.session.commit()
    bob.send(f"/batches/{batch.number}/close")
    assert batches()[0].status is BatchStatus.CLOSED


def test_R77_an_open_batch_offers_to_add_and_edit_only_to_those_who_may(bob, rita, firm):
    batch = firm.batch()
    document = make_document(batch, status=DocumentStatus.ENTERED)
    edit = f'a[href="/documents/{document.uid}/edit"]'
    address = f"/batches/{batch.number}"
    assert bob.open(address).select_one(edit)
    assert bob.open(address).find("a", string="+ Add AP Invoice")
    assert not rita.open(address).select_one(edit)
    assert not rita.open(address).find("a", string="+ Add AP Invoice")
    assert rita.open(f"/documents/{document.uid}").select_one("h1")


def test_an_open_batch_of_a_closed_period_says_why_nothing_is_added(bob, firm):
    batch = firm.batch()
    firm.house.period.ap_closed = True
    db.session.commit()
    page = bob.open(f"/batches/{batch.number}")
    assert "is closed for AP Invoice batches" in page.text
    assert not page.find("a", string="+ Add AP Invoice")
    assert batch.batch_date == dt.date(2026, 11, 12)


def test_no_page_shows_a_notice_that_says_nothing(bob, firm):
    batch = firm.batch()
    document = make_document(batch, status=DocumentStatus.ENTERED)
    for address in (
        "/batches", "/batches/new", f"/batches/{batch.number}", f"/batches/{batch.number}/approve",
        f"/batches/{batch.number}/documents/new", f"/documents/{document.uid}",
        f"/documents/{document.uid}/edit", f"/documents/{document.uid}/delete",
    ):  # fmt: skip
        assert bob.open(address).select(".notice") == [], address
