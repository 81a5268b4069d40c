"""A person at the Xero Integration screen, with the sandbox behind it."""

from collections.abc import Callable
from contextvars import Context
from dataclasses import dataclass
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from webapp.db import db
from webapp.models import User

SCREEN = "/administration/data-transfer/xero-integration"
MORGAN = "6d2f0c1e-4a53-4a1b-9d0e-0f6f5f1f8a01"


@dataclass
class Person:
    """Alice, an administrator, at FinCo 01 unless told otherwise."""

    client: FlaskClient
    consent: Callable[..., dict[str, str]]

    def open(self, address: str = SCREEN) -> BeautifulSoup:
        # In a context of its own: the test's would be shared, and with it who is signed in.
        answer = Context().run(self.client.get, address, follow_redirects=True)
        assert answer.status_code == 200, answer.text
        return BeautifulSoup(answer.text, "html.parser")

    def press(self, button: str, code: str = "01", *, htmx: bool = False, **form: str) -> Any:
        token = self.open().find("meta", attrs={"name": "csrf-token"})["content"]
        return Context().run(
            self.client.post,
            f"{SCREEN}/{code}/{button}",
            data={"csrf_token": token, **form},
            headers={"HX-Request": "true"} if htmx else {},
        )

    def choose(self, organisation: int = 0, code: str = "01", user: str = MORGAN) -> BeautifulSoup:
        """Press Connect, allow it in Xero, and come back."""
        address = self.press("connect", code).location
        back = self.consent(address, organisation, user)
        return self.open(f"/xero/callback?code={back['code']}&state={back['state']}")

    def confirm(self, page: BeautifulSoup, organisation: str = "", code: str = "01") -> Any:
        tenant = page.select_one("#confirm input[name=tenant_id]")["value"]
        return self.press("confirm", code, tenant_id=tenant, organisation=organisation)

    def connect(self, organisation: int = 0, code: str = "01") -> BeautifulSoup:
        return self.open(self.confirm(self.choose(organisation, code), code=code).location)


@pytest.fixture
def alice(app, house, sandbox) -> Person:
    user = db.session.get_one(User, house.alice_id)
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = f"{user.id}:{user.session_key}"
        session["_fresh"] = True
    db.session.rollback()
    return Person(client, sandbox.consent)
