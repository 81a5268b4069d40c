"""What could differ between databases: keys that race, and every list that is read."""

import datetime as dt
import threading
from contextvars import Context
from decimal import Decimal

import pytest
import sqlalchemy as sa

from webapp.db import db
from webapp.domain.access import API_RIGHTS
from webapp.models import Activity, Company, FinCo, GstType, Job, Location, Period, ProfitCentre
from webapp.services import api_tokens, api_writes
from webapp.services.api_writes import Answer, Begun, StillOpen

NOW = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)
LISTS = (
    "batches?status=open&batch_type=AP+Invoice",
    "export-runs",
    "imports",
    "companies?account=S1",
    "jobs?code=1001",
    "activities",
    "sales-codes",
    "gst-types",
    "profit-centres",
    "gl-accounts",
    "currencies",
    "periods?year=2027",
)


@pytest.fixture
def token(house):
    return api_tokens.make_token(
        name="Costing",
        fin_co_codes=["01"],
        rights=API_RIGHTS,
        expires_at=None,
        user_id=house.alice_id,
        source="test",
        now=dt.datetime.now(dt.UTC),
    )


@pytest.fixture
def call(app, token):
    def send(method, path, body=None):
        return Context().run(
            app.test_client().open,
            f"/api/v1/{path}",
            method=method,
            json=body,
            headers={"Authorization": f"Bearer {token.text}"},
        )

    return send


@pytest.fixture
def records(house):
    fin_co = db.session.get_one(FinCo, house.fin_co_id)
    location = db.session.scalars(sa.select(Location)).one()
    centre = ProfitCentre(code="AK", description="Auckland", location=location, fin_co=fin_co)
    gst = GstType(code="G15", description="GST 15%", percent=Decimal(15))
    db.session.add_all(
        [
            Company(fin_co=fin_co, name="Fletcher", ap_account="S1", is_supplier=True),
            Job(code="1001", description="Bridge", profit_centre=centre),
            Activity(code="MAT", description="Materials", gst_type=gst),
            Period(
                year=2027,
                number=8,
                start_date=dt.date(2026, 11, 1),
                end_date=dt.date(2026, 11, 30),
                is_current=True,
            ),
        ]
    )
    db.session.commit()


def begin(token, key="k-1"):
    return api_writes.begin(
        token.token_id, key, method="POST", path="/api/v1/batches", body=b"{}", now=NOW
    )


def test_of_many_who_send_a_key_at_once_one_goes_on(app, token):
    outcomes = []
    together = threading.Barrier(6)

    def send():
        with app.app_context():
            together.wait()
            try:
                outcomes.append(type(begin(token)))
            except StillOpen:
                outcomes.append(StillOpen)

    threads = [threading.Thread(target=send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(kind.__name__ for kind in outcomes) == ["Begun"] + ["StillOpen"] * 5


def test_the_answer_of_the_first_time_is_kept_and_a_refused_key_is_free(app, token):
    answer = Answer(201, '{"batch": "1"}', {"Location": "/api/v1/batches/1"})
    api_writes.finish(begin(token), answer)
    assert begin(token) == answer

    api_writes.forget(begin(token, "k-2"))
    assert isinstance(begin(token, "k-2"), Begun)


def test_a_batch_is_entered_read_and_closed(call, records):
    document = {
        "kind": "AP Invoice",
        "number": "A-1",
        "company_account": "S1",
        "document_date": "2026-11-10",
        "approved": True,
        "lines": [{"job": "1001", "activity": "MAT", "value_ex_gst": "10.10"}],
    }
    made = call(
        "POST",
        "batches",
        {
            "fin_co": "01",
            "batch_type": "AP Invoice",
            "batch_date": "2026-11-12",
            "documents": [document],
        },
    )
    number, [uid] = made.json["batch"], made.json["documents"]

    assert call("GET", f"documents/{uid}").json["total"] == "11.62"
    assert call("GET", f"batches/{number}/documents").json["total"] == 1
    assert call("GET", "batches?status=open&batch_type=AP+Invoice").json["total"] == 1
    assert call("POST", f"batches/{number}/close").json["status"] == "closed"


@pytest.mark.parametrize("path", LISTS)
def test_every_list_is_read(call, records, path):
    answer = call("GET", path)

    assert answer.status_code == 200, answer.json
    assert answer.json["total"] == len(answer.json["items"])


def test_master_records_are_made_and_changed_and_codes_stay_unique(call, records):
    company = {"fin_co": "01", "name": "Higgins", "ap_account": "S2", "is_supplier": True}
    made = call("POST", "companies", company)
    assert (made.status_code, made.json["ap_account"]) == (201, "S2")
    taken = call("POST", "companies", {**company, "name": "Other"})
    assert (taken.status_code, taken.json["problems"][0]["pointer"]) == (422, "/ap_account")
    changed = call("PATCH", f"companies/{made.json['id']}", {"phone": "09", "ap_account": "S2"})
    assert (changed.json["phone"], changed.json["name"]) == ("09", "Higgins")

    job = {"fin_co": "01", "code": "1002", "description": "Pier", "profit_centre": "AK"}
    made = call("POST", "jobs", {**job, "dr_gl_account": "1450"})
    assert (made.status_code, made.json["dr_gl_account"]) == (201, "1450")
    assert call("POST", "jobs", job).json["problems"][0]["code"] == "code-in-use"
    unknown = call("PATCH", f"jobs/{made.json['id']}", {"profit_centre": "XX", "job_type": "YY"})
    assert {one["code"] for one in unknown.json["problems"]} == {
        "unknown-profit-centre",
        "unknown-job-type",
    }
    shut = call("PATCH", f"jobs/{made.json['id']}", {"active": False})
    assert (shut.json["active"], shut.json["code"]) == (False, "1002")

    part = call("POST", "jobs", {**job, "code": "1002-1", "parent_id": made.json["id"]})
    assert (part.status_code, part.json["parent_id"]) == (201, made.json["id"])
    for parent, why in ((part.json["id"], "part-of-itself"), (2_000_000_000, "unknown-job")):
        refused = call("PATCH", f"jobs/{made.json['id']}", {"parent_id": parent})
        assert refused.status_code == 422
        told = [(one["code"], one["pointer"]) for one in refused.json["problems"]]
        assert told == [(why, "/parent_id")]
    alone = call("PATCH", f"jobs/{part.json['id']}", {"parent_id": None})
    assert alone.json["parent_id"] is None

    activity = {"code": "SAND", "description": "Sand", "gst_type": "G15"}
    made = call("POST", "activities", activity)
    assert (made.status_code, made.json["code_type"]) == (201, "Purchase")
    assert call("POST", "activities", activity).json["problems"][0]["code"] == "code-in-use"
    cleared = call("PATCH", "activities/SAND", {"gst_type": None, "dr_gl_account": "@310"})
    assert (cleared.json["gst_type"], cleared.json["dr_gl_account"]) == (None, "@310")
    assert call("PATCH", "activities/NONE", {"active": False}).status_code == 404
