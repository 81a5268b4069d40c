"""What a person sees of an export run under way, and what the run's buttons do."""

import csv
import datetime as dt
import io
import re
from decimal import Decimal

import pytest
import sqlalchemy as sa
from factories import make_batch, make_connection, make_document, make_run

from webapp.db import db, utc_now
from webapp.domain.batches import BatchStatus
from webapp.domain.documents import DocumentStatus
from webapp.domain.runs import ItemState, RequestState
from webapp.models import Batch, ExportItem, ExportRequest, ExportRun

SENT, PENDING, BLOCKED = ItemState.SENT, ItemState.PENDING, ItemState.BLOCKED


def squeezed(tag) -> str:
    return " ".join(tag.text.split())


def buttons(page) -> list[str]:
    return [squeezed(button) for button in page.select(".run .btn")]


@pytest.fixture
def under_way(house, people):
    """A run of four documents, two of them in Xero, as its worker left it."""
    make_connection(house.fin_co)
    batch = make_batch(house, status=BatchStatus.EXPORTING)
    documents = [make_document(batch) for _ in range(4)]
    fates = list(zip(documents, [SENT, SENT, PENDING, PENDING], strict=True))
    return make_run(house.fin_co, fates, finished=False, user=people["Bob"])


def ask(run, times, state=RequestState.ANSWERED, **more):
    """Give the run requests, the answered ones ten seconds apart up to now."""
    for place in range(times):
        answered = utc_now() - dt.timedelta(seconds=10 * place)
        db.session.add(
            ExportRequest(
                run_id=run.id,
                method="PUT",
                collection="Invoices",
                body=b"{}",
                body_sha256="-",
                idempotency_key=f"{state}-{place}",
                state=state,
                attempts=1 if state is RequestState.ANSWERED else 0,
                answered_at=answered if state is RequestState.ANSWERED else None,
                **more,
            )
        )
    db.session.commit()


def test_a_run_tells_the_calls_it_used_and_about_how_long_it_still_takes(bob, under_way):
    ask(under_way, 4)
    ask(under_way, 12, RequestState.PENDING)
    under_way.calls = 5
    db.session.commit()

    page = bob.open(f"/export-runs/{under_way.id}")

    assert (
        "5 calls to Xero used for the documents, look-ups included; 12 requests still"
        in squeezed(page)
    )
    left = re.search(r"about (\d+) minutes left", squeezed(page.select_one(".bar")))
    assert left
    assert 2 <= int(left[1]) <= 3
    (batch,) = page.select(".run tbody tr")
    assert batch.progress["value"] == "2"
    assert "2 of 4" in squeezed(batch)


def test_what_xero_has_left_of_the_day_and_of_the_minute_is_told(app, bob, under_way):
    gate = app.extensions["workbench"].xero.gate
    gate.observe(
        under_way.tenant_id,
        {"X-DayLimit-Remaining": "4321", "X-MinLimit-Remaining": "0"},
        200,
    )
    text = squeezed(bob.open(f"/export-runs/{under_way.id}"))
    assert "4,321 calls to Xero left today" in text
    assert "limit of 60 calls a minute is reached. It continues by itself" in text


def test_R110_pause_and_resume_say_who_stopped_it_and_that_nothing_leaves(
    bob, alice, rita, under_way
):
    address = f"/export-runs/{under_way.id}"
    assert buttons(bob.open(address)) == ["Pause", "Cancel this export…"]
    assert buttons(rita.open(address)) == []

    bob.send(f"{address}/pause")
    page = alice.open(address)

    assert "Paused by Bob since" in page.text
    assert buttons(page) == ["Resume", "Cancel this export…"]
    assert "Nothing more leaves until somebody presses Resume" in squeezed(page)
    again = alice.send(f"{address}/pause")
    assert again.status_code == 303
    assert "paused already by Bob" in alice.open(address).text

    alice.send(f"{address}/resume")
    assert buttons(bob.open(address)) == ["Pause", "Cancel this export…"]


def test_a_paused_run_that_also_met_the_day_limit_tells_both(bob, under_way):
    under_way.resume_at = dt.datetime(2030, 1, 2, 3, 4, tzinfo=dt.UTC)
    under_way.pause_reason = "Xero's limit for today is reached."
    db.session.commit()
    bob.send(f"/export-runs/{under_way.id}/pause")
    text = squeezed(bob.open(f"/export-runs/{under_way.id}"))
    assert "Xero's limit for today is reached." in text
    assert "After Resume it still waits until 2 Jan 2030 03:04 UTC" in text


def test_cancel_asks_first_and_says_what_stays_here(bob, under_way):
    address = f"/export-runs/{under_way.id}"
    asked = squeezed(bob.open(f"{address}/cancel").main)
    assert "2 documents have not left yet and will not be sent" in asked
    assert "2 documents are in Xero already and stay there" in asked

    bob.send(f"{address}/cancel")
    page = bob.open(address)

    assert "Export cancelled" in page.text
    assert "2 documents did not leave." in squeezed(page)
    assert "Cancelled by Bob" in squeezed(page.select_one(".who-when"))
    assert buttons(page) == ["Export again the 2 that did not go"]
    db.session.rollback()  # to see what the browser's request wrote
    assert db.session.scalars(sa.select(Batch.status)).all() == [BatchStatus.CLOSED]


def test_pressing_cancel_twice_is_answered_in_words(bob, alice, under_way):
    address = f"/export-runs/{under_way.id}"
    bob.send(f"{address}/cancel")
    alice.send(f"{address}/cancel")
    text = squeezed(alice.open(address))
    assert f"Export run {under_way.id} is over, so nothing was changed." in text
    assert "It was cancelled by Bob." in text
    assert "nothing to cancel" in alice.open(f"{address}/cancel").text


