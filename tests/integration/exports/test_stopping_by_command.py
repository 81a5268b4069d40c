"""Stopping an export from the command line, as a person in a terminal or a script does."""

import json

from webapp.domain.runs import RunState
from webapp.queries.run_summary import export_summary


def test_an_export_is_paused_resumed_and_cancelled_by_its_number(books, command):
    (run_id,) = books.plan(books.batch("10.00")).run_ids

    paused = command("runs", "pause", str(run_id), "--json")
    assert (paused.exit_code, json.loads(paused.stdout)["state"]) == (0, "paused")
    shown = command("runs", "show", f"export-{run_id}")
    assert shown.exit_code == 1
    assert f"export-{run_id} paused: 1 pending" in shown.stdout
    assert command("runs", "resume", f"export-{run_id}").exit_code == 0
    assert export_summary(run_id).state is RunState.RUNNING
    cancelled = command("runs", "cancel", f"export-{run_id}")

    assert f"export-{run_id} cancelled: 1 cancelled" in cancelled.stdout
    assert export_summary(run_id).finished


def test_what_cannot_be_done_any_more_is_said_and_nothing_is_done(books, command):
    (run_id,) = books.plan(books.batch("10.00")).run_ids
    command("runs", "cancel", str(run_id))

    again = command("runs", "cancel", str(run_id))

    assert again.exit_code == 2
    assert f"Export run {run_id} is over, so nothing was changed." in again.stderr
    assert command("runs", "pause", "999").exit_code == 2
    assert command("runs", "pause", "import-1").exit_code == 2
