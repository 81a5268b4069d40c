import csv
import io
from decimal import Decimal

import pytest

from webapp.db import db
from webapp.models import AuditEvent, Currency

CURRENCIES = "/currencies"


@pytest.fixture
def aud(house) -> Currency:
    currency = Currency(
        code="AUD", symbol="A$", description="Australian Dollar", conversion_rate=Decimal("0.9241")
    )
    db.session.add(currency)
    db.session.add(Currency(code="DEM", description="Deutsche Mark", active=False))
    db.session.commit()
    return currency


def kept(currency) -> Currency:
    """The currency as another session left it."""
    db.session.rollback()
    db.session.refresh(currency)
    return currency


def codes(page) -> list[str]:
    return [cell.text.strip() for cell in page.select("tbody th")]


def fill(browser, **entries):
    page = browser.open(f"{CURRENCIES}/AUD")
    shown = {
        "seen": page.select_one("input[name=seen]")["value"],
        "description": "Australian Dollar",
        "symbol": "A$",
        "conversion_rate": "0.9241",
        "active": "y",
    }
    return browser.send(f"{CURRENCIES}/AUD", {**shown, **entries})


def test_the_list_shows_eight_decimals_and_hides_the_inactive(bob, aud):
    page = bob.open(CURRENCIES)
    assert codes(page) == ["AUD"]
    told = page.select_one("tbody tr").text
    assert "0.92410000" in told
    assert "A$" in told
    assert codes(bob.open(f"{CURRENCIES}?status=any&sort=-code")) == ["DEM", "AUD"]
    assert codes(bob.open(f"{CURRENCIES}?status=inactive")) == ["DEM"]
    assert codes(bob.open(f"{CURRENCIES}?q=austral")) == ["AUD"]


def test_R71_a_rate_is_set_by_an_administrator_and_logged(alice, aud, people):
    response = fill(alice, conversion_rate="0.93128765", symbol="$")
    assert response.status_code == 303
    assert "AUD was saved." in alice.open(response.location).text
    assert kept(aud).conversion_rate == Decimal("0.93128765")
    event = db.session.query(AuditEvent).one()
    assert event.detail["conversion_rate"] == ["0.92410000", "0.93128765"]
    assert "Changed a currency" in alice.open("/administration/audit-log").text


@pytest.mark.parametrize("rate", ["0,92", "0", "-1", "0.123456789", "one", "1e3", "12345678901"])
def test_a_rate_that_is_none_is_refused_beside_its_field(alice, aud, rate):
    response = fill(alice, conversion_rate=rate)
    assert response.status_code == 422
    assert "at most 8 decimals" in response.text
    assert f'value="{rate}"' in response.text
    assert kept(aud).conversion_rate == Decimal("0.9241")


def test_a_rate_may_be_taken_away_and_a_currency_put_to_rest(alice, aud):
    assert fill(alice, conversion_rate=" ", active="").status_code == 303
    assert (kept(aud).conversion_rate, aud.active) == (None, False)


def test_a_description_is_needed_and_nothing_may_be_too_long(alice, aud):
    assert "needs a description" in fill(alice, description=" ").text
    refused = fill(alice, description="x" * 101, symbol="123456").text
    assert "at most 100 characters" in refused
    assert "at most 5 characters" in refused


def test_what_another_administrator_changed_meanwhile_is_not_written_over(alice, aud):
    seen = alice.open(f"{CURRENCIES}/AUD").select_one("input[name=seen]")["value"]
    fill(alice, conversion_rate="0.95")
    response = fill(alice, seen=seen, conversion_rate="0.90")
    assert response.status_code == 409
    assert "Kept now: <strong>0.95000000" in response.text
    assert kept(aud).conversion_rate == Decimal("0.95")


def test_saving_nothing_new_is_no_event(alice, aud):
    assert fill(alice).status_code == 303
    assert db.session.query(AuditEvent).count() == 0


def test_finance_sees_a_currency_and_no_form(bob, aud):
    page = bob.open(f"{CURRENCIES}/AUD")
    assert "0.92410000" in page.text
    assert not page.select("main form")


def test_a_currency_there_is_none_of_is_not_found(bob):
    assert bob.get(f"{CURRENCIES}/XXX").status_code == 404


def test_the_file(bob, aud):
    response = bob.get(f"{CURRENCIES}.csv?status=any")
    first, second = csv.DictReader(io.StringIO(response.data.decode("utf-8-sig")))
    assert (first["Code"], first["Conversion Rate"], first["Active"]) == ("AUD", "0.9241", "yes")
    assert (second["Code"], second["Conversion Rate"], second["Active"]) == ("DEM", "", "no")


def test_without_currencies_it_says_how_they_come(bob):
    assert "Import brings in those that Xero has" in bob.open(CURRENCIES).text


def test_more_currencies_cost_no_more_statements(bob, house, statements):
    counted = []
    for first in ("A", "B"):
        db.session.add_all(
            Currency(code=f"{first}{number:02}", description="x")
            for number in range(1 if first == "A" else 60)
        )
        db.session.commit()
        with statements() as seen:
            bob.open(CURRENCIES)
        counted.append(len(seen))
    assert counted[0] == counted[1] <= 3
