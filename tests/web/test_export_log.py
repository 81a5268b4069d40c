import csv
import io

import pytest
from factories import NOW, make_batch, make_connection, make_document, make_run

from webapp.db import db
from webapp.domain.runs import ItemState
from webapp.models import AuditEvent, ExportItem
from webapp.queries.paging import PAGE_SIZE


def squeezed(tag) -> str:
    return " ".join(tag.text.split())


@pytest.fixture
def documents(house, people):
    """Four documents of one run: two in Xero, one refused by it, one not sent."""
    make_connection(house.fin_co)
    batch = make_batch(house)
    made = [make_document(batch) for _ in range(4)]
    states = [ItemState.SENT, ItemState.REJECTED, ItemState.BLOCKED, ItemState.SENT]
    make_run(house.fin_co, list(zip(made, states, strict=True)), user=people["Bob"])
    return made


def shown(page) -> dict[str, str]:
    rows = page.select("tbody > tr")
    return {row.select_one("th a").text: squeezed(row.select_one(".state")) for row in rows}


def items_of(documents) -> list[str]:
    ids = [document.id for document in documents]
    found = db.session.query(ExportItem).where(ExportItem.document_id.in_(ids))
    return [str(item.id) for item in found]


def test_C12_4_the_log_tells_time_document_result_and_the_link_into_xero(bob, documents):
    page = bob.open("/export-log")
    assert shown(page) == {
        documents[0].number: "In Xero",
        documents[1].number: "Refused by Xero",
        documents[2].number: "Not sent",
        documents[3].number: "In Xero",
    }
    sent = next(row for row in page.select("tbody > tr") if documents[0].number in row.text)
    assert sent.select_one("a.out")["href"].partition("?")[0].endswith("/default.aspx")
    assert f"{NOW:%Y}" in sent.select_one(".day").text
    assert sent.select_one(".day a")["href"].startswith("/export-runs/")


def test_R113_what_did_not_arrive_stays_with_batch_line_and_xero_s_words_until_cleared(
    bob, documents
):
    page = bob.open("/export-log?show=attention")
    assert set(shown(page)) == {documents[1].number, documents[2].number}
    row = page.select_one("tbody > tr")
    assert documents[1].batch.number in row.text
    assert "Line 1." in squeezed(row)
    assert row.blockquote.text == "Account code '310' has been <archived> or deleted."

    bob.send("/export-log/clear", {"item": items_of([documents[1]]), "back": "/export-log"})

    assert set(shown(bob.open("/export-log?show=attention"))) == {documents[2].number}
    everything = bob.open("/export-log")
    assert "by Bob" in squeezed(everything)
    assert "1 document needs attention" in squeezed(everything)
    db.session.rollback()
    (entry,) = db.session.query(AuditEvent).where(AuditEvent.action == "clear export problems")
    assert entry.detail == {"documents": 1}


def test_what_a_later_export_brought_in_needs_no_attention(bob, house, documents):
    make_run(house.fin_co, [(documents[1], ItemState.SENT), (documents[2], ItemState.BLOCKED)])
    page = bob.open("/export-log?show=attention")
    assert list(shown(page)) == [documents[2].number]


def test_R115_a_refused_part_needs_attention_though_a_later_part_of_it_arrived(bob, house):
    make_connection(house.fin_co)
    journal = make_document(make_batch(house))
    run = make_run(house.fin_co, [(journal, ItemState.REJECTED)])
    db.session.add(
        ExportItem(
            run_id=run.id,
            batch_id=journal.batch_id,
            document=journal,
            part=2,
            total=journal.value_ex_gst,
            state=ItemState.SENT,
            problems=[],
        )
    )
    db.session.commit()
    page = bob.open("/export-log?show=attention")
    assert shown(page) == {journal.number: "Refused by Xero"}


def test_a_refusal_still_needs_attention_when_the_next_export_was_cancelled(bob, house, documents):
    make_run(house.fin_co, [(documents[1], ItemState.CANCELLED)])
    assert documents[1].number in shown(bob.open("/export-log?show=attention"))


def test_a_remark_of_xero_s_on_a_document_it_took_needs_attention(bob, house, documents):
    item = db.session.query(ExportItem).where(ExportItem.document_id == documents[0].id).one()
    item.problems = [
        {"code": "total-differs", "record": "x", "message": "Here it is 1.00.", "way_out": "Look."}
    ]
    db.session.commit()
    assert documents[0].number in shown(bob.open("/export-log?show=attention"))


def test_of_another_fin_co_nothing_is_shown_and_nothing_is_cleared(charlie, documents):
    assert shown(charlie.open("/export-log")) == {}
    charlie.send("/export-log/clear", {"item": items_of(documents), "back": "/export-log"})
    assert db.session.query(ExportItem).where(ExportItem.cleared_at.is_not(None)).count() == 0


def test_who_may_only_read_is_offered_no_ticks(browser_of, documents):
    page = browser_of("Rita").open("/export-log")
    assert not page.select("input[name=item]")


@pytest.mark.parametrize(
    ("asked", "left"),
    [
        ("show=in+xero", 2),
        ("show=refused", 1),
        ("show=cancelled", 0),
        ("from=2000-01-01&to=2000-12-31", 0),
        (f"from={NOW:%Y-%m-%d}&to={NOW:%Y-%m-%d}", 4),
        ("q=nowhere", 0),
        ("fin_co=01", 4),
    ],
)
def test_the_log_is_filtered(bob, documents, asked, left):
    assert len(shown(bob.open(f"/export-log?{asked}"))) == left


@pytest.mark.parametrize("asked", ["show=nonsense", "from=yesterday"])
def test_nonsense_in_the_address_is_refused(bob, documents, asked):
    assert bob.get(f"/export-log?{asked}").status_code == 422


def test_nothing_ticked_changes_nothing(bob, documents):
    answer = bob.send("/export-log/clear", {"back": "/export-log"})
    assert answer.status_code == 303
    assert "Nothing was cleared" in bob.open("/export-log").text


def test_the_file_has_a_row_for_each_problem_beyond_the_page(bob, house):
    batch = make_batch(house)
    made = [make_document(batch) for _ in range(PAGE_SIZE + 1)]
    make_run(house.fin_co, [(document, ItemState.REJECTED) for document in made])
    rows = list(csv.DictReader(io.StringIO(bob.get("/export-log.csv").text.lstrip("\ufeff"))))
    assert len(rows) == PAGE_SIZE + 1
    assert {row["Xero's request"] for row in rows} == {"corr-77"}
    assert len(shown(bob.open("/export-log"))) == PAGE_SIZE


def test_before_the_first_export_the_page_says_what_to_do(bob):
    assert "Nothing was exported yet" in bob.open("/export-log").text
