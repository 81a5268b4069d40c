from factories import make_batch, make_document
from listed_batches import numbers, ticks

from webapp.db import db
from webapp.domain.batches import BatchStatus, BatchType
from webapp.domain.documents import DocumentKind, DocumentStatus
from webapp.models import Batch


def test_R78_all_open_batches_shown_are_closed_at_once_without_scripts_too(house, bob):
    batches = [make_batch(house, status=BatchStatus.OPEN) for _ in range(2)]
    marked = make_batch(house, status=BatchStatus.OPEN, not_for_export=True)
    page = bob.open("/export-control?status=any")
    form = {
        "all_open": "yes",
        "back": "/export-control",
        **{
            name: [field["value"] for field in page.select(f"input[type=hidden][name={name}]")]
            for name in ("shown", "closable")
        },
    }
    response = bob.send("/export-control/close", form)
    notices = bob.open(response.location).select("#notice .notice")
    assert [notice.strong.text for notice in notices] == ["2 batches are closed."]
    db.session.rollback()
    assert {db.session.get_one(Batch, batch.id).status for batch in batches} == {BatchStatus.CLOSED}
    assert db.session.get_one(Batch, marked.id).status is BatchStatus.OPEN


def test_R78_only_the_ticked_open_batches_are_closed(house, bob):
    ticked, left = (make_batch(house, status=BatchStatus.OPEN) for _ in range(2))
    page = bob.open("/export-control")
    offered = [tick["value"] for tick in page.select("tbody input[name=open]")]
    assert offered == [str(ticked.id), str(left.id)]
    bob.send("/export-control/close", {"open": [ticked.id], "shown": offered, "closable": offered})
    db.session.rollback()
    assert db.session.get_one(Batch, ticked.id).status is BatchStatus.CLOSED
    assert db.session.get_one(Batch, left.id).status is BatchStatus.OPEN


def test_R78_R81_what_cannot_be_closed_says_what_hinders_and_leads_to_it(house, bob):
    unapproved = make_batch(house, status=BatchStatus.OPEN)
    uneven = make_batch(house, status=BatchStatus.OPEN, kind=BatchType.ADJUSTMENT)
    documents = {
        unapproved.id: make_document(unapproved, number="S-99", status=DocumentStatus.ENTERED),
        uneven.id: make_document(uneven, kind=DocumentKind.JOURNAL, value="10.00", gst="0.00"),
    }
    response = bob.send(
        "/export-control/close", {"open": [unapproved.id, uneven.id], "back": "/export-control"}
    )
    told, summed = bob.open(response.location).select("#notice .notice-danger")
    assert "S-99" in told.text
    assert "sum to 10.00, not to zero" in summed.text
    for notice, batch in ((told, unapproved), (summed, uneven)):
        address = notice.a["href"]
        assert address == f"/batches/{batch.number}#needs"
        hindering = bob.open(address).find(id="needs").select("li a")
        assert [link["href"] for link in hindering] == [f"/documents/{documents[batch.id].uid}"]


def test_R79_ticked_open_batches_are_marked_not_for_export_and_the_mark_is_taken_off(house, bob):
    batches = [make_batch(house, status=BatchStatus.OPEN) for _ in range(2)]
    ticked = {"open": [batch.id for batch in batches]}
    back = "/export-control?status=not+for+export"
    path = "/export-control/not-for-export"
    response = bob.send(path, {**ticked, "marked": "yes", "back": back})
    page = bob.open(response.location)
    assert "2 batches are marked Not For Export." in page.text
    assert numbers(page) == [batch.number for batch in batches]
    assert all(tick.has_attr("disabled") for tick in ticks(page))
    bob.send(path, {**ticked, "marked": "no", "back": back})
    assert numbers(bob.open("/export-control")) == [batch.number for batch in batches]
    assert bob.send(path, {**ticked, "marked": "perhaps"}).status_code == 422


def test_R79_a_closed_batch_is_not_marked_unless_it_holds_nothing(house, bob):
    full, empty = make_batch(house), make_batch(house)
    make_document(full)
    for batch in (full, empty):
        bob.send(f"/batches/{batch.number}/not-for-export", {"marked": "yes"})
    db.session.rollback()
    assert not db.session.get_one(Batch, full.id).not_for_export
    assert db.session.get_one(Batch, empty.id).not_for_export


def test_Q34_a_closed_batch_of_zero_lines_alone_offers_the_mark_and_says_why(house, bob):
    batch = make_batch(house, kind=BatchType.TIMESHEET)
    make_document(batch, kind=DocumentKind.JOURNAL, value="0.00", gst="0.00")
    address = f"/batches/{batch.number}"

    page = bob.open(address)
    assert "only journals whose lines are zero" in page.text
    form = page.select_one(f'form[action="{address}/not-for-export"]')
    bob.send(form["action"], {"marked": form.select_one("[name=marked]")["value"]})

    assert "Marked Not For Export: it is never sent." in bob.open(address).text
    assert numbers(bob.open("/export-control")) == []


def test_nothing_ticked_says_where_to_tick(bob):
    response = bob.send("/export-control/close", {"back": "/export-control?status=open"})
    assert "no open batch is ticked" in bob.open(response.location).text


def test_R80_no_batch_is_made_here_and_the_screen_for_it_is_linked(house, bob):
    make_batch(house)
    page = bob.open("/export-control")
    assert page.select_one('main a[href="/batches"]')
    assert not page.find(string=lambda text: "New Batch" in text)
    assert bob.send("/export-control", {}).status_code == 405


def test_R82_a_number_stays_taken_by_an_empty_closed_batch(house, bob):
    empty = make_batch(house)
    make_batch(house)
    row = bob.open(f"/export-control?number={empty.number}").select_one("tbody tr")
    assert row.th.text.strip() == empty.number
    assert "holds no documents" in bob.open(f"/batches/{empty.number}").text
