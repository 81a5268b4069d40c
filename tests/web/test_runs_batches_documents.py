import datetime as dt

import pytest
from factories import NOW, make_batch, make_connection, make_document, make_run

from webapp.db import db
from webapp.domain.batches import BatchStatus
from webapp.domain.documents import DocumentStatus
from webapp.domain.runs import ItemState
from webapp.models import Batch, ExportItem


def squeezed(tag) -> str:
    return " ".join(tag.text.split())


@pytest.fixture
def finished(house, people):
    """A run of four documents: two in Xero, one refused by it, one not sent."""
    make_connection(house.fin_co)
    batch = make_batch(house)
    documents = [make_document(batch) for _ in range(4)]
    states = [ItemState.SENT, ItemState.REJECTED, ItemState.BLOCKED, ItemState.SENT]
    return make_run(
        house.fin_co, list(zip(documents, states, strict=True)), user=people["Bob"]
    ), documents


def rows(page):
    return page.select("#documents tbody > tr")


def test_a_run_shows_what_needs_a_person_first(bob, finished):
    run, _ = finished
    page = bob.open(f"/export-runs/{run.id}")
    outcomes = [squeezed(row.select_one("td .state")) for row in rows(page)]
    assert outcomes == ["Refused by Xero", "Not sent", "In Xero", "In Xero"]
    assert "4 of 4 documents" in squeezed(page.select_one(".bar"))
    assert page.find("progress")["value"] == "4"
    assert "Export finished, but not all of it went" in page.text
    assert "Started by Bob" in squeezed(page.select_one(".who-when"))


def test_C5_1_a_problem_says_what_why_and_the_way_out_and_keeps_xero_s_words(bob, finished):
    run, _ = finished
    problem = bob.open(f"/export-runs/{run.id}").select_one("#documents .problem")
    text = squeezed(problem)
    assert text.startswith("Account 310 (Subcontractors) is archived in Xero. Line 1.")
    assert "Restore the account in Xero" in text
    assert problem.blockquote.text == "Account code '310' has been <archived> or deleted."
    assert "corr-77" in text
    assert not problem.details.has_attr("open")


def test_problems_of_one_cause_stand_together_at_the_top(bob, finished):
    run, _ = finished
    (cause,) = bob.open(f"/export-runs/{run.id}").select(".causes li")
    assert "Account 310" in cause.text


def test_a_reason_that_many_documents_share_is_told_once_with_their_number(house, bob):
    batch = make_batch(house)
    run = make_run(house.fin_co, [(make_document(batch), ItemState.BLOCKED) for _ in range(7)])
    for number, item in enumerate(db.session.query(ExportItem).order_by(ExportItem.id)):
        item.problems = [
            {
                "code": "no-contact",
                "record": f"AP Invoice {number}",
                "message": f"Supplier {number % 3} has no Xero ID.",
                "way_out": "Import Companies.",
            }
        ]
    db.session.commit()
    (cause,) = bob.open(f"/export-runs/{run.id}").select(".causes li")
    text = squeezed(cause)
    assert text.startswith("Supplier 0 has no Xero ID. And 2 more like it. 7 documents")
    assert "AP Invoice 4 and 2 more" in text


def test_a_document_in_xero_is_linked_to_it_and_named_as_xero_names_its_status(bob, finished):
    run, documents = finished
    page = bob.open(f"/export-runs/{run.id}?outcome=sent")
    link = rows(page)[0].select_one("a.out")
    assert link["href"].startswith(
        "http://127.0.0.1:9999/organisationlogin/default.aspx?shortcode=%21aB3"
    )
    assert link["rel"] == ["noopener"]
    assert "Awaiting payment" in rows(page)[0].text
    here = {row.select_one("th a")["href"] for row in rows(page)}
    assert here == {f"/documents/{documents[0].uid}", f"/documents/{documents[3].uid}"}


@pytest.mark.parametrize(
    ("outcome", "count"), [("any", 4), ("sent", 2), ("not+sent", 2), ("undecided", 0)]
)
def test_the_documents_can_be_told_apart_by_outcome(bob, finished, outcome, count):
    run, _ = finished
    assert len(rows(bob.open(f"/export-runs/{run.id}?outcome={outcome}"))) == count


def test_an_outcome_there_is_none_of_is_refused(bob, finished):
    bob.open(f"/export-runs/{finished[0].id}?outcome=lost", status=422)


def test_a_run_that_waits_says_for_what_and_until_when(house, bob):
    document = make_document(make_batch(house))
    run = make_run(
        house.fin_co,
        [(document, ItemState.PENDING)],
        finished=False,
        resume_at=dt.datetime(2030, 1, 2, 3, 4, tzinfo=dt.UTC),
        pause_reason="Xero's limit for today is reached.",
    )
    page = bob.open(f"/export-runs/{run.id}")
    assert "Xero's limit for today is reached." in page.text
    assert "continues by itself at 2 Jan 2030 03:04 UTC" in squeezed(page)
    assert page.select_one('head noscript meta[http-equiv="refresh"]')


def test_a_run_s_page_takes_a_fixed_number_of_statements(house, bob, statements):
    batch = make_batch(house)
    run = make_run(house.fin_co, [(make_document(batch), ItemState.SENT) for _ in range(30)])
    address = f"/export-runs/{run.id}"
    with statements() as seen:
        page = bob.open(address)
    assert len(rows(page)) == 30
    assert len(seen) <= 10


