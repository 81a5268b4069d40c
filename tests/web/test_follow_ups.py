"""The files and notes of a run and of a document, on their pages."""

import datetime as dt
import itertools

import pytest
import sqlalchemy as sa
from factories import NOW, TENANT, make_batch, make_connection, make_document, make_run

from webapp.db import db
from webapp.domain.batches import BatchStatus
from webapp.domain.follow_ups import FollowUpKind, FollowUpState
from webapp.domain.problems import Problem
from webapp.domain.runs import ItemState
from webapp.models import AuditEvent, Document, ExportItem, FollowUp, FollowUpQueue, XeroSettings

_count = itertools.count(1)
TOO_MANY = Problem(
    code="refused-by-xero",
    record="photo.jpg of AP Invoice INV-7",
    message="photo.jpg of AP Invoice INV-7 was not sent: Xero did not take it.",
    way_out="Read Xero's words, and put right what they name.",
    verbatim="A document can have at most 10 attachments.",
    request_id="corr-77",
)


@pytest.fixture
def run(house):
    make_connection(house.fin_co)
    batch = make_batch(house, status=BatchStatus.EXPORTED)
    return make_run(house.fin_co, [(make_document(batch), ItemState.SENT)])


@pytest.fixture
def document(run):
    return db.session.scalars(
        sa.select(Document).join(ExportItem).where(ExportItem.run_id == run.id)
    ).one()


@pytest.fixture
def follow(house, run, document):
    queue = FollowUpQueue(fin_co_id=house.fin_co.id, tenant_id=TENANT)
    db.session.add(queue)
    db.session.commit()

    def followed(name="docket.pdf", state="sent", *problems, **queued) -> FollowUp:
        for key, value in queued.items():
            setattr(queue, key, value)
        row = FollowUp(
            queue=queue,
            run=run,
            document=document,
            tenant_id=TENANT,
            collection="Invoices",
            xero_id="99999999-0000-4000-8000-000000000001",
            kind=FollowUpKind.FILE if name else FollowUpKind.NOTE,
            file_name=name,
            size=2048 if name else 0,
            state=FollowUpState(state),
            idempotency_key=f"key {next(_count)}",
            planned_at=NOW,
            problems=[problem.to_json() for problem in problems],
        )
        db.session.add(row)
        db.session.commit()
        return row

    return followed


def part(page):
    return page.select_one("#follow-ups")


def words(tag) -> str:
    return " ".join(tag.get_text(" ").split())


def test_R109_a_run_s_page_says_how_many_files_went_and_why_one_did_not(bob, run, follow):
    for name in ("a.pdf", "b.pdf", "c.pdf"):
        follow(name)
    follow("photo.jpg", "failed", TOO_MANY)

    section = part(bob.open(f"/export-runs/{run.id}"))

    assert "3 of 4 files sent; 1 failed." in words(section)
    assert "Xero did not take it" in words(section)
    assert section.select_one("blockquote").text == TOO_MANY.verbatim
    assert "corr-77" in section.text
    # What is in Xero needs nobody: only the failed one has a row.
    assert len(section.select("li")) == 1


def test_notes_are_counted_apart_from_files(bob, run, follow):
    follow()
    follow("", "pending")

    section = words(part(bob.open(f"/export-runs/{run.id}")))

    assert "1 of 1 file sent." in section
    assert "0 of 1 history note added; 1 still to go." in section


def test_a_run_without_files_or_notes_shows_nothing_of_them(bob, run):
    section = part(bob.open(f"/export-runs/{run.id}"))

    assert section.text.strip() == ""
    assert part(bob.open(f"/export-runs/{run.id}/follow-ups")).text.strip() == ""


def test_the_part_asks_again_while_something_is_to_go_and_stops_then(bob, run, follow):
    row = follow("a.pdf", "sending")
    address = f"/export-runs/{run.id}/follow-ups"
    assert "every 5s" in part(bob.open(address))["hx-trigger"]

    row.state = FollowUpState.SENT
    db.session.commit()

    assert "every" not in part(bob.open(address))["hx-trigger"]


def test_what_waits_says_why_until_when_and_that_the_documents_are_there(bob, run, follow):
    until = dt.datetime.now(dt.UTC) + dt.timedelta(hours=3)
    follow("a.pdf", "pending", resume_at=until, pause_reason="All calls of the day are used up.")

    section = part(bob.open(f"/export-runs/{run.id}"))

    assert "All calls of the day are used up." in words(section)
    assert "The documents are in Xero and wait for nothing." in words(section)
    assert f"{until:%H:%M}" in section.text
    assert "every 60s" in section["hx-trigger"]


