import json

from webapp.db import db
from webapp.models import Batch


def test_the_command_says_what_an_export_would_do_and_begins_nothing(books, command):
    good, bad = books.batch("10.00"), books.batch("20.00", activity="BLANK")
    numbers = [db.session.get_one(Batch, good).number, db.session.get_one(Batch, bad).number]

    result = command("batches", "preflight", *numbers, "--json")

    told = json.loads(result.stdout)
    assert told["sent"] == [{"currency": "NZD", "documents": 1, "total": "11.50"}]
    assert told["held_back"] == [{"currency": "NZD", "documents": 1, "total": "23.00"}]
    assert [(cause["code"], len(cause["documents"])) for cause in told["causes"]] == [
        ("no-gl-account", 1)
    ]
    assert result.exit_code != 0, "not all of it would go"
    assert books.status_of(good) == "closed"


def test_a_batch_there_is_none_of_is_named(books, command):
    result = command("batches", "preflight", "nowhere")
    assert result.exit_code != 0
    assert "nowhere" in result.output
