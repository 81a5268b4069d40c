"""Whoever signs in with a password that somebody else knows chooses another one first."""

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup

from webapp.db import db
from webapp.models import AuditEvent, User

OWN = "a few words of my own"


@pytest.fixture
def given(alice, people) -> str:
    """The password that Alice gave Bob."""
    page = alice.send(f"/set-up/users/{people['Bob'].id}/password").text
    return BeautifulSoup(page, "html.parser").select_one("#new-password").text.strip()


def choose(person, password: str, again: str | None = None, **more: str):
    form = {"password": password, "again": password if again is None else again, **more}
    return person.send("/password", form)


def test_a_given_password_opens_nothing_but_the_page_that_asks_for_ones_own(nobody, given):
    assert nobody.sign_in("Bob", given, next="/batches?type=AP+Invoice").status_code == 303
    answer = nobody.get("/batches?type=AP+Invoice")
    assert (answer.status_code, answer.location) == (
        303,
        "/password?next=/batches?type%3DAP%2BInvoice",
    )
    for address in ("/", "/companies.csv", "/set-up/jobs/new", "/loads/1/stream"):
        assert nobody.get(address).location.startswith("/password?next="), address
    assert nobody.get("/export-control", htmx=True).headers["HX-Redirect"] == "/password"
    assert nobody.send("/batches/new", {"fin_co": "01"}).location == "/password"
    page = nobody.open("/password?next=/batches")
    assert page.select("nav .nav-link") == []
    assert page.select_one("[name=next]")["value"] == "/batches"


def test_whoever_chose_their_own_goes_on_to_where_they_wanted(nobody, given):
    nobody.sign_in("Bob", given)
    answer = choose(nobody, OWN, next="/batches")
    assert (answer.status_code, answer.location) == (303, "/batches")
    assert "Your password is kept." in nobody.open("/batches").text
    db.session.rollback()
    event = db.session.scalars(
        sa.select(AuditEvent).where(AuditEvent.action == "choose password")
    ).one()
    assert (event.user_name, event.detail) == ("Bob", {"record": "User Bob"})
    nobody.send("/sign-out")
    assert nobody.sign_in("Bob", given).status_code == 422
    assert nobody.sign_in("Bob", OWN).location == "/"
    assert nobody.get("/").status_code == 200


@pytest.mark.parametrize(
    ("password", "again", "told"),
    [
        ("", "", "Choose a password."),
        ("short", "short", "It needs at least 12 characters."),
        (OWN, "other words entirely", "The two are not the same."),
    ],
)
def test_a_password_that_is_none_is_told_at_its_field(nobody, given, password, again, told):
    nobody.sign_in("Bob", given)
    answer = choose(nobody, password, again)
    assert answer.status_code == 422
    fault = BeautifulSoup(answer.text, "html.parser").select_one(".invalid-feedback").text
    assert told in fault
    assert OWN not in answer.text
    assert nobody.get("/").location.startswith("/password")


def test_the_given_password_itself_is_no_own_one(nobody, given):
    nobody.sign_in("Bob", given)
    answer = choose(nobody, given)
    assert answer.status_code == 422
    assert "which somebody else knows" in answer.text


def test_choosing_ends_the_sessions_of_whoever_else_used_the_given_one(app, nobody, given):
    thief = type(nobody)(app.test_client())
    for person in (thief, nobody):
        assert person.sign_in("Bob", given).status_code == 303
    choose(nobody, OWN)
    assert thief.get("/").location.startswith("/sign-in")
    assert choose(thief, "words of a thief's own").location.startswith("/sign-in")


NEXT = "other words of my own"


@pytest.fixture
def own(nobody, given):
    """Bob, with a password of his own."""
    nobody.sign_in("Bob", given)
    choose(nobody, OWN)
    return nobody


def test_whoever_has_their_own_changes_it_at_will_and_is_signed_out_elsewhere(app, own):
    elsewhere = type(own)(app.test_client())
    elsewhere.sign_in("Bob", OWN)
    link = own.open("/").find("a", string="Change password")
    assert own.open(link["href"]).h1.text == "Change your password"

    assert choose(own, NEXT, present=OWN).location == "/"

    assert "Your password is kept." in own.open("/").text
    assert elsewhere.get("/").location.startswith("/sign-in")
    assert elsewhere.sign_in("Bob", OWN).status_code == 422
    assert elsewhere.sign_in("Bob", NEXT).location == "/"


@pytest.mark.parametrize(
    ("present", "password", "told"),
    [
        ("", NEXT, "Enter the password you sign in with now."),
        ("words of somebody else", NEXT, "Your present password is wrong."),
        (OWN, OWN, "That is the password you have already."),
    ],
)
def test_nobody_changes_it_who_does_not_know_it(own, present, password, told):
    answer = choose(own, password, present=present)
    assert answer.status_code == 422
    assert told in BeautifulSoup(answer.text, "html.parser").main.text
    assert NEXT not in answer.text
    own.send("/sign-out")
    assert own.sign_in("Bob", OWN).location == "/"


def test_whoever_guesses_the_present_one_is_slowed_down(own):
    answers = [choose(own, NEXT, present=f"guess number {n}") for n in range(12)]
    assert [one.status_code for one in answers] == [422] * 10 + [429] * 2
    assert "Too many attempts" in answers[-1].text


def test_a_new_user_is_asked_and_whoever_came_before_is_not(alice, nobody, people):
    db.session.rollback()
    assert not any(db.session.scalars(sa.select(User.password_given)))
    alice.send("/set-up/users/new", {"name": "Dora", "role": "Finance", "active": "yes"})
    db.session.rollback()
    dora = db.session.scalars(sa.select(User).where(User.name == "Dora")).one()
    assert dora.password_given