def test_a_pause_of_seconds_is_no_news_but_one_that_needs_a_person_is(bob, run, follow):
    soon = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=20)
    follow("a.pdf", "pending", resume_at=soon, pause_reason="Why it waits.")
    address = f"/export-runs/{run.id}/follow-ups"
    assert "Why it waits." not in part(bob.open(address)).text

    follow("b.pdf", "pending", waits_for_person=True)

    assert "Why it waits." in part(bob.open(address)).text


def test_a_document_s_page_shows_each_of_its_files_and_where_it_stands(bob, document, follow):
    follow("a.pdf")
    follow("photo.jpg", "uncertain")

    section = part(bob.open(f"/documents/{document.uid}"))

    assert ["photo.jpg" in words(row) for row in section.select("li")] == [True, False]
    assert "Being checked in Xero" in words(section)
    assert "In Xero" in words(section)
    assert part(bob.open(f"/documents/{document.uid}/follow-ups")) is not None


def test_R109_a_failed_file_is_sent_again_alone_and_the_person_comes_back(
    bob, run, document, follow
):
    failed, other = follow("a.pdf", "failed", TOO_MANY), follow("b.pdf", "failed", TOO_MANY)
    page = bob.open(f"/documents/{document.uid}")
    form = page.select_one(f"#again-{failed.id}").find_parent("form")
    data = {tag["name"]: tag["value"] for tag in form.select("input[type=hidden]")}

    response = bob.send(form["action"], data)

    assert response.location == f"/documents/{document.uid}"
    assert "One file or note goes again." in bob.open(response.location).text
    db.session.rollback()
    assert (failed.state, failed.problems) == (FollowUpState.PENDING, [])
    assert other.state is FollowUpState.FAILED
    event = db.session.scalars(sa.select(AuditEvent)).one()
    assert event.action == "send files again"


def test_R109_all_that_failed_in_a_run_goes_again_in_one_go(bob, run, follow):
    rows = [follow(f"{number}.pdf", "failed", TOO_MANY) for number in range(3)]
    form = bob.open(f"/export-runs/{run.id}").select_one("#again-all").find_parent("form")

    bob.send(form["action"], {"back": f"/export-runs/{run.id}"})

    db.session.rollback()
    assert {row.state for row in rows} == {FollowUpState.PENDING}


def test_what_is_on_its_way_already_is_not_sent_again(bob, run, follow):
    row = follow("a.pdf", "pending")

    response = bob.send(f"/export-runs/{run.id}/follow-ups/send-again", {"follow_up": str(row.id)})

    assert "Nothing has to be sent again" in bob.open(response.location).text


def test_who_may_only_read_sees_no_button(rita, run, follow):
    follow("a.pdf", "failed", TOO_MANY)
    follow("b.pdf", "failed", TOO_MANY)

    section = part(rita.open(f"/export-runs/{run.id}"))

    assert section.select("button") == []


def test_many_failures_are_shown_a_page_at_a_time_in_a_fixed_number_of_statements(
    bob, run, follow, statements
):
    for number in range(60):
        follow(f"{number}.pdf", "failed", TOO_MANY)

    with statements() as seen:
        section = part(bob.open(f"/export-runs/{run.id}/follow-ups"))

    assert len(section.select("li")) == 50
    assert "10 more come up here" in words(section)
    assert len(seen) <= 6


def test_the_setting_for_notes_is_kept(alice, house):
    screen = "/administration/data-transfer/xero-integration"
    page = alice.open(f"{screen}?fin_co=01")
    assert page.select_one("#add_history_notes").get("checked") is None

    alice.send(f"{screen}/01/save", {"add_history_notes": "y", "tracking_source_2": "Job Code"})

    db.session.rollback()
    assert db.session.get_one(XeroSettings, house.fin_co.id).add_history_notes
    page = alice.open(f"{screen}?fin_co=01")
    assert page.select_one("#add_history_notes").get("checked") is not None


def test_what_waits_for_a_paused_run_says_so_and_until_when(bob, run, follow):
    follow("docket.pdf", "pending")
    run.finished_at, run.paused_at = None, NOW
    db.session.commit()

    told = " ".join(bob.open(f"/export-runs/{run.id}").select_one("#follow-ups").text.split())

    assert f"Files and notes wait, for export run {run.id} is paused." in told
    assert "They go on after Resume" in told
