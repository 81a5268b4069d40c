"""The house that the tests of the screens stand in, and a person in front of it."""

import datetime as dt
import re
from contextvars import Context

from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from webapp.db import db
from webapp.models import FinCo, Location, Period

PASSWORD = "correct horse battery staple"


class House:
    """Two FinCos, one current period, and nobody in it yet."""

    def __init__(self) -> None:
        self.location = Location(code="AK", description="Auckland", batch_prefix="A")
        self.fin_co = FinCo(
            code="01",
            description="North Build Ltd",
            base_currency_code="NZD",
            default_location=self.location,
        )
        self.other = FinCo(
            code="02",
            description="South Build Ltd",
            base_currency_code="NZD",
            default_location=self.location,
        )
        self.period = Period(
            year=2027,
            number=8,
            start_date=dt.date(2026, 11, 1),
            end_date=dt.date(2026, 11, 30),
            is_current=True,
        )
        self.earlier = Period(
            year=2027, number=7, start_date=dt.date(2026, 10, 1), end_date=dt.date(2026, 10, 31)
        )
        db.session.add_all([self.location, self.fin_co, self.other, self.period, self.earlier])
        db.session.commit()


class Browser:
    """A person in front of the application, with or without JavaScript."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def open(self, address: str, *, status: int = 200, htmx: bool = False) -> BeautifulSoup:
        response = self.get(address, htmx=htmx)
        assert response.status_code == status, response.text
        return BeautifulSoup(response.text, "html.parser")

    def get(self, address: str, *, htmx: bool = False, **options):
        # In a context of its own: the test's open application context would be shared otherwise,
        # and with it the person Flask-Login remembers.
        headers = {**_headers(htmx=htmx), **options.pop("headers", {})}
        return Context().run(self.client.get, address, headers=headers, buffered=True, **options)

    def send(self, address: str, data: dict | None = None, *, htmx: bool = False):
        form = {"csrf_token": self.token(), **(data or {})}
        return self.post(address, form, htmx=htmx)

    def post(self, address: str, form: dict, *, htmx: bool = False):
        return Context().run(self.client.post, address, data=form, headers=_headers(htmx=htmx))

    def token(self) -> str:
        # The page that is made quickest; every page holds it.
        page = self.get("/no-such-page").text
        found = re.search(r'<meta name="csrf-token" content="([^"]+)"', page)
        assert found, page
        return found[1]

    def sign_in(self, name: str, password: str = PASSWORD, **more: str):
        return self.send("/sign-in", {"name": name, "password": password, **more})


def _headers(*, htmx: bool) -> dict[str, str]:
    return {"HX-Request": "true"} if htmx else {}
