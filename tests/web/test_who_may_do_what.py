import io
from collections import defaultdict
from pathlib import Path

import pytest
from factories import NOW, make_batch, make_connection, make_document, make_import, make_run
from permission_table import ROUTES

from webapp.db import db
from webapp.domain.access import Permission, Role
from webapp.domain.batches import BatchStatus
from webapp.domain.documents import DocumentStatus
from webapp.domain.runs import ItemState
from webapp.models import (
    Activity,
    Currency,
    GlAccount,
    Job,
    JobGroup,
    JobType,
    LoadRun,
    ProfitCentre,
    SalesCode,
    User,
    WorkCentre,
)
from webapp.services import documents as services
from webapp.services.api_tokens import make_token
from webapp.services.loading import LoadMapping, receive, set_mapping
from webapp.web.security import MACHINES, PUBLIC, required_permission


def test_every_route_names_a_permission_or_is_public(app):
    unnamed = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint not in PUBLIC
        and required_permission(app.view_functions[rule.endpoint]) is None
    }
    assert unnamed == set()


def test_the_table_holds_every_route_of_every_page(app):
    """The routes of other systems are in a table of their own, of rights: api/test_who_may.py."""
    addresses = app.url_map.bind("localhost")
    told = set()
    for method, address, _ in ROUTES:
        path = address.format_map(defaultdict(lambda: "1")).partition("?")[0]
        told.add((method, addresses.match(path, method=method)[0]))
    there = {
        (method, rule.endpoint)
        for rule in app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
        if rule.endpoint not in PUBLIC and not rule.endpoint.startswith(MACHINES)
    }
    assert there - told == set(), "put it into permission_table.py"
    assert told <= there


def test_the_list_of_public_routes_names_none_that_is_not_there(app):
    assert {rule.endpoint for rule in app.url_map.iter_rules()} >= PUBLIC


@pytest.fixture
def addresses(house, people, tmp_path):
    people["Wendy"] = User(
        name="Wendy",
        role=Role.READ_ONLY,
        password_hash=people["Rita"].password_hash,
        session_key="key-of-Wendy",
        fin_cos=[house.other],
    )
    db.session.add(people["Wendy"])
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
        "location": house.location.id,
        "user": people["Rita"].id,
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
        "job_type": JobType(code="CIVIL", description="Civil works"),
        "job_group": JobGroup(category="Export", description="North"),
        "work_centre": WorkCentre(code="STRUC", description="Structures"),
        "account": GlAccount(
            fin_co_id=house.fin_co.id, code="300", description="Purchases", section="Costs"
        ),
    }
    db.session.add_all(made.values())
    db.session.commit()
    return {name: row.id for name, row in made.items()}


PEOPLE = ("Alice", "Bob", "Rita", "Charlie", "Wendy")
NO_PAGE = ("stream", "callback", "/suggest", "-v2", ".csv")
"""Parts of addresses that give no page of their own."""


def is_answered(name: str, answered: str) -> bool:
    return {"R", "C"} <= set(answered) if name == "Wendy" else name[0] in answered


def asked() -> list[tuple[str, str, str, tuple[str, ...]]]:
    """Each route, with the people who ask it one after the other.

    What a form does may leave nothing for the next one to do: each of those whom it answers
    sends it to records of their own.
    """
    found = []
    for method, address, answered in ROUTES:
        if method == "GET":
            found.append((method, address, answered, PEOPLE))
            continue
        allowed = tuple(name for name in PEOPLE if is_answered(name, answered))
        refused = tuple(name for name in PEOPLE if name not in allowed)
        found += [
            (method, address, answered, who)
            for who in (refused, *((name,) for name in allowed))
            if who
        ]
    return found


@pytest.mark.parametrize(("method", "address", "answered", "names"), asked())
def test_R30_each_route_answers_whom_it_is_for(
    browser_of, addresses, method, address, answered, names
):
    path = address.format(**addresses)
    for name in names:
        browser = browser_of(name)
        status = (browser.get if method == "GET" else browser.send)(path).status_code
        if is_answered(name, answered):
            assert status not in {401, 403, 404}, name
            assert status < 500, name
        else:
            # Charlie may do such things, only not here: for him and Wendy the FinCo is not there.
            assert status in ({403, 404} if name in {"Charlie", "Wendy"} else {403}), name


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
        if method == "GET" and not any(part in address for part in NO_PAGE):
            page = alice.open(address.format(**addresses))
            for form in page.select("form[method=post]"):
                assert form.find("input", attrs={"name": "csrf_token"})["value"], address
