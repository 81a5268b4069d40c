"""Stopping an export run from another system."""

import pytest
from factories import make_batch, make_document, make_part, make_run

from webapp.domain.batches import BatchStatus
from webapp.domain.runs import ItemState


@pytest.fixture
def run(house):
    batch = make_batch(house, status=BatchStatus.EXPORTING)
    fates = [(make_document(batch), state) for state in (ItemState.SENT, ItemState.PENDING)]
    return make_run(house.fin_co, fates, finished=False)


def test_an_export_can_be_paused_resumed_and_cancelled(api, run):
    address = f"/export-runs/{run.id}"

    paused = api.post(f"{address}/pause").json
    assert (paused["state"], paused["paused_at"] is not None) == ("paused", True)
    resumed = api.post(f"{address}/resume").json
    assert (resumed["state"], resumed["paused_at"]) == ("running", None)
    cancelled = api.post(f"{address}/cancel").json

    assert (cancelled["state"], cancelled["counts"]["cancelled"]) == ("cancelled", 1)
    assert cancelled["finished_at"]
    assert api.get(address).json == cancelled


def test_what_cannot_be_done_to_an_export_any_more_is_refused_in_words(api, run):
    api.post(f"/export-runs/{run.id}/cancel")
    for action in ("pause", "resume", "cancel"):
        refused = api.post(f"/export-runs/{run.id}/{action}")
        assert refused.status_code == 409
        assert f"Export run {run.id} is over" in refused.json["detail"]


def test_R115_a_journal_in_parts_is_one_document_and_each_part_an_item(api, house):
    journal = make_document(make_batch(house), number="TS-1")
    run = make_run(house.fin_co, [(journal, ItemState.SENT)])
    other = make_part(run, journal, ItemState.SENT)

    counts = api.get(f"/export-runs/{run.id}").json["counts"]
    items = api.get(f"/export-runs/{run.id}/items").json["items"]

    assert (counts["sent"], sum(counts.values())) == (1, 1)
    assert [(item["number"], item["part"]) for item in items] == [("TS-1", 1), ("TS-1", other.part)]
