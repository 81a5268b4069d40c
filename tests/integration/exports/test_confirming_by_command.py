"""Exporting from the command line only what was shown there."""

import json

import pytest

from webapp.db import db, transaction
from webapp.models import Activity, Batch, XeroSettings


@pytest.fixture
def number(books):
    return db.session.get_one(Batch, books.batch("10.00", "20.00")).number


def confirmation(command, *numbers):
    return json.loads(command("batches", "preflight", *numbers, "--json").stdout)["confirmation"]


def test_the_preflight_says_how_to_export_exactly_what_it_showed(command, number):
    told = command("batches", "preflight", number)

    assert f"--confirm {confirmation(command, number)}" in told.output


def test_what_was_confirmed_is_exported(books, command, number):
    told = command(
        "batches", "export", number, "--confirm", confirmation(command, number), "--json"
    )

    assert json.loads(told.stdout)["counts"]["pending"] == 2


def test_what_changed_since_is_not_exported_and_is_named(books, command, number):
    shown = confirmation(command, number)
    books.use_account("CONC", "320")

    refused = command("batches", "export", number, "--confirm", shown, "--json")

    told = json.loads(refused.stdout)
    assert refused.exit_code != 0
    assert told["run"] is None
    assert len(told["differences"]) == 2
    assert "310" in told["differences"][0]["changes"][0]
    assert "320" in told["differences"][0]["changes"][0]
    again = command("batches", "export", number, "--confirm", told["confirmation"], "--json")
    assert json.loads(again.stdout)["run"]


def test_in_words_it_says_what_is_different_and_how_to_go_on(books, command, number):
    shown = confirmation(command, number)
    db.session.get_one(Activity, books.codes["CONC"]).dr_gl_account = "320"
    db.session.commit()

    refused = command("batches", "export", number, "--confirm", shown).output

    assert "Something changed since the preview was shown, so nothing was sent." in refused
    assert "account" in refused
    assert f"If it is right as it is now: --confirm {confirmation(command, number)}" in refused


def test_files_that_would_follow_now_and_were_not_told_of_are_a_difference(books, command, number):
    shown = confirmation(command, number)
    with transaction():
        db.session.get_one(XeroSettings, books.fin_co_id).add_history_notes = True

    refused = command("batches", "export", number, "--confirm", shown, "--json")

    told = json.loads(refused.stdout)
    assert told["run"] is None
    (difference,) = told["differences"]
    assert difference["record"] == "Files and notes of FinCo 01"
    assert difference["changes"] == ["None. Now: 2 notes into the History."]


def test_without_a_hash_a_script_exports_what_is_there(books, command, number):
    books.use_account("CONC", "320")

    told = command("batches", "export", number, "--json")

    assert json.loads(told.stdout)["counts"]["pending"] == 2
