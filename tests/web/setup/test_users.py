"""Who may sign in, made and changed on a screen."""

import pytest
from bs4 import BeautifulSoup
from setting_up import filled
from visiting import PASSWORD

from webapp.db import db
from webapp.domain.access import Role
from webapp.models import AuditEvent, User

NEW = "/set-up/users/new"


def soup(response):
    return BeautifulSoup(response.text, "html.parser")


def faults(response) -> list[str]:
    return [fault.get_text(strip=True) for fault in soup(response).select(".fault")]


def user(name: str) -> User:
    db.session.rollback()
    return db.session.query(User).filter_by(name=name).one()


def address(name: str) -> str:
    return f"/set-up/users/{user(name).id}"


def change(person, name: str, **given):
    form = filled(person.open(address(name)))
    for field, value in given.items():
        form.pop(field, None)
        if value:
            form[field] = value
    return person.send(address(name), form)


@pytest.mark.parametrize("htmx", [False, True])
def test_a_new_user_signs_in_with_the_password_that_is_shown_once(alice, nobody, house, htmx):
    given = {"name": "Dora", "role": "Finance", "fin_cos": ["02"], "active": "yes"}
    response = alice.send(NEW, {**filled(alice.open(NEW)), **given}, htmx=htmx)
    assert response.status_code == 200
    shown = soup(response).select_one("#new-password").text.strip()
    assert len(shown) >= 16
    assert response.headers["Cache-Control"] == "no-store"
    assert nobody.sign_in("dora", shown).status_code == 303
    own = {"password": "my own few words", "again": "my own few words"}
    assert nobody.send("/password", own).status_code == 303
    assert shown not in alice.open(address("Dora")).text
    assert shown not in str([event.detail for event in db.session.query(AuditEvent)])
    made = user("Dora")
    assert ([one.code for one in made.fin_cos], made.role) == (["02"], Role.FINANCE)
    assert nobody.get("/set-up/gl-accounts?fin_co=02").status_code == 200
    assert nobody.get("/set-up/gl-accounts?fin_co=01").status_code == 404


def test_what_a_user_cannot_be_is_said_at_its_field(alice, house):
    base = {"name": "Dora", "role": "Finance", "active": "yes"}
    for wrong, fault in (
        ({"name": "BOB"}, "There is a user of this name already. Choose another name."),
        ({"role": "Owner"}, "There is no Owner to choose. Choose another."),
        ({"email": "dora"}, "Write an address like name@builder.test."),
        ({"fin_cos": ["09"]}, "There is no 09 to tick. Open the form again."),
    ):
        response = alice.send(NEW, {**base, **wrong})
        assert response.status_code == 422
        assert faults(response) == [fault]


def test_who_is_no_longer_active_is_signed_out_at_once_and_for_good(alice, bob, nobody):
    assert bob.get("/").status_code == 200
    assert change(alice, "Bob", active="").status_code == 303
    assert bob.get("/").status_code == 302
    assert nobody.sign_in("Bob", PASSWORD).status_code == 422
    assert change(alice, "Bob", active="yes").status_code == 303
    assert bob.get("/").status_code == 302, "the old session came back"


def test_a_role_and_fin_cos_count_from_the_next_click(alice, bob):
    assert bob.get("/companies?fin_co=02").status_code == 404
    assert change(alice, "Bob", fin_cos=["01", "02"]).status_code == 303
    assert bob.get("/companies?fin_co=02").status_code == 200
    change(alice, "Bob", role="Read only")
    assert bob.send("/export-control/export").status_code == 403


def test_a_new_password_ends_the_sessions_of_the_old_one(alice, bob, nobody):
    page = alice.open(address("Bob"))
    action = page.select_one("form.buttons")["action"]
    shown = soup(alice.send(action)).select_one("#new-password").text.strip()
    assert bob.get("/").status_code == 302
    assert nobody.sign_in("Bob", PASSWORD).status_code == 422
    assert nobody.sign_in("Bob", shown).status_code == 303
    db.session.rollback()
    event = db.session.query(AuditEvent).one()
    assert (event.action, event.detail) == ("give password", {"record": "User Bob"})


@pytest.mark.parametrize(("field", "value"), [("active", ""), ("role", "Finance")])
def test_the_last_administrator_stays_one(alice, field, value):
    response = change(alice, "Alice", **{field: value})
    assert response.status_code == 422
    [fault] = faults(response)
    assert fault.startswith("This is the last active Administrator.")
    assert change(alice, "Bob", role="Administrator").status_code == 303
    assert change(alice, "Alice", **{field: value}).status_code == 303


def test_only_administrators_see_who_signs_in(bob, alice):
    bob.open("/set-up/users", status=403)
    bob.open("/set-up/users.csv", status=403)
    bob.open(address("Rita"), status=403)
    assert "Users" not in [link.text for link in bob.open("/").select("a")]
    names = [cell.get_text(strip=True) for cell in alice.open("/set-up/users").select("tbody th")]
    assert names == ["Alice", "Bob", "Charlie", "Rita"]


def test_two_who_change_a_user_at_once_lose_nothing(alice, people):
    mine = filled(alice.open(address("Bob")))
    change(alice, "Bob", email="bob@builder.test")
    response = alice.send(address("Bob"), {**mine, "role": "Read only"})
    assert response.status_code == 409
    assert user("Bob").role is Role.FINANCE
