"""Journals of zero lines: nothing of them goes, and they keep no batch from being done (Q34)."""

import pytest
import sqlalchemy as sa

from tests.integration.exports.conftest import PUBLIC_URL
from tests.integration.exports.journal_batches import add_codes, enter, journal, line, posted
from webapp.db import db
from webapp.domain.batches import BatchType
from webapp.models import Batch
from webapp.services.batches import set_not_for_export
from webapp.services.errors import NotAllowedNow
from webapp.services.exports import preflight
from webapp.services.exports.retrying import left_of


@pytest.fixture(autouse=True)
def _codes(books):
    add_codes(books)


def number_of(batch_id):
    return db.session.scalar(sa.select(Batch.number).where(Batch.id == batch_id))


def test_Q34_a_closed_batch_of_zero_lines_alone_is_refused_with_a_way_out_that_works(books):
    batch = enter(books, BatchType.TIMESHEET, journal("TS-1", line("0.00"), line("0.00")))

    (told,) = preflight(batch_ids=[batch], public_url=PUBLIC_URL).batches
    assert told.refused.code == "empty"
    assert "only journals whose lines are zero" in told.refused.message
    assert "Mark it Not For Export" in told.refused.way_out
    assert books.plan(batch).run_ids == ()

    set_not_for_export(batch, marked=True)
    assert db.session.get_one(Batch, batch).not_for_export


def test_R79_a_closed_batch_with_a_single_cent_cannot_be_marked(books):
    batch = enter(books, BatchType.TIMESHEET, journal("TS-1", line("0.00"), line("0.01")))

    with pytest.raises(NotAllowedNow, match="only be changed while a batch is open"):
        set_not_for_export(batch, marked=True)


def test_R110_a_batch_is_exported_though_one_of_its_journals_has_nothing_to_post(books, sandbox):
    batch = enter(
        books, BatchType.TIMESHEET, journal("TS-1", line("1.00")), journal("TS-0", line("0.00"))
    )

    run_id = books.plan(batch).run_ids[0]
    run = books.work(run_id)

    assert len(posted(sandbox)) == 1
    assert books.status_of(batch) == "exported"
    (problem,) = run.problems
    assert problem["code"] == "no-lines"
    assert "its batch counts as exported without it" in problem["way_out"]
    with pytest.raises(NotAllowedNow, match="Nothing of it is left"):
        left_of(run_id, None)
