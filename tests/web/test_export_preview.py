import datetime as dt
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from factories import (
    TENANT,
    make_batch,
    make_connection,
    make_document,
    make_run,
    make_sound,
    sound_codes,
)

from webapp.db import db
from webapp.domain.batches import BatchStatus, BatchType
from webapp.domain.documents import DocumentKind, DocumentStatus
from webapp.domain.runs import ItemState
from webapp.mapping.exports import journal_parts
from webapp.models import (
    Batch,
    DocumentLine,
    ExportRun,
    GlAccount,
    GstType,
    XeroConnection,
)

NOW = dt.datetime(2026, 11, 20, 9, 0, tzinfo=dt.UTC)


@pytest.fixture
def codes():
    return sound_codes()


@pytest.fixture
def ready():
    return make_sound


def address(*batches, **more):
    ids = ".".join(str(batch.id) for batch in batches)
    query = "".join(f"&{name}={value}" for name, value in more.items())
    return f"/export-control/preview?batches={ids}&back=/export-control{query}"


def press_export(browser, page):
    (form,) = page.select("form[action='/export-control/confirm']")
    fields = {one["name"]: one["value"] for one in form.select("input[type=hidden]")}
    del fields["csrf_token"]
    return browser.send(form["action"], fields)


def text(element):
    return " ".join(element.text.split())


def test_export_leads_to_the_preview_and_begins_nothing(house, bob, ready):
    make_connection(house.fin_co)
    batch = make_batch(house)
    ready(batch)

    answer = bob.send("/export-control/export", {"batch": [batch.id], "back": "/export-control"})

    assert answer.status_code == 303
    page = bob.open(answer.location)
    assert page.h1.text == "Export preview"
    assert page.find("a", string="Back")["href"] == "/export-control"
    assert db.session.query(ExportRun).count() == 0


def test_what_was_shown_is_exported_when_it_is_confirmed(house, bob, ready):
    make_connection(house.fin_co)
    batch = make_batch(house)
    ready(batch)
    page = bob.open(address(batch))
    assert page.select_one("main .btn-primary").text == "Export 1 document"
    assert text(page.select_one(".lead-line")).startswith("1 document will be sent 115.00 NZD")

    answer = press_export(bob, page)

    db.session.rollback()
    run = db.session.query(ExportRun).one()
    assert answer.location == f"/export-runs/{run.id}"
    assert run.preview_hash == page.select_one("input[name=confirmation]")["value"]
    assert run.started_by.name == "Bob"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("line", "Line 1: amount ex GST: 100.00 before, 90.00 now."),
        ("mapping", "Line 1: account: 310 before, 412 now."),
        ("lock date", "Held back now: The date is locked in Xero"),
        ("added", "It was not in the preview you confirmed."),
        ("gone", "It would not be sent any more."),
        ("batch", "Batch"),
    ],
)
def test_what_changed_since_stops_the_export_and_is_shown(house, bob, ready, codes, change, told):
    make_connection(house.fin_co)
    batch = make_batch(house)
    document, other = ready(batch), ready(batch)
    beside = make_batch(house)
    ready(beside)
    page = bob.open(address(batch, beside))
    match change:
        case "line":
            document.lines[0].value_ex_gst = Decimal(90)
        case "mapping":
            codes["activity"].dr_gl_account = "412"
        case "lock date":
            db.session.query(XeroConnection).one().period_lock_date = dt.date(2026, 11, 30)
        case "added":
            ready(batch)
        case "gone":
            db.session.delete(other)
        case "batch":
            batch.status = BatchStatus.OPEN
    db.session.commit()
    expected = batch.status

    answer = press_export(bob, page)

    assert answer.status_code == 409
    shown = BeautifulSoup(answer.text, "html.parser")
    assert "nothing was sent" in shown.select_one("main .notice").text
    assert told in text(shown.select_one(".differences"))
    db.session.rollback()
    assert db.session.query(ExportRun).count() == 0
    assert db.session.get_one(Batch, batch.id).status is expected
    if change != "lock date":
        assert press_export(bob, shown).status_code == 303, "the new preview can be confirmed"


def test_a_preview_nobody_remembers_still_guards_the_export(house, bob, ready, app):
    make_connection(house.fin_co)
    batch = make_batch(house)
    document = ready(batch)
    page = bob.open(address(batch))
    document.lines[0].value_ex_gst = Decimal(90)
    db.session.commit()
    app.extensions["workbench"].redis.flushdb()

    answer = press_export(bob, page)

    assert answer.status_code == 409
    assert "cannot be said what is different" in answer.text
    assert db.session.query(ExportRun).count() == 0


def test_one_cause_stands_once_with_its_documents_value_and_where_to_mend_it(
    house, bob, ready, codes
):
    make_connection(house.fin_co)
    db.session.add(
        GlAccount(
            fin_co_id=house.fin_co.id,
            code="310",
            description="Materials",
            section="Direct Costs",
            tenant_id=TENANT,
            xero_type="DIRECTCOSTS",
            xero_class="EXPENSE",
            xero_status="ARCHIVED",
        )
    )
    batch = make_batch(house)
    for _ in range(30):
        ready(batch)
    page = bob.open(address(batch))

    (cause,) = page.select(".causes > li")
    said = text(cause)
    assert "Account 310 Materials is archived in Xero. 3,450.00 NZD in 30 documents" in said
    assert "mapping is out of date" in said
    mend = cause.find("a", string="Activity CONC")["href"]
    assert mend == f"/set-up/activities/{codes['activity'].id}"
    assert not page.select("#documents tbody tr"), "many documents are listed only when asked for"
    behind = bob.open(cause.find("a", string="List all 30")["href"])
    assert len(behind.select("#documents tbody tr")) == 30
    assert not page.select("form[action='/export-control/confirm']")
    assert "Nothing can be sent yet" in page.text


