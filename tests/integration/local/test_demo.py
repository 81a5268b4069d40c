import datetime as dt
import itertools
from collections import Counter

import pytest
import sqlalchemy as sa
from flask import Flask

from webapp.db import db
from webapp.domain.access import Role
from webapp.domain.batches import BatchStatus, BatchType
from webapp.models import Activity, Batch, Company, Document, FinCo, GlAccount, Period
from webapp.services import demo, users

NOW = dt.datetime(2026, 11, 20, 9, 30, tzinfo=dt.UTC)


@pytest.fixture
def loaded(app: Flask) -> None:
    assert demo.load(NOW)
    db.session.expire_all()


def count(model: type) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model))


@pytest.mark.usefixtures("loaded")
def test_loading_twice_loads_once():
    before = [count(model) for model in (FinCo, Batch, Document, Company, Period)]
    db.session.rollback()

    assert not demo.load(NOW)
    assert [count(model) for model in (FinCo, Batch, Document, Company, Period)] == before


@pytest.mark.usefixtures("app")
def test_a_database_with_a_user_in_it_is_left_alone():
    users.add(name="Ann", role=Role.FINANCE, password="a long password", fin_co_codes=())

    assert not demo.load(NOW)
    assert count(FinCo) == 0


@pytest.mark.usefixtures("loaded")
def test_the_current_period_is_that_of_today_in_a_year_named_after_its_end():
    current = db.session.scalars(sa.select(Period).where(Period.is_current)).one()

    assert (current.year, current.number) == (2027, 8)
    assert current.start_date <= NOW.date() <= current.end_date
    assert sorted(Counter(db.session.scalars(sa.select(Period.year))).items()) == [
        (2026, 12),
        (2027, 12),
        (2028, 12),
        (2029, 12),
    ]


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize(
    ("today", "period"), [("2027-03-31", (2027, 12)), ("2027-04-01", (2028, 1))]
)
def test_the_year_turns_at_the_end_of_march(today: str, period: tuple[int, int]):
    demo.load(dt.datetime.fromisoformat(f"{today}T12:00:00+00:00"))

    current = db.session.scalars(sa.select(Period).where(Period.is_current)).one()
    assert (current.year, current.number) == period


@pytest.mark.usefixtures("loaded")
def test_the_periods_follow_each_other_without_a_gap():
    periods = db.session.scalars(sa.select(Period).order_by(Period.start_date)).all()

    for earlier, later in itertools.pairwise(periods):
        assert later.start_date == earlier.end_date + dt.timedelta(days=1)


@pytest.mark.usefixtures("loaded")
def test_every_document_adds_up_and_credits_are_below_zero():
    for document in db.session.scalars(sa.select(Document)):
        assert document.value_ex_gst == sum(line.value_ex_gst for line in document.lines)
        assert document.gst == sum(line.gst for line in document.lines)
        assert (document.value_ex_gst < 0) == (document.batch.batch_type is BatchType.AP_CREDIT)


@pytest.mark.usefixtures("loaded")
def test_every_account_an_activity_posts_to_is_in_each_chart():
    used = set(db.session.scalars(sa.select(Activity.dr_gl_account)))
    for fin_co in db.session.scalars(sa.select(FinCo)):
        chart = sa.select(GlAccount.code).where(GlAccount.fin_co_id == fin_co.id)
        assert used <= set(db.session.scalars(chart))


@pytest.mark.usefixtures("loaded")
def test_there_is_a_batch_of_each_standing_and_the_first_firm_has_none():
    batches = db.session.scalars(sa.select(Batch)).all()

    assert {batch.fin_co.code for batch in batches} == {"02"}
    assert Counter(batch.status for batch in batches) == {
        BatchStatus.CLOSED: 3,
        BatchStatus.OPEN: 2,
    }
    assert sum(batch.not_for_export for batch in batches) == 1
