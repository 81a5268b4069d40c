"""Exporting again what did not go: at once where it is as it was, and shown first where not."""

from decimal import Decimal

import pytest
import sqlalchemy as sa
from factories import make_batch, make_connection, make_sound

from webapp.db import db, utc_now
from webapp.deps import current_deps
from webapp.domain.runs import ItemState
from webapp.models import Activity, Document, ExportItem, ExportRun
from webapp.services.exports import Asked, cancel_run, plan_export


def text(element):
    return " ".join(element.text.split())


@pytest.fixture
def bills(house):
    """Two sound bills of a closed batch; their FinCo is connected."""
    make_connection(house.fin_co)
    batch = make_batch(house)
    return [make_sound(batch), make_sound(batch)]


def export_and_cancel(bills):
    """A run of their batch that somebody cancelled before anything left."""
    (run_id,) = plan_export(
        batch_ids=[bills[0].batch_id],
        user_id=None,
        now=utc_now(),
        public_url=current_deps().config.public_url,
        after_commit=lambda _: None,
    ).run_ids
    asked = Asked(user_id=None, source="test", now=utc_now())
    run = db.session.get_one(ExportRun, run_id)
    if run.finished_at is None:
        cancel_run(run_id, asked, current_deps().progress, after_commit=lambda _: None)
    return run_id


def press_again(browser, run_id, **form):
    """Press the button, and open what it leads to."""
    answer = browser.send(f"/export-runs/{run_id}/retry", form)
    assert answer.status_code == 303
    return browser.open(answer.location)


def press_export(browser, page):
    (form,) = page.select("form[action='/export-control/confirm']")
    fields = {one["name"]: one["value"] for one in form.select("input[type=hidden]")}
    del fields["csrf_token"]
    return browser.send(form["action"], fields)


def documents_of(run_id):
    db.session.rollback()  # to see what the browser's request wrote
    found = db.session.execute(
        sa.select(Document.number, ExportItem.state)
        .join(ExportItem, ExportItem.document_id == Document.id)
        .where(ExportItem.run_id == run_id)
    )
    return {tuple(row) for row in found}


def runs():
    db.session.rollback()
    return db.session.scalars(sa.select(ExportRun.id).order_by(ExportRun.id)).all()


def test_R111_what_is_as_it_was_is_exported_again_with_one_press(bob, bills):
    run_id = export_and_cancel(bills)

    page = press_again(bob, run_id)

    assert page.h1.text == f"Export run {run_id + 1}"
    assert f"Sends again what export run {run_id} did not bring" in text(page)
    assert documents_of(run_id + 1) == {(bill.number, ItemState.PENDING) for bill in bills}


def test_R111_what_was_changed_since_is_shown_before_it_is_sent(bob, bills):
    run_id = export_and_cancel(bills)
    bills[0].lines[0].value_ex_gst = bills[0].value_ex_gst = Decimal("120.00")
    db.session.commit()

    page = press_again(bob, run_id)

    assert page.h1.text == "Export preview"
    assert f"Only what export run {run_id} did not bring to Xero" in text(page)
    assert runs() == [run_id]
    press_export(bob, page)
    assert runs() == [run_id, run_id + 1]


def test_R111_C5_2_what_one_cause_kept_back_goes_alone_once_it_is_mended(bob, bills):
    blank = Activity(code="BLANK", description="Not mapped yet")
    bills[0].lines[0].activity = blank
    bills[1].lines[0].gst_type = None
    db.session.commit()
    run_id = export_and_cancel(bills)
    blank.dr_gl_account = "310"
    db.session.commit()
    page = bob.open(f"/export-runs/{run_id}")
    (press,) = [one.button for one in page.select(".causes li") if "BLANK" in one.text]

    preview = press_again(bob, run_id, cause=press["value"])
    assert text(preview.select_one(".lead-line")).startswith("1 document will be sent")
    assert "for this reason:" in text(preview)
    assert bills[1].number not in preview.select_one("#documents").text

    assert press_export(bob, preview).location.endswith(f"/export-runs/{run_id + 1}")
    assert documents_of(run_id + 1) == {(bills[0].number, ItemState.PENDING)}


def test_what_would_all_be_held_back_again_is_shown_and_begins_no_run(bob, bills):
    for bill in bills:
        bill.lines[0].activity = Activity(code=bill.uid[:8], description="Not mapped yet")
    db.session.commit()
    run_id = export_and_cancel(bills)

    page = press_again(bob, run_id)

    assert "Nothing can be sent yet" in text(page)
    assert runs() == [run_id]


def test_what_is_held_back_as_before_keeps_the_others_from_nothing(bob, bills):
    bills[0].lines[0].activity = Activity(code="BLANK", description="Not mapped yet")
    db.session.commit()
    run_id = export_and_cancel(bills)

    press_again(bob, run_id)

    assert documents_of(run_id + 1) == {
        (bills[0].number, ItemState.BLOCKED),
        (bills[1].number, ItemState.PENDING),
    }


def test_what_changes_after_it_was_shown_again_is_not_sent_and_is_told(bob, bills):
    run_id = export_and_cancel(bills)
    bills[0].lines[0].description = "Load 7"
    db.session.commit()
    page = press_again(bob, run_id)
    bills[0].lines[0].description = "Load 8"
    db.session.commit()

    answer = press_export(bob, page)

    assert answer.status_code == 409
    assert "Something changed since you looked" in answer.text
    assert "Load 8" in answer.text
    assert runs() == [run_id]
