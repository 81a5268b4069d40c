"""Period End Maintenance (workbench 2.16)."""

import csv
import io

import pytest
from bs4 import BeautifulSoup
from factories import make_batch

from webapp.db import db
from webapp.domain.batches import BatchStatus
from webapp.models import AuditEvent, Period
from webapp.services.documents.open_batches import refuse_closed
from webapp.services.errors import NotAllowedNow

SCREEN = "/set-up/period-ends"


def soup(response):
    return BeautifulSoup(response.text, "html.parser")


def filled(page) -> dict[str, str]:
    sent = {}
    for box in page.select("form#periods input[name]"):
        if box.get("type") in {"checkbox", "radio"} and not box.has_attr("checked"):
            continue
        sent[box["name"]] = box.get("value", "")
    return sent


def period(number: int, year: int = 2027) -> Period:
    db.session.rollback()
    return db.session.query(Period).filter_by(year=year, number=number).one()


def test_closing_a_module_keeps_new_transactions_of_that_kind_out(alice, house):
    batch = make_batch(house, status=BatchStatus.OPEN)
    refuse_closed(batch)
    form = filled(alice.open(SCREEN)) | {f"{house.period.id}-ap": "yes"}
    assert alice.send(f"{SCREEN}/2027", form).status_code == 303
    assert period(8).ap_closed
    assert not period(8).ar_closed
    with pytest.raises(NotAllowedNow, match="Period 8 of 2027 is closed for AP Invoice batches"):
        refuse_closed(batch)
    [event] = db.session.query(AuditEvent).all()
    assert event.detail == {
        "record": "Period Ends of 2027",
        "period 8: AP closed": ["", "yes"],
    }


def test_one_period_is_the_current_one(alice, house):
    form = filled(alice.open(SCREEN))
    assert form["current"] == str(house.period.id)
    alice.send(f"{SCREEN}/2027", {**form, "current": str(house.earlier.id)})
    assert period(7).is_current
    assert not period(8).is_current
    assert "period 7 of 2027" in " ".join(alice.open(SCREEN).text.split())
    alice.send(f"{SCREEN}/2027", filled(alice.open(SCREEN)))
    assert db.session.query(AuditEvent).count() == 1, "nothing was changed"


def test_all_is_ticked_at_once_and_saved_with_the_rest(alice, house):
    form = {**filled(alice.open(SCREEN)), "all": str(house.earlier.id)}
    page = soup(alice.send(f"{SCREEN}/2027/all", form))
    ticked = filled(page)
    assert sum(name.startswith(f"{house.earlier.id}-") for name in ticked) == 9
    assert not period(7).ap_closed
    assert "Nothing is saved yet." in page.text
    assert alice.send(f"{SCREEN}/2027", ticked).status_code == 303
    assert period(7).ap_closed
    assert period(7).receipt_closed
    untick = {**filled(alice.open(SCREEN)), "all": str(house.earlier.id)}
    assert len(filled(soup(alice.send(f"{SCREEN}/2027/all", untick)))) == len(form) - 1


def test_a_time_end_date_is_a_day(alice, house):
    name = f"{house.period.id}-time_end_date"
    form = filled(alice.open(SCREEN))
    response = alice.send(f"{SCREEN}/2027", {**form, name: "31/11/2026"})
    assert response.status_code == 422
    assert "Write a day like 2027-04-05" in response.text
    assert alice.send(f"{SCREEN}/2027", {**form, name: "2026-11-27"}).status_code == 303
    assert str(period(8).time_end_date) == "2026-11-27"


def test_two_people_at_once_lose_nothing(alice, house):
    mine = filled(alice.open(SCREEN))
    alice.send(f"{SCREEN}/2027", {**mine, f"{house.period.id}-ap": "yes"})
    response = alice.send(f"{SCREEN}/2027", {**mine, f"{house.period.id}-ar": "yes"})
    assert response.status_code == 409
    assert period(8).ap_closed
    assert not period(8).ar_closed
    again = filled(soup(response))
    assert again.get(f"{house.period.id}-ap") == again.get(f"{house.period.id}-ar") == "yes"
    alice.send(f"{SCREEN}/2027", again)
    assert (period(8).ap_closed, period(8).ar_closed) == (True, True)


def test_the_periods_of_the_next_year_join_the_last(alice, house):
    page = alice.open(SCREEN)
    assert page.select_one("#first-day")["value"] == "2026-12-01"
    for typed, fault in (
        ("2027-01-01", "Years join without a gap"),
        ("2026-11-15", "Years join without a gap"),
        ("soon", "Write a day like 2027-04-01"),
    ):
        response = alice.send(f"{SCREEN}/create", {"first_day": typed})
        assert response.status_code == 422
        assert fault in soup(response).select_one("#first-day-said").text
    db.session.rollback()
    for one in db.session.query(Period):
        one.year = 2026
    db.session.commit()
    response = alice.send(f"{SCREEN}/create", {"first_day": "2026-12-01"})
    assert response.location == f"{SCREEN}?year=2027"
    assert str(period(3).end_date) == "2027-02-28"
    assert str(period(12).end_date) == "2027-11-30"
    db.session.rollback()
    assert [one.number for one in db.session.query(Period).filter_by(is_current=True)] == [8]
    again = alice.send(f"{SCREEN}/create", {"first_day": "2026-12-01"})
    assert again.status_code == 422


def test_the_first_year_is_current_where_today_is(alice, house):
    db.session.query(Period).delete()
    db.session.commit()
    assert "There are no periods yet" in alice.open(SCREEN).text
    alice.send(f"{SCREEN}/create", {"first_day": "2026-04-01"})
    db.session.rollback()
    [current] = db.session.query(Period).filter_by(is_current=True)
    assert current.year == 2027
    assert current.start_date <= current.end_date


def test_who_may_not_change_periods_may_look_at_them(rita, house):
    page = rita.open(SCREEN)
    assert page.select_one("#periods fieldset").has_attr("disabled")
    assert not page.select("main button")
    rows = list(csv.reader(io.StringIO(rita.get(f"{SCREEN}.csv").data.decode("utf-8-sig"))))
    assert [row[:2] for row in rows[1:]] == [["2027", "7"], ["2027", "8"]]
    rita.open(f"{SCREEN}?year=1999", status=404)
    rita.open(f"{SCREEN}?year=x", status=404)
