from webapp.domain.runs import ItemState, KindState, RunState, export_state, import_state


def test_a_run_goes_on_while_any_document_is_undecided():
    for undecided in (ItemState.PENDING, ItemState.SENDING, ItemState.UNCERTAIN):
        counts = {ItemState.SENT: 9, undecided: 1}
        assert export_state(counts, waiting=False) is RunState.RUNNING
        assert export_state(counts, waiting=True) is RunState.WAITING


def test_one_refused_document_shows_in_the_state_of_the_whole():
    assert export_state({ItemState.SENT: 3}, waiting=False) is RunState.COMPLETED
    for refused in (ItemState.REJECTED, ItemState.BLOCKED):
        assert (
            export_state({ItemState.SENT: 3, refused: 1}, waiting=False)
            is RunState.COMPLETED_WITH_ERRORS
        )


def test_an_import_whose_kinds_all_failed_has_failed():
    assert import_state({KindState.DONE: 3, KindState.RUNNING: 1}) is RunState.RUNNING
    assert import_state({KindState.DONE: 4}) is RunState.COMPLETED
    assert import_state({KindState.DONE: 3, KindState.FAILED: 1}) is RunState.COMPLETED_WITH_ERRORS
    assert import_state({KindState.FAILED: 4}) is RunState.FAILED
