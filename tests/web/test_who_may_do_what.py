import io
from pathlib import Path

import pytest
from factories import NOW, make_batch, make_connection, make_document, make_import, make_run

from webapp.db import db
from webapp.domain.access import Permission
from webapp.domain.batches import BatchStatus
from webapp.domain.documents import DocumentStatus
from webapp.domain.runs import ItemState
from webapp.models import Activity, Currency, Job, LoadRun, ProfitCentre, SalesCode
from webapp.services import documents as services
from webapp.services.api_tokens import make_token
from webapp.services.loading import LoadMapping, receive, set_mapping
from webapp.web.security import PUBLIC, required_permission

SCREEN = "/administration/data-transfer/xero-integration"
SET_UP = "/set-up"

# Address, method, and whom it answers: Alice (administrator), Bob (finance), Rita (read only),
# Charlie (finance of another FinCo).
ROUTES = [
    ("GET", "/", "ABRC"),
    ("GET", f"{SCREEN}?fin_co=01", "ABR"),
    ("GET", "/export-control", "ABRC"),
    ("GET", "/batches/{batch}", "ABR"),
    ("GET", "/documents/{document}", "ABR"),
    ("GET", "/batches", "ABRC"),
    ("GET", "/batches?fin_co=01", "ABR"),
    ("GET", "/batches.csv", "ABRC"),
    ("GET", "/batches/new", "ABC"),
    ("GET", "/batches/new/period", "ABC"),
    ("POST", "/batches/new", "ABC"),
    ("GET", "/batches/{batch}/documents/new", "AB"),
    ("POST", "/batches/{batch}/documents/new", "AB"),
    ("GET", "/batches/{batch}/documents/suggest?kind=AP+Invoice&name=company", "AB"),
    ("GET", "/batches/{batch}/approve", "AB"),
    ("POST", "/batches/{batch}/approve", "AB"),
    ("GET", "/documents/{document}/edit", "AB"),
    ("POST", "/documents/{document}/edit", "AB"),
    ("GET", "/documents/{document}/approve", "AB"),
    ("POST", "/documents/{document}/approve", "AB"),
    ("GET", "/documents/{document}/unapprove", "AB"),
    ("POST", "/documents/{document}/unapprove", "AB"),
    ("GET", "/documents/{document}/delete", "AB"),
    ("POST", "/documents/{document}/delete", "AB"),
    ("POST", "/documents/{document}/attachments", "AB"),
    ("GET", "/documents/{document}/attachments/{file}", "ABR"),
    ("GET", "/documents/{document}/attachments/{file}/remove", "AB"),
    ("POST", "/documents/{document}/attachments/{file}/remove", "AB"),
    ("GET", "/export-runs/{run}", "ABR"),
    ("GET", "/export-runs/{run}/panel", "ABR"),
    ("GET", "/export-runs/{run}/stream", "ABR"),
    ("GET", "/imports", "ABRC"),
    ("GET", "/imports?fin_co=01", "ABR"),
    ("GET", "/imports/left-out", "ABRC"),
    ("GET", "/imports/left-out?fin_co=01", "ABR"),
    ("GET", "/imports/left-out.csv?fin_co=01", "ABR"),
    ("GET", "/imports/{imported}", "ABR"),
    ("GET", "/imports/{imported}/panel", "ABR"),
    ("GET", "/imports/{imported}/stream", "ABR"),
    ("GET", "/loads", "ABRC"),
    ("GET", "/loads?fin_co=01", "ABR"),
    ("GET", "/loads/new", "ABC"),
    ("POST", "/loads/new", "ABC"),
    ("GET", "/loads/templates/ap-invoices.csv", "ABC"),
    ("GET", "/loads/{load}", "ABR"),
    ("GET", "/loads/{load}/panel", "ABR"),
    ("GET", "/loads/{load}/stream", "ABR"),
    ("GET", "/loads/{load}/bad-rows.csv", "ABR"),
    ("GET", "/loads/{load}/mapping", "AB"),
    ("POST", "/loads/{load}/mapping", "AB"),
    ("GET", "/loads/{load}/preview", "AB"),
    ("POST", "/loads/{load}/start", "AB"),
    ("POST", "/loads/{load}/discard", "AB"),
    ("GET", "/loads/{list}", "ABR"),
    ("GET", "/loads/{list}/mapping", "A"),
    ("GET", "/loads/{list}/preview", "A"),
    ("POST", "/loads/{list}/start", "A"),
    ("GET", "/administration/audit-log", "ABC"),
    ("GET", "/administration/audit-log?fin_co=01", "AB"),
    ("POST", f"{SCREEN}/01/connect", "A"),
    ("POST", f"{SCREEN}/01/confirm", "A"),
    ("POST", f"{SCREEN}/01/cancel", "A"),
    ("POST", f"{SCREEN}/01/disconnect", "A"),
    ("POST", f"{SCREEN}/01/save", "A"),
    ("POST", f"{SCREEN}/01/test", "AB"),
    ("POST", f"{SCREEN}/01/import", "AB"),
    ("POST", f"{SCREEN}/01/validate-accounts", "AB"),
    ("POST", f"{SCREEN}/01/accounts.csv", "AB"),
    ("POST", "/export-control/export", "ABC"),
    ("POST", "/export-control/close", "ABC"),
    ("POST", "/batches/{batch}/close", "AB"),
    ("POST", "/batches/{batch}/not-for-export", "AB"),
    ("GET", "/xero/callback", "A"),
    ("GET", f"{SET_UP}/financial-companies", "ABRC"),
    ("GET", f"{SET_UP}/financial-companies/01", "ABR"),
    ("GET", f"{SET_UP}/financial-companies/01/suggest?field=template_company", "ABR"),
    ("GET", f"{SET_UP}/profit-centres", "ABRC"),
    ("GET", f"{SET_UP}/profit-centres?fin_co=01", "ABR"),
    ("GET", f"{SET_UP}/profit-centres/{{centre}}", "ABR"),
    ("GET", f"{SET_UP}/jobs.csv?fin_co=01", "ABR"),
    ("GET", f"{SET_UP}/jobs/{{job}}", "ABR"),
    ("GET", f"{SET_UP}/activities", "ABRC"),
    ("GET", f"{SET_UP}/activities/{{activity}}", "ABRC"),
    ("GET", f"{SET_UP}/activities/new", "A"),
    ("GET", f"{SET_UP}/sales-codes/{{sales_code}}", "ABRC"),
    ("GET", f"{SET_UP}/gst-types", "ABRC"),
    ("GET", f"{SET_UP}/gst-types.csv", "ABRC"),
    ("GET", f"{SET_UP}/gl-accounts", "ABRC"),
    ("GET", f"{SET_UP}/gl-accounts?fin_co=01", "ABR"),
    ("POST", f"{SET_UP}/financial-companies/01", "A"),
    ("POST", f"{SET_UP}/financial-companies/01/check?field=description", "A"),
    ("POST", f"{SET_UP}/profit-centres/{{centre}}", "A"),
    ("POST", f"{SET_UP}/jobs/{{job}}", "A"),
    ("POST", f"{SET_UP}/activities/new", "A"),
    ("POST", f"{SET_UP}/activities/{{activity}}", "A"),
    ("POST", f"{SET_UP}/activities/{{activity}}/fields", "A"),
    ("POST", f"{SET_UP}/sales-codes/{{sales_code}}", "A"),
    ("POST", f"{SET_UP}/gst-types", "A"),
    ("POST", f"{SET_UP}/gst-types/add", "A"),
    ("POST", f"{SET_UP}/gst-types/check", "A"),
    ("GET", "/companies", "ABRC"),
    ("GET", "/companies?fin_co=01", "ABR"),
    ("GET", "/companies.csv", "ABRC"),
    ("GET", "/companies/{company}", "ABR"),
    ("POST", "/companies/{company}", "AB"),
    ("GET", "/currencies", "ABRC"),
    ("GET", "/currencies.csv", "ABRC"),
    ("GET", "/currencies/NZD", "ABRC"),
    ("POST", "/currencies/NZD", "A"),
    ("GET", "/job-receipts", "ABRC"),
    ("GET", "/job-receipts?fin_co=01", "ABR"),
    ("GET", "/job-receipts.csv", "ABRC"),
    ("GET", "/ap-invoice-enquiry", "ABRC"),
    ("GET", "/ap-invoice-enquiry?fin_co=01", "ABR"),
    ("GET", "/ap-invoice-enquiry.csv", "ABRC"),
    ("GET", "/administration/api-tokens", "A"),
    ("POST", "/administration/api-tokens", "A"),
    ("POST", "/administration/api-tokens/{token}/revoke", "A"),
]


