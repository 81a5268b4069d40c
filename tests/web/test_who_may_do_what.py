import io
from collections import defaultdict
from pathlib import Path

import pytest
from factories import NOW, make_batch, make_connection, make_document, make_import, make_run
from machines import Caller, make_caller, make_records
from permission_table import API, BATCH, DOCUMENT, ROUTES, Route

from webapp.db import db
from webapp.domain.access import API_RIGHTS, Permission, Role, may
from webapp.domain.batches import BatchStatus
from webapp.domain.runs import ItemState
from webapp.models import (
    Currency,
    FinCo,
    JobGroup,
    JobType,
    LoadRun,
    User,
    WorkCentre,
)
from webapp.services import documents as services
from webapp.services.api_tokens import make_token
from webapp.services.loading import LoadMapping, receive, set_mapping
from webapp.web.security import PUBLIC, required_permission


def test_every_route_names_a_permission_or_is_public(app):
    unnamed = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint not in PUBLIC
        and required_permission(app.view_functions[rule.endpoint]) is None
    }
    assert unnamed == set()


def test_the_table_holds_every_route_of_pages_and_api(app):
    addresses = app.url_map.bind("localhost")
    told = set()
    for route in ROUTES:
        path = route.address.format_map(defaultdict(lambda: "1")).partition("?")[0]
        told.add((route.method, addresses.match(path, method=route.method)[0]))
    there = {
        (method, rule.endpoint)
        for rule in app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
        if rule.endpoint not in PUBLIC
    }
    assert there - told == set(), "put it into permission_table.py"
    assert told <= there


def test_the_list_of_public_routes_names_none_that_is_not_there(app):
    assert {rule.endpoint for rule in app.url_map.iter_rules()} >= PUBLIC


@pytest.fixture
def addresses(app, house, people, tmp_path):
    people["Wendy"] = User(
        name="Wendy",
        role=Role.READ_ONLY,
        password_hash=people["Rita"].password_hash,
        session_key="key-of-Wendy",
        fin_cos=[house.other],
    )
    db.session.add(people["Wendy"])
    records = make_records(house)
    db.session.add(Currency(code="NZD", description="New Zealand Dollar"))
    made = make_caller(app).post("/batches", {**BATCH, "documents": [{**DOCUMENT, "number": "0"}]})
    document = made.json["documents"][0]
    services.attach(document, "invoice.pdf", b"%PDF", now=NOW)
    sent = make_document(make_batch(house, status=BatchStatus.EXPORTED, number="X-1"))
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
        "batch": made.json["batch"],
        "batch_id": sent.batch_id,
        "document": document,
        "file": "invoice.pdf",
        "run": make_run(house.fin_co, [(sent, ItemState.SENT)]).id,
        "imported": make_import(house.fin_co).id,
        "load": handed_in(tmp_path, "companies", "name", house),
        "list": handed_in(tmp_path, "profit-centres", "code", house),
        "company": records["supplier"].id,
        "centre": records["job"].profit_centre_id,
        **{name: records[name].id for name in ("job", "activity", "sales_code", "account")},
        **set_up_ids(),
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


def set_up_ids() -> dict[str, int]:
    made = {
        "job_type": JobType(code="CIVIL", description="Civil works"),
        "job_group": JobGroup(category="Export", description="North"),
        "work_centre": WorkCentre(code="STRUC", description="Structures"),
    }
    db.session.add_all(made.values())
    db.session.commit()
    return {name: row.id for name, row in made.items()}


PEOPLE = ("Alice", "Bob", "Rita", "Charlie", "Wendy")
NO_PAGE = ("stream", "callback", "/suggest", "-v2", ".csv")
"""Parts of addresses that give no page."""


DONE = {200, 201, 202, 204, 409}
"""Of the API: a record may be in a state in which it cannot be done, allowed it is."""


def is_answered(name: str, answered: str) -> bool:
    return {"R", "C"} <= set(answered) if name == "Wendy" else name[0] in answered


def asked() -> list[tuple[Route, str]]:
    """What is asked one by one: each form and change, by each person whom it answers.

    What it does may leave nothing for the next one to do: each sends it to records of their own.
    """
    return [(route, name) for route in ROUTES for name in PEOPLE if changes(route, name)]


def changes(route: Route, name: str) -> bool:
    return route.method != "GET" and is_answered(name, route.answered)


