import datetime as dt
from contextvars import Context

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup

from webapp.db import db
from webapp.models import ApiToken, AuditEvent

SCREEN = "/administration/api-tokens"


def call(app, text):
    # In a context of its own, as every other system's call is.
    headers = {"Authorization": f"Bearer {text}"}
    return Context().run(app.test_client().get, "/api/v1/batches", headers=headers)


def tokens():
    db.session.rollback()  # what was read before is read anew
    return db.session.scalars(sa.select(ApiToken)).all()


@pytest.fixture
def form():
    return {"name": "Costing", "fin_co": ["01"], "right": ["view", "load documents"]}


@pytest.fixture
def new_token(alice, form):
    """Make a token on the screen; give the page that shows it."""

    def make(**more):
        answer = alice.send(SCREEN, {**form, **more})
        return answer.status_code, BeautifulSoup(answer.text, "html.parser")

    return make


def test_a_token_is_shown_once_and_works(app, alice, new_token):
    status, page = new_token()
    text = page.select_one("#new-token").text

    assert status == 200
    assert text not in alice.get(SCREEN).text
    assert call(app, text).status_code == 200


def test_a_token_lasts_to_the_end_of_its_last_day(alice, new_token):
    new_token(expires="2099-12-31")

    [token] = tokens()
    assert token.expires_at == dt.datetime(2099, 12, 31, 23, 59, 59, 999999, dt.UTC)


@pytest.mark.parametrize(
    ("more", "word"),
    [
        ({"name": " "}, "name"),
        ({"fin_co": []}, "FinCo"),
        ({"right": []}, "right"),
        ({"right": ["configure the integration"]}, "right"),
        ({"fin_co": ["09"]}, "FinCo 09"),
        ({"expires": "2001-01-01"}, "expired"),
        ({"expires": "tomorrow"}, "no day"),
    ],
)
def test_a_token_that_could_do_nothing_is_not_made_and_what_was_typed_stays(new_token, more, word):
    status, page = new_token(**more)

    assert status == 422
    assert word in page.select_one("[role=alert]").text
    assert tokens() == []
    if "name" not in more:
        assert page.select_one("#name")["value"] == "Costing"


def test_a_revoked_token_is_refused_and_stays_to_be_seen(app, alice, new_token):
    text = new_token()[1].select_one("#new-token").text
    token_id = tokens()[0].id

    link = alice.open(SCREEN).find("a", attrs={"aria-label": f"Revoke Costing ({text[:10]}…)"})
    asked = alice.open(link["href"])
    assert "cannot be undone" in asked.main.text
    assert "never used" in " ".join(asked.main.text.split())
    assert call(app, text).status_code == 200, "asking ended it already"
    assert "last used" in " ".join(alice.open(link["href"]).main.text.split())
    assert alice.send(asked.main.form["action"]).status_code == 303

    assert call(app, text).status_code == 401
    page = alice.open(SCREEN)
    assert "Revoked" in page.table.text
    assert page.table.find("a", string="Revoke") is None
    assert alice.open(f"{SCREEN}/{token_id}/revoke").main.form is None


def test_making_and_revoking_is_in_the_audit_log_without_the_token(alice, new_token):
    text = new_token()[1].select_one("#new-token").text
    token_id = tokens()[0].id
    alice.send(f"{SCREEN}/{token_id}/revoke")
    db.session.rollback()

    events = db.session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id)).all()
    assert [(one.action, one.user_name) for one in events] == [
        ("make API token", "Alice"),
        ("revoke API token", "Alice"),
    ]
    assert events[0].detail["rights"] == "view, load documents"
    assert text not in str([one.detail for one in events])


def test_a_token_that_is_not_there_cannot_be_revoked(alice):
    assert alice.send(f"{SCREEN}/99/revoke").status_code == 404
    assert alice.get(f"{SCREEN}/99/revoke").status_code == 404


def test_the_menu_leads_administrators_there_and_nobody_else(alice, bob):
    assert alice.open("/").select_one(f"a[href='{SCREEN}']")
    assert not bob.open("/").select_one(f"a[href='{SCREEN}']")
