import datetime as dt

import pytest
from factories import make_connection

from webapp.db import db
from webapp.domain.access import Permission
from webapp.models import AuditEvent, ExportRun, XeroConnection


@pytest.fixture
def closed(api, a_batch, an_invoice):
    number = api.post("/batches", a_batch(an_invoice("A-1"), an_invoice("A-2"))).json["batch"]
    api.post(f"/batches/{number}/close")
    return number


def test_a_preflight_names_what_is_in_the_way_of_each_document(house, closed, call_as):
    make_connection(house.fin_co)

    answer = call_as(Permission.VIEW).post(f"/batches/{closed}/preflight")

    assert answer.status_code == 200
    told = answer.json
    assert (told["batch"], told["refused"], told["requests"]) == (closed, None, 0)
    assert told["totals"] == []
    assert [one["number"] for one in told["documents"]] == ["A-1", "A-2"]
    document = told["documents"][0]
    assert (document["total"], document["currency"], document["sent"]) == ("11.62", "NZD", False)
    codes = {problem["code"]: problem for problem in document["problems"]}
    assert codes["no-export-code"]["line"] == 1
    assert codes["no-xero-id"]["line"] is None
    assert "Account Number" in codes["no-xero-id"]["way_out"]


def test_a_preflight_says_why_a_batch_would_not_be_taken_at_all(api, closed):
    told = api.post(f"/batches/{closed}/preflight").json

    assert told["refused"]["code"] == "not-connected"
    assert told["refused"]["way_out"]
    assert (told["documents"], told["requests"]) == ([], 0)


def test_a_preflight_begins_nothing(api, house, closed):
    make_connection(house.fin_co)
    events = db.session.query(AuditEvent).count()

    api.post(f"/batches/{closed}/preflight")

    assert api.get(f"/batches/{closed}").json["status"] == "closed"
    assert db.session.query(ExportRun).count() == 0
    assert db.session.query(AuditEvent).count() == events


def test_a_preflight_groups_what_is_in_the_way_and_tells_equal_exports_apart(
    house, closed, call_as
):
    make_connection(house.fin_co)
    ask = call_as(Permission.VIEW).post

    first, again = (
        ask(f"/batches/{closed}/preflight").json,
        ask(f"/batches/{closed}/preflight").json,
    )

    assert first["confirmation"] == again["confirmation"]
    causes = {cause["code"]: cause for cause in first["causes"]}
    both = {one["document"] for one in first["documents"]}
    assert set(causes["no-export-code"]["documents"]) == both
    assert causes["no-export-code"]["totals"] == [
        {"currency": "NZD", "documents": 2, "total": "23.24"}
    ]
    assert all(one["warnings"] == [] for one in first["documents"])


def test_an_export_that_carries_a_preflight_s_confirmation_sends_only_that(api, house, closed):
    make_connection(house.fin_co)
    told = api.post(f"/batches/{closed}/preflight").json
    locked = db.session.query(XeroConnection).one()
    locked.period_lock_date = dt.date(2026, 12, 31)
    db.session.commit()

    refused = api.post(f"/batches/{closed}/export", {"confirmation": told["confirmation"]})

    assert refused.status_code == 412
    assert "so nothing was sent" in refused.json["detail"]
    changed = [problem["detail"] for problem in refused.json["problems"]]
    assert any("period lock date 31 Dec 2026" in detail for detail in changed)
    assert db.session.query(ExportRun).count() == 0

    now = api.post(f"/batches/{closed}/preflight").json["confirmation"]
    assert api.post(f"/batches/{closed}/export", {"confirmation": now}).status_code == 202


def test_a_confirmation_that_cannot_be_one_is_refused(api, closed):
    refused = api.post(f"/batches/{closed}/export", {"confirmation": "yes"})

    assert refused.status_code == 422
    assert refused.json["problems"][0]["pointer"] == "/confirmation"


@pytest.mark.parametrize("options", [{}, {"content_type": "application/json"}])
def test_an_export_needs_no_body(api, house, closed, options):
    make_connection(house.fin_co)

    assert api.post(f"/batches/{closed}/export", **options).status_code == 202