def sent_by(machine: Caller, route: Route, addresses):
    path = route.address.removeprefix(API).format(**addresses)
    if isinstance(route.body, bytes):
        return machine.send(route.method, path, data=route.body)
    return machine.send(route.method, path, route.body)


@pytest.fixture
def ask(app, browser_of, people, addresses):
    """Have a person ask a page; or a system whose token may do what that person may."""

    def answer(name: str, route: Route):
        if not route.is_page:
            person = people[name]
            fin_cos = person.fin_cos or [FinCo(code="01"), FinCo(code="02")]
            machine = make_caller(
                app,
                *(right for right in API_RIGHTS if may(person.role, right)),
                fin_cos=tuple(fin_co.code for fin_co in fin_cos),
            )
            return sent_by(machine, route, addresses)
        browser = browser_of(name)
        send = browser.get if route.method == "GET" else browser.send
        return send(route.address.format(**addresses))

    return answer


@pytest.mark.parametrize(
    ("route", "name"), [pytest.param(*one, id=f"{one[0].name} {one[1]}") for one in asked()]
)
def test_R30_each_change_is_made_for_whom_it_is_for(ask, route, name):
    is_right(ask(name, route), route, name)


def test_R30_each_page_is_shown_to_whom_it_is_for_and_nobody_else_changes_anything(ask):
    for route in ROUTES:
        for name in PEOPLE:
            if not changes(route, name):
                is_right(ask(name, route), route, name)


def is_right(response, route: Route, name: str) -> None:
    status, what = response.status_code, (route.name, name)
    if not is_answered(name, route.answered):
        # Charlie may do such things, only not here: for him and Wendy the FinCo is not there.
        assert status in ({403, 404} if name in {"Charlie", "Wendy"} else {403}), what
    elif route.is_page:
        assert status not in {401, 403, 404}, what
        assert status < 500, what
    else:
        assert status in DONE, (*what, response.text)
        if name in {"Charlie", "Wendy"} and route.method == "GET":
            items = response.json.get("items", ())
            assert {item.get("fin_co", "02") for item in items} <= {"02"}, what


def of(routes):
    return pytest.mark.parametrize(
        "route", [pytest.param(route, id=route.name) for route in ROUTES if routes(route)]
    )


@of(lambda route: not route.is_page)
def test_an_operation_asks_for_one_right_and_every_other_is_not_enough(app, addresses, route):
    for right in API_RIGHTS:
        status = sent_by(make_caller(app, right), route, addresses).status_code
        assert (status == 403) is (right is not route.right), right


def test_nobody_gets_in_without_signing_in(app, nobody, addresses):
    # Whoever is refused changes nothing: all routes can be asked of the same records.
    for route in ROUTES:
        if not route.is_page:
            answer = sent_by(Caller(app, None), route, addresses)
            assert answer.status_code == 401, route.name
            assert answer.headers["WWW-Authenticate"].startswith("Bearer"), route.name
            assert "Set-Cookie" not in answer.headers, route.name
            continue
        path = route.address.format(**addresses)
        response = (nobody.get if route.method == "GET" else nobody.send)(path)
        assert response.status_code == 302, route.name
        assert response.location.startswith("/sign-in"), route.name


def test_a_form_without_its_token_does_nothing(alice, addresses):
    for route in ROUTES:
        if route.is_page and route.method == "POST":
            response = alice.post(route.address.format(**addresses), {})
            assert response.status_code == 400, route.name
            assert "This page was open too long" in response.text, route.name


def test_the_code_of_a_consent_is_not_carried_through_the_sign_in(nobody, people):
    response = nobody.get("/xero/callback?code=one-time&state=x")
    assert "one-time" not in response.location


def test_a_form_sent_after_the_session_ended_says_that_nothing_was_done(nobody, people):
    response = nobody.send("/export-control/export")
    assert "nothing was done" in nobody.open(response.location).text


def test_every_form_of_every_page_carries_a_token(alice, house, addresses):
    make_connection(house.fin_co)
    for route in ROUTES:
        if not route.is_page or route.method != "GET":
            continue
        if not any(part in route.address for part in NO_PAGE):
            page = alice.open(route.address.format(**addresses))
            for form in page.select("form[method=post]"):
                assert form.find("input", attrs={"name": "csrf_token"})["value"], route.name
