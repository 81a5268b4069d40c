import datetime as dt
from dataclasses import dataclass

import pytest

from webapp.domain.runs import (
    UNFINISHED,
    ItemState,
    KindState,
    RunState,
    export_state,
    import_state,
)

NOW = dt.datetime(2026, 11, 20, 9, 30, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Halted:
    resume_at: dt.datetime | None = None
    paused_at: dt.datetime | None = None
    cancelled_at: dt.datetime | None = None


GOING = Halted()


def test_a_run_goes_on_while_any_document_is_undecided():
    for undecided in (ItemState.PENDING, ItemState.SENDING, ItemState.UNCERTAIN):
        counts = {ItemState.SENT: 9, undecided: 1}
        assert export_state(counts, GOING) is RunState.RUNNING
        assert export_state(counts, Halted(resume_at=NOW)) is RunState.WAITING


def test_one_refused_document_shows_in_the_state_of_the_whole():
    assert export_state({ItemState.SENT: 3}, GOING) is RunState.COMPLETED
    for refused in (ItemState.REJECTED, ItemState.BLOCKED):
        assert (
            export_state({ItemState.SENT: 3, refused: 1}, GOING) is RunState.COMPLETED_WITH_ERRORS
        )


def test_an_import_whose_kinds_all_failed_has_failed():
    assert import_state({KindState.DONE: 3, KindState.RUNNING: 1}) is RunState.RUNNING
    assert import_state({KindState.DONE: 4}) is RunState.COMPLETED
    assert import_state({KindState.DONE: 3, KindState.FAILED: 1}) is RunState.COMPLETED_WITH_ERRORS
    assert import_state({KindState.FAILED: 4}) is RunState.FAILED


@pytest.mark.parametrize("state", sorted(UNFINISHED))
def test_a_run_that_a_person_stopped_says_so_whatever_else_it_waits_for(state):
    counts = {state: 1, ItemState.SENT: 3}
    assert export_state(counts, Halted(resume_at=NOW, paused_at=NOW)) is RunState.PAUSED
    assert export_state(counts, Halted(resume_at=NOW, cancelled_at=NOW)) is RunState.CANCELLING


def test_a_cancelled_run_is_called_so_only_where_something_stayed_behind():
    cancelled = Halted(cancelled_at=NOW)
    refused = {ItemState.SENT: 3, ItemState.REJECTED: 1}
    assert export_state({ItemState.CANCELLED: 1, **refused}, cancelled) is RunState.CANCELLED
    assert export_state({ItemState.SENT: 3}, cancelled) is RunState.COMPLETED
    assert export_state(refused, cancelled) is RunState.COMPLETED_WITH_ERRORS
