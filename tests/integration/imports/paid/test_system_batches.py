"""The batches receipts land in: found or made, never exported (R57)."""

import datetime as dt
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from webapp.db import db, transaction
from webapp.domain.access import Role
from webapp.domain.batches import BatchType, may_be_exported
from webapp.models import Batch, Period
from webapp.queries.batch_list import batches as batch_list
from webapp.queries.export_control import listing
from webapp.queries.export_filter import Filter, StatusFilter
from webapp.queries.viewers import Viewer
from webapp.services.batches import close_batch, set_not_for_export
from webapp.services.errors import NotAllowedNow
from webapp.services.exports import plan_export
from webapp.services.system_batches import receipt_batches

NOW = dt.datetime(2026, 11, 20, tzinfo=dt.UTC)
IN_NOVEMBER = dt.date(2026, 11, 10)


@pytest.fixture
def place(house, periods) -> Callable[..., dict[dt.date, Batch]]:
    """Find or make the batches of these dates for a FinCo, 01 unless told."""

    def placed(*dates: dt.date, fin_co_id: int | None = None) -> dict[dt.date, Batch]:
        with transaction():
            found = receipt_batches(
                fin_co_id=fin_co_id or house.fin_co_id, dates=dates, now=NOW
            ).batches
        return {date: db.session.get_one(Batch, batch_id) for date, batch_id in found.items()}

    return placed


def test_R57_one_batch_for_each_day_numbered_by_its_year_and_found_again(place):
    dates = [IN_NOVEMBER, dt.date(2026, 9, 30), dt.date(2026, 11, 11)]

    made = place(*dates)

    assert {date: batch.number for date, batch in made.items()} == {
        dt.date(2026, 9, 30): "A2770001",
        IN_NOVEMBER: "A2770002",
        dt.date(2026, 11, 11): "A2770003",
    }
    assert place(IN_NOVEMBER)[IN_NOVEMBER].id == made[IN_NOVEMBER].id
    assert place(dt.date(2026, 11, 12))[dt.date(2026, 11, 12)].number == "A2770004"


def test_R57_each_fin_co_has_batches_of_its_own(place, house):
    ours = place(IN_NOVEMBER)[IN_NOVEMBER]
    theirs = place(IN_NOVEMBER, fin_co_id=house.other_fin_co_id)[IN_NOVEMBER]

    assert ours.id != theirs.id
    assert theirs.fin_co_id == house.other_fin_co_id


@pytest.mark.parametrize(
    ("date", "period"),
    [
        (dt.date(2026, 9, 1), 6),
        (dt.date(2026, 9, 30), 6),
        (dt.date(2026, 11, 30), 8),
        (dt.date(2020, 1, 1), 6),
        (dt.date(2027, 3, 1), 8),
    ],
)
def test_R57_the_period_is_that_of_the_date_however_long_past(place, date, period):
    assert place(date)[date].period.number == period


def test_R57_what_is_closed_for_receipts_gives_them_to_the_next_open_period(place):
    before = place(dt.date(2026, 9, 30))[dt.date(2026, 9, 30)]
    db.session.execute(sa.update(Period).where(Period.number == 6).values(receipt_closed=True))
    db.session.commit()

    after = place(dt.date(2026, 9, 30))[dt.date(2026, 9, 30)]

    assert (before.period.number, after.period.number) == (6, 7)
    assert before.id != after.id


def test_R57_a_day_no_period_can_take_is_refused_with_a_way_out(house, periods):
    db.session.execute(sa.update(Period).values(receipt_closed=True))
    db.session.commit()

    with transaction():
        placed = receipt_batches(fin_co_id=house.fin_co_id, dates=[IN_NOVEMBER], now=NOW)

    assert placed.batches == {}
    refusal = placed.refused[IN_NOVEMBER]
    assert refusal.message == "There is no financial period for 10 Nov 2026."
    assert "Period End Maintenance" in refusal.way_out


def test_R57_a_system_batch_is_never_among_those_to_export(place, house):
    batch = place(IN_NOVEMBER)[IN_NOVEMBER]
    viewer = Viewer(1, "Somebody", Role.ADMINISTRATOR, "key", frozenset({house.fin_co_id}))

    shown = {
        status: [row.number for row in listing(viewer, Filter(status=status), 1).rows]
        for status in StatusFilter
    }

    holding = {status for status, numbers in shown.items() if batch.number in numbers}
    assert holding == {StatusFilter.NOT_FOR_EXPORT, StatusFilter.ANY}
    (row,) = listing(viewer, Filter(status=StatusFilter.ANY), 1).rows
    assert (row.may_be_exported, row.may_be_closed) == (False, False)


def test_R57_neither_all_nor_its_own_number_exports_a_system_batch(place, house):
    batch = place(IN_NOVEMBER)[IN_NOVEMBER]

    assert not [
        row
        for row in batch_list(fin_co="01")
        if may_be_exported(row.status, not_for_export=row.not_for_export)
    ]
    plan = plan_export(
        batch_ids=[batch.id],
        user_id=house.alice_id,
        now=NOW,
        public_url="http://localhost:5000",
        after_commit=lambda _run_id: None,
    )
    assert plan.run_ids == ()
    assert [problem.message for problem in plan.refused] == [
        f"Batch {batch.number} is marked Not For Export."
    ]


def test_R57_nobody_can_make_a_system_batch_exportable(place, house):
    batch_id = place(IN_NOVEMBER)[IN_NOVEMBER].id

    with pytest.raises(NotAllowedNow):
        set_not_for_export(batch_id, marked=False)
    with pytest.raises(NotAllowedNow):
        close_batch(batch_id, user_id=house.alice_id, now=NOW)

    db.session.expire_all()
    assert db.session.get_one(Batch, batch_id).not_for_export is True


def test_a_batch_of_receipts_that_a_person_made_is_left_to_that_person(place, house):
    made = place(IN_NOVEMBER)[IN_NOVEMBER]
    db.session.execute(sa.update(Batch).where(Batch.id == made.id).values(is_system=False))
    db.session.commit()

    again = place(IN_NOVEMBER)[IN_NOVEMBER]

    assert again.id != made.id
    assert again.batch_type is BatchType.AR_RECEIPT
