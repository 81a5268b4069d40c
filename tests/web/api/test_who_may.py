"""Every operation, by every right, in the own FinCo and from a foreign one: one table."""

import pytest
from factories import NOW, TENANT, make_batch, make_document, make_run

from webapp.db import db
from webapp.domain.access import API_RIGHTS, Permission
from webapp.domain.batches import BatchStatus
from webapp.domain.runs import ImportKind, ItemState, RunOrigin
from webapp.models import ImportRun, ImportRunKind

VIEW = Permission.VIEW
LOAD = Permission.LOAD_DOCUMENTS
CLOSE = Permission.CLOSE_BATCHES
EXPORT = Permission.EXPORT_BATCHES
IMPORT = Permission.RUN_IMPORT
EDIT = Permission.EDIT_COMPANIES
SET_UP = Permission.SET_UP

SHARED = "shared"
"""All FinCos have the same, so a token of any sees it."""
OWN = "own"
"""Not there for a token of another FinCo."""
LISTED = "listed"
"""Answers, and leaves out what is another FinCo's."""

DOCUMENT = {
    "kind": "AP Invoice",
    "number": "P-1",
    "company_account": "S1",
    "document_date": "2026-11-10",
    "lines": [{"job": "1001", "activity": "MAT", "value_ex_gst": "10.00"}],
}
BATCH = {"fin_co": "01", "batch_type": "AP Invoice", "batch_date": "2026-11-12"}

# Method, address, right, whom it is for, body.
OPERATIONS = [
    ("GET", "/batches", VIEW, LISTED, None),
    ("GET", "/batches?fin_co=01", VIEW, OWN, None),
    ("POST", "/batches", LOAD, OWN, BATCH),
    ("GET", "/batches/{number}", VIEW, OWN, None),
    ("GET", "/batches/{number}/documents", VIEW, OWN, None),
    ("POST", "/batches/{number}/documents", LOAD, OWN, {"documents": [DOCUMENT]}),
    ("POST", "/batches/{number}/close", CLOSE, OWN, None),
    ("PUT", "/batches/{number}/not-for-export", CLOSE, OWN, {"not_for_export": True}),
    ("POST", "/batches/{number}/preflight", VIEW, OWN, None),
    ("POST", "/batches/{number}/export", EXPORT, OWN, None),
    ("GET", "/documents/{uid}", VIEW, OWN, None),
    ("PUT", "/documents/{uid}", LOAD, OWN, DOCUMENT),
    ("DELETE", "/documents/{uid}", LOAD, OWN, None),
    ("POST", "/documents/{uid}/approve", LOAD, OWN, None),
    ("POST", "/documents/{uid}/unapprove", LOAD, OWN, None),
    ("GET", "/documents/{uid}/attachments", VIEW, OWN, None),
    ("PUT", "/documents/{uid}/attachments/{file_name}", LOAD, OWN, b"%PDF"),
    ("GET", "/documents/{uid}/attachments/{file_name}", VIEW, OWN, None),
    ("DELETE", "/documents/{uid}/attachments/{file_name}", LOAD, OWN, None),
    ("GET", "/export-runs", VIEW, LISTED, None),
    ("GET", "/export-runs?fin_co=01", VIEW, OWN, None),
    ("GET", "/export-runs/{run_id}", VIEW, OWN, None),
    ("GET", "/export-runs/{run_id}/items", VIEW, OWN, None),
    ("POST", "/imports", IMPORT, OWN, {"fin_co": "01"}),
    ("GET", "/imports", VIEW, LISTED, None),
    ("GET", "/imports?fin_co=01", VIEW, OWN, None),
    ("GET", "/imports/{run_id}", VIEW, OWN, None),
    ("GET", "/companies", VIEW, LISTED, None),
    ("GET", "/companies?fin_co=01", VIEW, OWN, None),
    ("POST", "/companies", EDIT, OWN, {"fin_co": "01", "name": "New Ltd"}),
    ("GET", "/companies/{company_id}", VIEW, OWN, None),
    ("PATCH", "/companies/{company_id}", EDIT, OWN, {"phone": "09 555 0100"}),
    ("GET", "/jobs", VIEW, LISTED, None),
    ("GET", "/jobs?fin_co=01", VIEW, OWN, None),
    (
        "POST",
        "/jobs",
        SET_UP,
        OWN,
        {"fin_co": "01", "code": "1002", "description": "Pier", "profit_centre": "AK"},
    ),
    ("GET", "/jobs/{job_id}", VIEW, OWN, None),
    ("PATCH", "/jobs/{job_id}", SET_UP, OWN, {"description": "Bridge, north"}),
    ("GET", "/activities", VIEW, SHARED, None),
    ("POST", "/activities", SET_UP, SHARED, {"code": "SAND", "description": "Sand"}),
    ("GET", "/activities/MAT", VIEW, SHARED, None),
    ("PATCH", "/activities/MAT", SET_UP, SHARED, {"description": "Material"}),
    ("GET", "/sales-codes", VIEW, SHARED, None),
    ("GET", "/sales-codes/CLAIM", VIEW, SHARED, None),
    ("GET", "/gst-types", VIEW, SHARED, None),
    ("GET", "/gst-types/G15", VIEW, SHARED, None),
    ("GET", "/profit-centres", VIEW, LISTED, None),
    ("GET", "/profit-centres/AK", VIEW, OWN, None),
    ("GET", "/gl-accounts", VIEW, LISTED, None),
    ("GET", "/gl-accounts/{account_id}", VIEW, OWN, None),
    ("GET", "/currencies", VIEW, SHARED, None),
    ("GET", "/currencies/AUD", VIEW, SHARED, None),
    ("GET", "/periods", VIEW, SHARED, None),
    ("GET", "/periods/2027/8", VIEW, SHARED, None),
]