def test_a_cancelled_run_with_something_on_the_way_says_that_it_is_looked_up(bob, house):
    documents = [make_document(make_batch(house, status=BatchStatus.EXPORTING)) for _ in range(2)]
    fates = list(zip(documents, [SENT, ItemState.UNCERTAIN], strict=True))
    run = make_run(house.fin_co, fates, finished=False)
    bob.send(f"/export-runs/{run.id}/cancel")
    page = bob.open(f"/export-runs/{run.id}")
    assert "Being cancelled" in page.text
    assert "What became of 1 document already on the way is looked up" in squeezed(page)
    assert buttons(page) == []


def test_the_panel_that_is_sent_again_and_again_holds_no_token(bob, under_way):
    panel = bob.open(f"/export-runs/{under_way.id}/panel", htmx=True)
    assert not panel.select("input[name=csrf_token]")
    page = bob.open(f"/export-runs/{under_way.id}")
    form = page.select_one("form#run-form")
    assert form.select_one("input[name=csrf_token]")
    pressed = page.select_one("#pause-run")
    assert pressed["form"] == "run-form"
    assert pressed["formaction"].endswith("/pause")


# Results


def problem(code, record, way_out):
    return {"code": code, "record": record, "message": f"{record} fails.", "way_out": way_out}


@pytest.fixture
def finished(house, people):
    """Two batches: of each one document went; three wait for two different causes."""
    make_connection(house.fin_co)
    first, second = make_batch(house), make_batch(house)
    documents = [make_document(first) for _ in range(3)] + [make_document(second) for _ in range(2)]
    states = [SENT, BLOCKED, BLOCKED, SENT, ItemState.REJECTED]
    run = make_run(house.fin_co, list(zip(documents, states, strict=True)), user=people["Bob"])
    for document in (documents[0], documents[3]):
        document.status = DocumentStatus.UPDATED
    items = list(db.session.scalars(sa.select(ExportItem).order_by(ExportItem.id)))
    items[0].xero_total = Decimal("115.02")
    items[1].problems = [problem("no-contact", "One", "Import."), problem("no-gl", "One", "Map.")]
    items[2].problems = [problem("no-contact", "Two", "Import.")]
    items[4].problems = [problem("no-gl", "=Three", "Map.")]
    db.session.commit()
    return run, first, documents


def rows(page):
    return [squeezed(row.select_one("th a")) for row in page.select("#documents tbody > tr")]


def test_R113_results_can_be_narrowed_to_a_batch_and_to_a_cause(bob, finished):
    run, first, documents = finished
    page = bob.open(f"/export-runs/{run.id}")
    causes = page.select(".causes li")
    assert [squeezed(cause.select_one("strong")) for cause in causes] == [
        "One fails.",
        "=Three fails.",
    ]
    assert [squeezed(cause.select_one(".badge")) for cause in causes] == ["2 documents"] * 2

    of_cause = bob.open(causes[0].select_one("a")["href"])
    assert sorted(rows(of_cause)) == sorted(document.number for document in documents[1:3])
    of_batch = bob.open(f"/export-runs/{run.id}?batch={first.number}")
    assert len(rows(of_batch)) == 3
    assert rows(bob.open(f"/export-runs/{run.id}?batch={first.number}&outcome=sent")) == [
        documents[0].number
    ]
    bob.open(f"/export-runs/{run.id}?cause=nonsense", status=422)


def test_C9_1_a_total_that_differs_in_xero_stands_beside_its_document_with_its_id(bob, finished):
    run, _, documents = finished
    page = bob.open(f"/export-runs/{run.id}?outcome=sent")
    (differs,) = [
        row for row in page.select("#documents tbody > tr") if documents[0].number in row.text
    ]
    cell = differs.select_one(".in-xero")
    assert "115.02 (+0.02)" in squeezed(cell)
    assert cell.select_one("a.out")
    item = db.session.scalar(sa.select(ExportItem).where(ExportItem.document_id == documents[0].id))
    assert cell.code.text == item.xero_id


def test_the_results_can_be_taken_along_as_csv_without_a_formula(bob, finished):
    run, _, _ = finished
    answer = bob.get(f"/export-runs/{run.id}/documents.csv?outcome=not+sent")
    assert answer.mimetype == "text/csv"
    told = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert len(told) == 3
    assert {row["Outcome"] for row in told} == {"blocked", "rejected"}
    assert not any(cell.startswith("=") for row in told for cell in row.values())
    (both,) = [row for row in told if " | " in row["What happened"]]
    assert both["What to do"] == "Import. | Map."


# Export again


def press_again(bob, run, **form):
    answer = bob.send(f"/export-runs/{run.id}/retry", form)
    assert answer.status_code == 303
    return answer.headers["Location"]


def test_exporting_again_what_went_meanwhile_begins_nothing(bob, finished):
    run, _, documents = finished
    for document in documents:
        document.status = DocumentStatus.UPDATED
    db.session.commit()
    page = bob.open(f"/export-runs/{run.id}")
    assert buttons(page) == []
    press_again(bob, run)
    assert "Nothing of it is left to be sent" in bob.open(f"/export-runs/{run.id}").text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ExportRun)) == 1


def test_a_batch_that_another_run_holds_is_not_exported_again(bob, finished):
    run, first, _ = finished
    first.status = BatchStatus.EXPORTING
    db.session.commit()
    page = bob.open(f"/export-runs/{run.id}")
    address = press_again(bob, run, cause=page.select_one(".causes button")["value"])
    assert f"Batch {first.number} is already being exported" in bob.open(address).text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ExportRun)) == 1