def test_many_documents_are_paged(house, bob):
    batch = make_batch(house)
    run = make_run(house.fin_co, [(make_document(batch), ItemState.SENT) for _ in range(101)])
    first = bob.open(f"/export-runs/{run.id}?outcome=sent")
    second = bob.open(first.find("a", rel="next")["href"])
    assert (len(rows(first)), len(rows(second))) == (100, 1)


# Batch Details


def test_a_batch_shows_its_documents_and_their_totals(house, bob, people):
    batch = make_batch(house, reference="Week 46", created_by=people["Bob"])
    make_document(batch, value="1000.00", gst="150.00")
    make_document(batch, value="-100.00", gst="-15.00")
    page = bob.open(f"/batches/{batch.number}")
    assert "Week 46" in page.text
    assert "by Bob" in squeezed(page)
    (sums,) = page.find(attrs={"aria-label": "Totals"}).select("tbody tr")
    assert squeezed(sums) == "NZD 2 0 900.00 135.00 1,035.00"
    assert "\u2212115.00" in page.text


def test_an_open_batch_can_be_closed_and_the_person_comes_back(house, bob):
    batch = make_batch(house, status=BatchStatus.OPEN)
    response = bob.send(f"/batches/{batch.number}/close", {"back": "/export-control?status=open"})
    assert response.location == "/export-control?status=open"
    assert f"Batch {batch.number} is closed." in bob.open(response.location).text
    db.session.rollback()
    assert db.session.get_one(Batch, batch.id).closed_by.name == "Bob"


def test_a_batch_with_unapproved_documents_stays_open_and_names_them(house, bob):
    batch = make_batch(house, status=BatchStatus.OPEN)
    make_document(batch, number="S-99", status=DocumentStatus.ENTERED)
    response = bob.send(f"/batches/{batch.number}/close")
    assert "S-99" in bob.open(response.location).select_one(".notice-danger").text


def test_the_mark_not_for_export_can_be_put_on_and_taken_off(house, bob):
    batch = make_batch(house, status=BatchStatus.OPEN)
    path = f"/batches/{batch.number}"
    bob.send(f"{path}/not-for-export", {"marked": "yes"})
    page = bob.open(path)
    assert "is marked Not For Export." in page.text
    assert not page.find("button", string="Close")
    bob.send(f"{path}/not-for-export", {"marked": "no"})
    assert bob.open(path).find("button", string="Close")
    assert bob.send(f"{path}/not-for-export", {"marked": "perhaps"}).status_code == 422


def test_R79_a_closed_batch_cannot_be_marked(house, bob):
    batch = make_batch(house)
    make_document(batch)
    page = bob.open(f"/batches/{batch.number}")
    assert not page.find("button", string="Mark Not For Export")
    bob.send(f"/batches/{batch.number}/not-for-export", {"marked": "yes"})
    assert bob.open(f"/batches/{batch.number}").select_one(".notice-danger")


def test_an_empty_batch_says_that_it_is(house, bob):
    assert "holds no documents" in bob.open(f"/batches/{make_batch(house).number}").text


# Documents


def test_a_document_shows_its_lines_its_exports_and_its_way_into_xero(bob, finished):
    run, documents = finished
    page = bob.open(f"/documents/{documents[0].uid}")
    assert "Ready-mix concrete" in page.text
    assert page.select_one("dl a.out")
    assert page.select_one(f'.attempts a[href="/export-runs/{run.id}"]')
    refused = bob.open(f"/documents/{documents[1].uid}")
    assert "Account 310" in refused.select_one(".attempts").text
    assert "Account 310" in refused.select_one("h1 + .hindered").text
    assert not page.select(".hindered")
    assert "Not yet" in refused.text


def test_the_back_link_that_xero_keeps_survives_the_sign_in(nobody, people, finished):
    address = f"/documents/{finished[1][0].uid}"
    sign_in = nobody.open(nobody.get(address).location)
    target = sign_in.find("input", attrs={"name": "next"})["value"]
    assert nobody.sign_in("Bob", next=target).location == address


def test_a_document_without_a_short_code_has_no_dead_link(house, bob):
    make_connection(house.fin_co, short_code=None)
    document = make_document(make_batch(house))
    make_run(house.fin_co, [(document, ItemState.SENT)])
    page = bob.open(f"/documents/{document.uid}")
    assert not page.select("a.out")


def test_no_secret_is_on_any_page(config, alice, house, finished):
    run, documents = finished
    number = documents[0].batch.number
    secrets = [config.secret_key, config.xero_client_secret, *config.token_encryption_keys]
    for address in (
        "/",
        "/export-control",
        f"/export-runs/{run.id}",
        f"/batches/{number}",
        f"/documents/{documents[0].uid}",
        "/administration/data-transfer/xero-integration",
        "/readyz",
    ):
        text = alice.get(address).text
        for secret in [*secrets, "ciphertext", "argon2", "key-of-Alice"]:
            assert secret not in text


def test_instants_carry_their_zone_for_the_browser(bob, finished):
    moment = bob.open(f"/export-runs/{finished[0].id}").find("time")
    assert moment["datetime"] == NOW.isoformat(timespec="seconds")