def test_every_route_names_a_permission_or_is_public(app):
    unnamed = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint not in PUBLIC
        and required_permission(app.view_functions[rule.endpoint]) is None
    }
    assert unnamed == set()


def test_the_list_of_public_routes_names_none_that_is_not_there(app):
    assert {rule.endpoint for rule in app.url_map.iter_rules()} >= PUBLIC


@pytest.fixture
def addresses(house, people, tmp_path):
    batch = make_batch(house, status=BatchStatus.OPEN)
    document = make_document(batch, status=DocumentStatus.ENTERED)
    run = make_run(house.fin_co, [(document, ItemState.SENT)])
    imported = make_import(house.fin_co)
    db.session.add(Currency(code="NZD", description="New Zealand Dollar"))
    db.session.commit()
    token = make_token(
        name="Costing",
        fin_co_codes=["01"],
        rights=[Permission.VIEW],
        expires_at=None,
        user_id=None,
        source="test",
        now=NOW,
    )
    return {
        "batch": batch.number,
        "document": document.uid,
        "file": attached(document),
        "run": run.id,
        "imported": imported.id,
        "load": handed_in(tmp_path, "companies", "name", house),
        "list": handed_in(tmp_path, "profit-centres", "code", house),
        **set_up_ids(house),
        "company": document.company_id,
        "token": token.token_id,
    }


