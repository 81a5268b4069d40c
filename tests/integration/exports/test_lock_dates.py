"""Lock dates are read anew before a preview is shown, one call for each organisation."""

import datetime as dt

from webapp.db import db, utc_now
from webapp.models import XeroConnection
from webapp.services import exports
from webapp.services.exports.lock_dates import read_lock_dates

PUBLIC_URL = "http://localhost:5000"


def read(books, *batch_ids):
    return read_lock_dates(books.deps.xero, batch_ids=list(batch_ids), now=utc_now())


def test_one_call_reads_the_lock_dates_of_all_the_batches_of_a_fin_co(books, sandbox):
    batch_ids = [books.batch("10.00"), books.batch("20.00")]
    sandbox.control(
        "PATCH", f"organisations/{sandbox.tenant()}", {"period_lock_date": "2026-11-30"}
    )
    sandbox.control("DELETE", "requests")

    assert read(books, *batch_ids) == ()

    (call,) = sandbox.calls()
    assert (call["method"], call["path"].rpartition("/")[2]) == ("GET", "Organisation")
    found = exports.preflight(batch_ids=batch_ids, public_url=PUBLIC_URL)
    assert {p.code for one in found.documents for p in one.problems} == {"period-locked"}
    (destination,) = found.destinations
    assert [lock.until for lock in destination.locks] == [dt.date(2026, 11, 30)]


def test_an_organisation_that_does_not_answer_is_told_and_its_dates_stay(books, sandbox):
    batch_id = books.batch("10.00")
    read(books, batch_id)
    before = db.session.get_one(XeroConnection, books.connection_id).organisation_read_at
    db.session.commit()
    sandbox.control("PATCH", f"organisations/{sandbox.tenant()}", {"expire_trial": True})

    (unanswered,) = read(books, batch_id)

    assert unanswered.message
    assert unanswered.way_out
    db.session.expire_all()
    after = db.session.get_one(XeroConnection, books.connection_id)
    assert after.organisation_read_at == before
