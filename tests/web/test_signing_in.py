import pytest
from argon2 import PasswordHasher
from redis import Redis

from webapp.db import db
from webapp.deps import EXTENSION
from webapp.models import User
from webapp.web.throttle import ATTEMPTS


def test_the_right_password_leads_to_the_main_menu(nobody, people):
    response = nobody.sign_in("Bob")
    assert (response.status_code, response.location) == (303, "/")
    assert "Bob" in nobody.open("/").nav.text


def test_a_name_is_found_whatever_its_case(nobody, people):
    assert nobody.sign_in("bOB").status_code == 303


@pytest.mark.parametrize("name", ["Bob", "Nobody"])
def test_a_wrong_password_and_an_unknown_name_read_the_same(nobody, people, name):
    response = nobody.sign_in(name, "wrong")
    assert response.status_code == 422
    assert "Name or password is wrong." in response.text


def test_empty_fields_are_named(nobody, people):
    response = nobody.sign_in("", "")
    assert response.status_code == 422
    assert "Enter your name." in response.text
    assert "Enter your password." in response.text


def test_a_person_who_was_switched_off_cannot_sign_in_and_is_signed_out(nobody, people, bob):
    people["Bob"].active = False
    db.session.commit()
    assert nobody.sign_in("Bob").status_code == 422
    assert bob.get("/").status_code == 302


def test_changing_the_session_key_signs_out_everywhere(bob, people):
    bob.open("/")
    people["Bob"].session_key = "another"
    db.session.commit()
    assert bob.get("/").location.startswith("/sign-in")


def test_a_hash_of_older_parameters_is_renewed(nobody, people):
    old = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("old words")
    people["Bob"].password_hash = old
    db.session.commit()
    assert nobody.sign_in("Bob", "old words").status_code == 303
    db.session.rollback()
    kept = db.session.get_one(User, people["Bob"].id)
    assert kept.password_hash != old
    assert not PasswordHasher().check_needs_rehash(kept.password_hash)
    assert kept.last_signed_in_at is not None


def test_guessing_is_slowed_down_for_that_name_only(nobody, people):
    for _ in range(ATTEMPTS):
        assert nobody.sign_in("Nobody", "guess").status_code == 422
    refused = nobody.sign_in("Nobody", "guess")
    assert refused.status_code == 429
    assert "Wait 15 minutes" in refused.text
    assert nobody.sign_in("Bob").status_code == 303


def test_the_right_password_forgets_the_wrong_ones(nobody, people):
    for _ in range(2):
        for _ in range(ATTEMPTS - 1):
            assert nobody.sign_in("Bob", "guess").status_code == 422
        assert nobody.sign_in("Bob").status_code == 303
        nobody.send("/sign-out")


def test_without_redis_nobody_gets_in_and_is_told_politely(app, nobody, people, monkeypatch):
    deps = app.extensions[EXTENSION]
    dead = Redis(host="127.0.0.1", port=1)
    monkeypatch.setitem(app.extensions, EXTENSION, type(deps)(**{**vars(deps), "redis": dead}))
    response = nobody.sign_in("Bob")
    assert response.status_code == 503
    assert "Nothing is wrong with your password" in response.text


def test_the_page_asked_for_is_reached_after_signing_in(nobody, people):
    redirect = nobody.get("/export-control?status=open")
    assert redirect.status_code == 302
    page = nobody.open(redirect.location)
    target = page.find("input", attrs={"name": "next"})["value"]
    assert nobody.sign_in("Bob", next=target).location == "/export-control?status=open"


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "/a\\b",
        "/\t/evil.example",
        "evil",
        "",
    ],
)
def test_a_foreign_address_to_go_on_to_is_ignored(nobody, people, target):
    assert nobody.sign_in("Bob", next=target).location == "/"


def test_signing_out_ends_the_session_and_needs_a_post(bob):
    assert bob.get("/sign-out").status_code == 405
    assert bob.send("/sign-out").status_code == 303
    assert bob.get("/").status_code == 302


def test_a_part_asked_for_after_the_session_ended_sends_the_whole_page_to_sign_in(nobody, people):
    response = nobody.get(
        "/export-control",
        headers={"HX-Request": "true", "HX-Current-URL": "http://localhost/export-control?x=1"},
    )
    assert response.status_code == 401
    assert response.headers["HX-Redirect"] == "/sign-in?next=/export-control"


def test_the_session_cookie_is_kept_from_scripts_and_other_sites(nobody, people):
    cookie = nobody.sign_in("Bob").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