def handed_in(folder: Path, target: str, field: str, house) -> int:
    """A file whose columns are told, with bad rows that came back."""
    run_id = receive(
        io.BytesIO(b"Name\nHire Ltd\n"),
        "file.csv",
        target=target,
        fin_co_id=house.fin_co.id,
        folder=folder,
        user_id=None,
        now=NOW,
    )
    set_mapping(run_id, LoadMapping(columns={field: "Name"}), now=NOW)
    stored = db.session.get_one(LoadRun, run_id).stored_path
    Path(f"{stored}.bad.csv").write_text("Name\n")
    return run_id


def attached(document) -> str:
    services.attach(document.uid, "invoice.pdf", b"%PDF", now=NOW)
    return "invoice.pdf"


def set_up_ids(house) -> dict[str, int]:
    centre = ProfitCentre(
        code="AK", description="Auckland", fin_co=house.fin_co, location=house.location
    )
    made = {
        "centre": centre,
        "job": Job(code="1001", description="Bridge", profit_centre=centre),
        "activity": Activity(code="MAT", description="Materials"),
        "sales_code": SalesCode(code="CLAIM", description="Contract claim"),
    }
    db.session.add_all(made.values())
    db.session.commit()
    return {name: row.id for name, row in made.items()}


@pytest.mark.parametrize("name", ["Alice", "Bob", "Rita", "Charlie"])
@pytest.mark.parametrize(("method", "address", "answered"), ROUTES)
def test_R30_each_route_answers_whom_it_is_for(
    browser_of, addresses, name, method, address, answered
):
    browser = browser_of(name)
    path = address.format(**addresses)
    status = (browser.get if method == "GET" else browser.send)(path).status_code
    if name[0] in answered:
        assert status not in {401, 403, 404}
        assert status < 500
    else:
        # Charlie may do such things, only not here: for him the FinCo does not exist.
        assert status in ({403, 404} if name == "Charlie" else {403})


@pytest.mark.parametrize(("method", "address"), [(m, a) for m, a, _ in ROUTES])
def test_nobody_gets_in_without_signing_in(nobody, addresses, method, address):
    path = address.format(**addresses)
    response = (nobody.get if method == "GET" else nobody.send)(path)
    assert response.status_code == 302
    assert response.location.startswith("/sign-in")


@pytest.mark.parametrize("address", [a for m, a, _ in ROUTES if m == "POST"])
def test_a_form_without_its_token_does_nothing(alice, addresses, address):
    response = alice.post(address.format(**addresses), {})
    assert response.status_code == 400
    assert "This page was open too long" in response.text


def test_the_code_of_a_consent_is_not_carried_through_the_sign_in(nobody, people):
    response = nobody.get("/xero/callback?code=one-time&state=x")
    assert "one-time" not in response.location


def test_a_form_sent_after_the_session_ended_says_that_nothing_was_done(nobody, people):
    response = nobody.send("/export-control/export")
    assert "nothing was done" in nobody.open(response.location).text


def test_every_form_of_every_page_carries_a_token(alice, house, addresses):
    make_connection(house.fin_co)
    for method, address, _ in ROUTES:
        if method == "GET" and "stream" not in address and "callback" not in address:
            page = alice.open(address.format(**addresses))
            for form in page.select("form[method=post]"):
                assert form.find("input", attrs={"name": "csrf_token"})["value"], address