@pytest.fixture
def addresses(house, records, api):
    made = api.post("/batches", {**BATCH, "documents": [{**DOCUMENT, "number": "P-0"}]}).json
    uid = made["documents"][0]
    api.send("PUT", f"/documents/{uid}/attachments/scan.pdf", data=b"%PDF")
    sent = make_document(make_batch(house, status=BatchStatus.EXPORTED, number="X-1"))
    imported = ImportRun(
        fin_co_id=house.fin_co.id,
        tenant_id=TENANT,
        started_at=NOW,
        finished_at=NOW,
        origin=RunOrigin.COMMAND,
        kinds=[ImportRunKind(kind=ImportKind.COMPANIES)],
    )
    db.session.add(imported)
    db.session.commit()
    run = make_run(house.fin_co, [(sent, ItemState.SENT)])
    return {
        "number": made["batch"],
        "uid": uid,
        "file_name": "scan.pdf",
        "run_id": run.id,
        "company_id": records["supplier"].id,
        "job_id": records["job"].id,
        "account_id": records["account"].id,
    }


def sent(caller, operation, addresses):
    method, address, _, _, body = operation
    path = address.format(**addresses)
    if isinstance(body, bytes):
        return caller.send(method, path, data=body)
    return caller.send(method, path, body)


def name(operation):
    return f"{operation[0]} {operation[1]}"


def test_the_table_holds_every_operation_of_the_document(app):
    paths = app.test_client().get("/api/v1/openapi.json").json["paths"]
    told = {
        (method.upper(), path.removeprefix("/api/v1"))
        for path, operations in paths.items()
        for method in operations
        if method != "parameters"
    }
    generic = {
        "MAT": "{code}",
        "CLAIM": "{code}",
        "G15": "{code}",
        "AK": "{code}",
        "AUD": "{code}",
        "2027/8": "{year}/{number}",
    }
    listed = set()
    for method, address, *_ in OPERATIONS:
        path = address.partition("?")[0]
        for fixed, variable in generic.items():
            path = path.replace(f"/{fixed}", f"/{variable}")
        listed.add((method, path))
    assert listed == told


@pytest.mark.parametrize("operation", OPERATIONS, ids=name)
def test_an_operation_answers_the_right_it_asks_for_and_no_other(addresses, call_as, operation):
    needed = operation[2]
    statuses = {
        right: sent(call_as(right), operation, addresses).status_code
        for right in API_RIGHTS
        if right is not needed
    }
    assert set(statuses.values()) == {403}
    # A record may be in a state in which it cannot be done: allowed it is.
    assert sent(call_as(needed), operation, addresses).status_code in {200, 201, 202, 204, 409}


@pytest.mark.parametrize("operation", OPERATIONS, ids=name)
def test_for_a_token_of_another_fin_co_what_is_not_its_own_does_not_exist(
    addresses, stranger, operation
):
    answer = sent(stranger, operation, addresses)

    if operation[3] == OWN:
        assert answer.status_code == 404
        assert answer.mimetype == "application/problem+json"
    elif operation[3] == LISTED:
        assert answer.status_code == 200
        assert {item["fin_co"] for item in answer.json["items"]} <= {"02"}
    else:
        assert answer.status_code in {200, 201}


@pytest.mark.parametrize("operation", OPERATIONS, ids=name)
def test_without_a_token_nothing_answers(addresses, anonymous, operation):
    answer = sent(anonymous, operation, addresses)

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert "Set-Cookie" not in answer.headers


def test_records_of_another_fin_co_are_as_unknown_as_those_that_are_not_there(
    api, a_batch, an_invoice
):
    def told(**line):
        lines = [{"job": "1001", "activity": "MAT", "value_ex_gst": "1.00", **line}]
        return api.post("/batches", a_batch(an_invoice(lines=lines))).json["problems"]

    [foreign], [absent] = told(job="2001"), told(job="9999")
    assert foreign["code"] == absent["code"] == "unknown-job"
    assert foreign["detail"].replace("2001", "") == absent["detail"].replace("9999", "")


def test_a_signed_in_person_has_no_business_here_without_a_token(alice, records):
    assert alice.get("/api/v1/batches").status_code == 401
