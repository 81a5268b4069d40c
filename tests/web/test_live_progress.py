import threading

import pytest
from factories import NOW, make_batch, make_document, make_import, make_run

from webapp.db import db
from webapp.deps import EXTENSION
from webapp.domain.runs import ItemState, KindState
from webapp.models import ExportItem
from webapp.services.progress import topic
from webapp.web import live


def events(text: str) -> list[dict[str, str]]:
    found = []
    for block in text.strip().split("\n\n"):
        fields: dict[str, str] = {}
        for line in block.splitlines():
            name, _, value = line.partition(": ")
            fields[name] = fields.get(name, "") + value
        found.append(fields)
    return found


class Watcher(threading.Thread):
    """Reads a stream in a thread of its own, event by event."""

    def __init__(self, browser, address: str, headers: dict[str, str]) -> None:
        super().__init__(daemon=True)
        self.browser, self.address, self.headers = browser, address, headers
        self.events: list[str] = []

    def run(self) -> None:
        response = self.browser.client.get(self.address, headers=self.headers)
        self.events.extend(chunk.decode() for chunk in response.response)
        response.close()


@pytest.fixture
def watch():
    threads: list[Watcher] = []

    def begin(browser, address, **headers):
        watcher = Watcher(browser, address, headers)
        threads.append(watcher)
        watcher.start()
        return watcher

    yield begin
    for thread in threads:
        thread.join(10)
        assert not thread.is_alive()


def test_a_finished_import_is_sent_once_and_the_stream_ends(house, bob):
    run = make_import(house.fin_co)
    response = bob.get(f"/imports/{run.id}/stream")
    assert response.mimetype == "text/event-stream"
    (event,) = events(response.text)
    assert event["event"] == "progress"
    assert event["id"]
    assert "Import completed" in event["data"]
    assert "data-stream" not in event["data"]


def test_a_running_import_is_sent_at_once_then_when_it_changed_and_ends_with_it(
    app, house, bob, watch, wait_until
):
    run = make_import(house.fin_co, finished=False)
    watcher = watch(bob, f"/imports/{run.id}/stream")
    wait_until(lambda: watcher.events, "the first state")
    assert "Import running" in watcher.events[0]
    assert "data-stream" in watcher.events[0]
    for kind in run.kinds:
        kind.state = KindState.DONE
    run.finished_at = NOW
    db.session.commit()
    app.extensions[EXTENSION].progress.changed(topic("import", run.id))
    wait_until(lambda: not watcher.is_alive(), "the end of the stream")
    assert "Import completed" in watcher.events[-1]


def test_an_export_is_streamed_the_same_way(app, house, bob, watch, wait_until):
    document = make_document(make_batch(house))
    run = make_run(house.fin_co, [(document, ItemState.PENDING)], finished=False)
    watcher = watch(bob, f"/export-runs/{run.id}/stream")
    wait_until(lambda: watcher.events, "the first state")
    assert "0 of 1 documents" in watcher.events[0]
    db.session.query(ExportItem).one().state = ItemState.SENT
    run.finished_at = NOW
    db.session.commit()
    app.extensions[EXTENSION].progress.changed(topic("export", run.id))
    wait_until(lambda: not watcher.is_alive(), "the end of the stream")
    assert "1 of 1 documents" in watcher.events[-1]


def test_a_stream_that_has_nothing_new_stays_silent_but_alive(
    house, bob, watch, wait_until, monkeypatch
):
    monkeypatch.setattr(live, "HEARTBEAT_SECONDS", 1)
    run = make_run(
        house.fin_co, [(make_document(make_batch(house)), ItemState.PENDING)], finished=False
    )
    watcher = watch(bob, f"/export-runs/{run.id}/stream")
    wait_until(lambda: len(watcher.events) > 1, "a heartbeat")
    assert watcher.events[1].startswith(":")
    run.finished_at = NOW
    db.session.commit()
    wait_until(lambda: not watcher.is_alive(), "it looks by itself at each heartbeat")


def test_a_browser_that_saw_the_last_state_is_not_sent_it_again(
    house, bob, watch, wait_until, monkeypatch
):
    monkeypatch.setattr(live, "HEARTBEAT_SECONDS", 1)
    run = make_run(
        house.fin_co, [(make_document(make_batch(house)), ItemState.PENDING)], finished=False
    )
    first = watch(bob, f"/export-runs/{run.id}/stream")
    wait_until(lambda: first.events, "the first state")
    (seen,) = events(first.events[0])
    again = watch(bob, f"/export-runs/{run.id}/stream", **{"Last-Event-ID": seen["id"]})
    wait_until(lambda: again.events, "anything")
    assert again.events[0].startswith(":")
    run.finished_at = NOW
    db.session.commit()
    wait_until(lambda: not (first.is_alive() or again.is_alive()), "the end of both")


def test_a_waiting_stream_holds_no_database_connection(app, house, bob, watch, wait_until):
    run = make_import(house.fin_co, finished=False)
    address = f"/imports/{run.id}/stream"
    db.session.rollback()
    watcher = watch(bob, address)
    wait_until(lambda: watcher.events, "the first state")
    wait_until(lambda: db.engine.pool.checkedout() == 0, "every connection is given back")
    assert watcher.is_alive()
    run.finished_at = NOW
    db.session.commit()
    app.extensions[EXTENSION].progress.changed(topic("import", run.id))


def test_streams_are_bounded_and_a_refused_one_is_told_to_poll(house, bob, monkeypatch):
    monkeypatch.setattr(live, "_places", threading.BoundedSemaphore(1))
    run = make_import(house.fin_co)
    assert live._places.acquire(blocking=False)
    assert bob.get(f"/imports/{run.id}/stream").status_code == 204
    live._places.release()
    for _ in range(3):  # each gives its place back
        assert bob.get(f"/imports/{run.id}/stream").status_code == 200


def test_the_panel_of_a_running_run_asks_again_and_that_of_an_ended_one_does_not(house, bob):
    running = make_import(house.fin_co, finished=False)
    (panel,) = bob.open(f"/imports/{running.id}/panel").select("section.run")
    assert panel["hx-get"] == f"/imports/{running.id}/panel"
    assert panel["data-stream"] == f"/imports/{running.id}/stream"
    running.finished_at = NOW
    db.session.commit()
    (panel,) = bob.open(f"/imports/{running.id}/panel").select("section.run")
    assert not panel.has_attr("hx-get")
    assert not panel.has_attr("data-stream")


def test_a_run_there_is_none_of_has_neither_panel_nor_stream(bob):
    for address in ("/imports/9", "/export-runs/9"):
        assert bob.get(f"{address}/panel").status_code == 404
        assert bob.get(f"{address}/stream").status_code == 404