def test_each_problem_stands_at_its_line_with_a_link(house, bob, ready, codes):
    make_connection(house.fin_co)
    batch = make_batch(house)
    document = ready(batch)
    document.lines[0].gst_type = GstType(code="NEW", description="New", percent=Decimal(15))
    db.session.commit()

    (problem,) = bob.open(address(batch)).select("#documents .problem")

    assert "GST Type NEW has no Export Code" in problem.text
    assert "Line 1." in problem.text
    assert problem.a["href"] == "/set-up/gst-types"


def test_what_xero_receives_can_be_read_before(house, bob, ready):
    make_connection(house.fin_co)
    batch = make_batch(house)
    ready(batch)

    details = bob.open(address(batch)).select_one("#documents details")

    assert "ACCPAY, AUTHORISED" in text(details)
    assert "100.00 to account 310, tax INPUT2" in text(details)


def test_R83_a_batch_without_a_connection_is_named_and_leads_to_connecting(house, bob, ready):
    batch = make_batch(house)
    ready(batch)

    page = bob.open(address(batch))

    row = page.select_one("table tbody tr")
    assert "FinCo 01 is not connected to Xero" in row.text
    link = row.find("a", string="Xero Integration")
    assert link["href"].endswith("xero-integration?fin_co=01")
    assert not page.select("form[action='/export-control/confirm']")


def test_a_batch_that_somebody_exports_leads_to_that_run(house, bob, ready):
    make_connection(house.fin_co)
    batch = make_batch(house, status=BatchStatus.EXPORTING)
    run = make_run(house.fin_co, [(ready(batch), ItemState.PENDING)], finished=False)

    page = bob.open(address(batch))

    assert page.find("a", string=f"Watch export run {run.id}")["href"] == f"/export-runs/{run.id}"


def test_a_batch_can_be_left_out(house, bob, ready):
    make_connection(house.fin_co)
    good, bad = make_batch(house), make_batch(house, status=BatchStatus.OPEN)
    ready(good)
    page = bob.open(address(good, bad))
    row = page.find("a", string=bad.number).find_parent("tr")

    left = bob.open(row.find_all("a")[-1]["href"])

    assert [cell.text.strip() for cell in left.select("table tbody th a")][:1] == [good.number]
    assert bad.number not in left.text


def test_the_lock_dates_say_when_they_were_read(house, bob, ready):
    make_connection(house.fin_co, period_lock_date=dt.date(2026, 10, 31), organisation_read_at=NOW)
    batch = make_batch(house)
    ready(batch)

    told = text(bob.open(address(batch)).select_one(".destinations"))

    assert (
        "Locked in Xero up to 31 Oct 2026 (period lock date). Read 20 Nov 2026 09:00 UTC." in told
    )
    assert "Not checked" in told
    assert "GL accounts" in told


def test_a_xero_that_does_not_answer_is_told_and_the_preview_comes_all_the_same(house, bob, ready):
    make_connection(house.fin_co)
    batch = make_batch(house)
    ready(batch)

    answer = bob.send("/export-control/export", {"batch": [batch.id], "back": "/export-control"})

    page = bob.open(answer.location)
    assert "lock dates that were read before count" in page.select_one("#notice").text
    assert page.h1.text == "Export preview"


def test_foreign_batches_and_nonsense_are_refused(house, bob, ready):
    foreign = make_batch(house, fin_co=house.other)
    bob.open(address(foreign), status=404)
    bob.open("/export-control/preview?batches=x", status=422)
    bob.open("/export-control/preview", status=422)
    assert bob.send("/export-control/confirm", {"batches": foreign.id}).status_code == 404
    mine = make_batch(house)
    assert bob.send("/export-control/confirm", {"batches": mine.id}).status_code == 422


def test_the_number_of_statements_does_not_grow_with_documents_or_batches(
    house, bob, ready, statements
):
    make_connection(house.fin_co)
    few = [make_batch(house)]
    ready(few[0])
    asked = address(*few)
    with statements() as one:
        bob.open(asked)
    many = [*few, *(make_batch(house) for _ in range(4))]
    for batch in many:
        for _ in range(8):
            ready(batch)
    asked = address(*many)
    with statements() as more:
        bob.open(asked)
    assert len(more) == len(one) <= 30


def test_R115_of_a_journal_partly_in_xero_the_preview_shows_the_parts_by_their_own_names(
    bob, house, monkeypatch
):
    monkeypatch.setattr(journal_parts, "MAX_LINES", 2)
    make_connection(house.fin_co)
    batch = make_batch(house, kind=BatchType.TIMESHEET)
    journal = make_document(batch, value="30.00", gst="0.00", kind=DocumentKind.JOURNAL)
    journal.lines = [
        DocumentLine(
            line_no=place,
            value_ex_gst=Decimal(10),
            gst=Decimal(0),
            gl_account="320",
            cr_gl_account="477",
        )
        for place in (11, 12, 13)
    ]
    make_run(house.fin_co, [(journal, ItemState.SENT)])
    journal.status = DocumentStatus.APPROVED
    db.session.commit()

    (shown,) = bob.open(address(batch)).select("tbody details")

    told = [" ".join(part.text.split()) for part in shown.select("p")]
    assert [one.rpartition("(")[2] for one in told] == ["part 2 of 3)", "part 3 of 3)"]
