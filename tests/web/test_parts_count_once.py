"""A large journal goes to Xero in parts (R115) and is one document to everybody who counts."""

import csv
import io

import pytest
from factories import make_batch, make_connection, make_document, make_part, make_run

from webapp.domain.batches import BatchType
from webapp.domain.documents import DocumentKind
from webapp.domain.runs import ItemState, RunState
from webapp.queries.run_summary import export_summary

SENT, PENDING, REJECTED = ItemState.SENT, ItemState.PENDING, ItemState.REJECTED


def squeezed(tag) -> str:
    return " ".join(tag.text.split())


@pytest.fixture
def run_of(house):
    """Makes a run of one journal whose parts have these fates, and of one small journal."""

    def make(*parts, finished=True, small=SENT):
        make_connection(house.fin_co)
        batch = make_batch(house, kind=BatchType.TIMESHEET)
        large, other = (
            make_document(batch, kind=DocumentKind.JOURNAL, number=number)
            for number in ("TS-large", "TS-small")
        )
        run = make_run(house.fin_co, [(large, parts[0]), (other, small)], finished=finished)
        for part, state in enumerate(parts[1:], start=2):
            make_part(run, large, state, part=part)
        return run

    return make


def test_R115_a_journal_is_one_document_of_a_run_and_in_xero_when_all_its_parts_are(bob, run_of):
    run = run_of(SENT, SENT, SENT)

    page = bob.open(f"/export-runs/{run.id}")

    assert "2 of 2 documents" in squeezed(page.select_one(".bar"))
    assert squeezed(page.select_one("td[data-label='Outcome']")).startswith("2 In Xero")
    assert squeezed(page.select_one("td[data-label='Decided']")) == "2 of 2"


def test_R115_a_journal_is_undecided_while_any_of_its_parts_is(bob, run_of):
    run = run_of(SENT, REJECTED, PENDING, finished=False)

    page = bob.open(f"/export-runs/{run.id}")

    assert "1 of 2 documents" in squeezed(page.select_one(".bar"))
    assert "1 Waiting its turn" in squeezed(page.select_one("section.run"))


def test_R115_the_cancel_page_counts_a_journal_once_and_says_that_part_of_it_is_in_xero(
    bob, run_of
):
    run = run_of(SENT, PENDING, PENDING, finished=False)

    told = [squeezed(line) for line in bob.open(f"/export-runs/{run.id}/cancel").select("main li")]

    assert told[-3].startswith("1 document has not left yet")
    assert told[-2].startswith("1 document is in Xero already")
    assert told[-1].startswith("1 of these documents is a large journal that is in Xero in part")


def test_R115_the_summary_of_scripts_counts_a_journal_once(run_of):
    run = run_of(SENT, REJECTED, SENT, small=REJECTED)

    told = export_summary(run.id)

    assert (told.counts["sent"], told.counts["rejected"]) == (0, 2)
    assert told.state is RunState.COMPLETED_WITH_ERRORS
    assert told.did_something


def test_R115_the_results_of_a_batch_count_a_journal_once(bob, run_of):
    run = run_of(SENT, REJECTED, SENT)
    number = run.batches[0].batch.number

    for page in ("/export-control?status=any&period=any", f"/batches/{number}/history"):
        told = squeezed(bob.open(page).select_one("main"))
        assert "1 Refused by Xero 1 In Xero" in told or "1 In Xero 1 Refused by Xero" in told, page


def test_R115_the_file_of_a_run_has_a_row_for_each_part_under_the_journal_s_own_number(bob, run_of):
    run = run_of(SENT, SENT)

    answer = bob.get(f"/export-runs/{run.id}/documents.csv")
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))

    assert [(row["Document"], row["Part"]) for row in rows] == [
        ("TS-large", "1"),
        ("TS-large", "2"),
        ("TS-small", ""),
    ]


def test_R115_the_page_says_that_the_parts_it_lists_are_one_document(bob, run_of):
    parts = bob.open(f"/export-runs/{run_of(SENT, SENT).id}").select_one("#documents")

    assert "it counts as one document" in parts.text
    assert [squeezed(row.select_one("th a")) for row in parts.select("tbody tr")] == [
        "TS-large, part 1",
        "TS-large, part 2",
        "TS-small",
    ]
