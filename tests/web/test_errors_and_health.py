import logging
import sqlite3

import pytest
from alembic.script import ScriptDirectory
from redis import Redis
from sqlalchemy import text

from webapp.db import db
from webapp.deps import EXTENSION
from webapp.domain.access import Permission
from webapp.web import errors
from webapp.web.security import requires


@pytest.fixture
def broken(app, monkeypatch):
    """Make the main menu fail."""

    @requires(Permission.VIEW)
    def fails():
        raise RuntimeError("the secret inside of it")

    monkeypatch.setitem(app.view_functions, "home.menu", fails)


def test_a_failure_shows_a_number_that_is_in_the_log_and_nothing_of_its_inside(bob, broken, caplog):
    with caplog.at_level(logging.ERROR):
        page = bob.open("/", status=500)
    number = page.find("code").text
    assert number in caplog.text
    assert "the secret inside of it" not in page.text


def test_a_failure_of_a_part_of_a_page_fills_the_place_kept_for_it(bob, broken):
    response = bob.get("/", htmx=True)
    assert response.status_code == 500
    assert response.headers["HX-Retarget"] == "#notice"
    assert "<html" not in response.text


def test_who_cannot_save_because_somebody_stores_a_great_deal_is_told_so(app, alice, monkeypatch):
    monkeypatch.setattr("webapp.db.WAIT_TO_WRITE_MS", 50)
    db.session.remove()
    db.engine.dispose()  # connections are told when they are made how long to wait
    form = {"year": "2027", "first_day": "2027-04-01"}
    with sqlite3.connect(str(db.engine.url.database), isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        response = alice.send("/set-up/period-ends/create", form)
        other.execute("ROLLBACK")
    other.close()
    assert response.status_code == 503
    assert "Nothing of yours was stored yet" in response.text


def test_an_address_there_is_none_of_says_so(bob):
    assert "There is nothing at this address for you" in bob.open("/nowhere", status=404).text


def test_a_wrong_method_says_what_is_allowed(bob):
    response = bob.get("/sign-out")
    assert response.status_code == 405
    assert "POST" in response.headers["Allow"]


def test_a_form_that_is_too_large_is_refused(bob):
    response = bob.send("/export-control/export", {"back": "x" * 1_100_000})
    assert response.status_code == 413
    assert "too large" in response.text


@pytest.mark.parametrize("status", [400, 403, 404, 405, 413, 422, 429, 500])
def test_each_error_has_words_of_its_own(status):
    wording = errors.WORDINGS[status]
    assert wording.title
    assert wording.way_out.endswith(".")


def test_the_policy_allows_no_inline_script_or_style_and_pages_have_none(bob):
    response = bob.get("/")
    policy = response.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    page = bob.open("/")
    assert all(script.has_attr("src") for script in page.select("script"))
    assert not page.select("style, [style], [onclick], [onchange], [onsubmit]")


def test_pages_are_not_kept_by_caches_and_parts_are_told_from_pages(bob):
    response = bob.get("/")
    assert response.headers["Cache-Control"] == "no-store"
    assert "HX-Request" in response.headers["Vary"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_scripts_and_styles_come_from_this_site(bob):
    page = bob.open("/")
    addresses = [tag["src"] for tag in page.select("script[src]")]
    addresses += [tag["href"] for tag in page.select("link[href]")]
    assert all(address.startswith("/") for address in addresses)
    for address in addresses:
        assert bob.get(address).status_code == 200


def test_the_banner_says_that_it_is_a_practice_ledger(bob):
    assert "documents go to the sandbox on this machine" in bob.open("/").text


def test_the_process_says_that_it_lives_without_asking_anybody(app, nobody, dead_redis):
    assert nobody.get("/healthz").json == {"status": "ok"}


@pytest.fixture
def dead_redis(app, monkeypatch):
    deps = app.extensions[EXTENSION]
    gone = Redis(host="127.0.0.1", port=1)
    monkeypatch.setitem(app.extensions, EXTENSION, type(deps)(**{**vars(deps), "redis": gone}))


@pytest.fixture
def migrated(app):
    heads = ScriptDirectory(app.extensions["migrate"].directory).get_heads()
    with db.engine.begin() as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32))"))
        for head in heads:
            connection.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": head})
    yield
    with db.engine.begin() as connection:
        connection.execute(text("DROP TABLE alembic_version"))


def test_it_is_ready_when_the_database_is_migrated_and_redis_answers(nobody, migrated):
    response = nobody.get("/readyz")
    assert (response.status_code, response.json["status"]) == (200, "ok")


def test_a_database_that_was_never_migrated_is_named(nobody):
    response = nobody.get("/readyz")
    assert response.status_code == 503
    assert response.json["database"].startswith("is not migrated")
    assert response.json["redis"] == "ok"


def test_a_redis_that_does_not_answer_is_named(nobody, migrated, dead_redis):
    response = nobody.get("/readyz")
    assert response.status_code == 503
    assert response.json == {
        "status": "not ready",
        "database": "ok",
        "redis": "does not answer",
    }
