import datetime as dt
import itertools

import sqlalchemy as sa

from jobs import tasks
from webapp.db import db
from webapp.domain.runs import KindState, RunOrigin
from webapp.models import FinCo, ImportProblem, ImportRun, XeroConnection, XeroSettings
from webapp.services import connections, imports
from webapp.services.imports.scheduling import offset

HALF_HOUR = dt.timedelta(minutes=30)
MINUTE = dt.timedelta(minutes=1)
MIDNIGHT = dt.datetime(2026, 11, 20, tzinfo=dt.UTC)


def runs_of(runs: list[ImportRun], fin_co_id: int) -> list[ImportRun]:
    return [run for run in runs if run.fin_co_id == fin_co_id]


def test_R31_each_connected_fin_co_imports_once_every_half_hour(connect, house, pass_time):
    since = max(connect().connected_at, connect(house.other_fin_co_id, organisation=1).connected_at)

    runs = pass_time(since, 120)

    for fin_co_id in (house.fin_co_id, house.other_fin_co_id):
        starts = [run.started_at for run in runs_of(runs, fin_co_id)]
        assert {later - start for start, later in itertools.pairwise(starts)} == {HALF_HOUR}
        assert len(starts) == 4
    assert {(run.origin, run.started_by_id) for run in runs} == {(RunOrigin.SCHEDULE, None)}


def test_R31_the_interval_is_a_setting(connect, house, configured):
    day = dt.timedelta(days=1)
    connection = connect()
    connection.connected_at = MIDNIGHT + offset(house.fin_co_id, day) + dt.timedelta(hours=2)
    connected_at = connection.connected_at
    db.session.commit()

    configured(import_interval_minutes=24 * 60, at=connected_at + dt.timedelta(minutes=61))
    tasks.scheduled_imports_task()
    assert db.session.scalars(sa.select(ImportRun)).all() == []

    configured(import_interval_minutes=60, at=connected_at + dt.timedelta(minutes=61))
    tasks.scheduled_imports_task()
    assert db.session.scalars(sa.select(ImportRun)).one().origin is RunOrigin.SCHEDULE


def test_R31_fin_cos_do_not_fire_together():
    offsets = sorted(offset(fin_co_id, HALF_HOUR) for fin_co_id in range(1, 11))

    gaps = [later - earlier for earlier, later in itertools.pairwise(offsets)]
    assert min(gaps) >= MINUTE
    assert all(dt.timedelta() <= one < HALF_HOUR for one in offsets)


def test_R31_a_fin_co_connected_while_the_schedule_runs_is_picked_up(connect, house, pass_time):
    since = connect().connected_at
    pass_time(since, 5)
    connection = connect(house.other_fin_co_id, organisation=1)
    connection.connected_at = since + 5 * MINUTE
    db.session.commit()

    runs = pass_time(since + 5 * MINUTE, 30)

    assert len(runs_of(runs, house.other_fin_co_id)) == 1


def test_R31_a_schedule_that_was_down_catches_up_once(connect, look, carry_on):
    at = connect().connected_at + dt.timedelta(days=2)

    (run_id,) = look(at)
    carry_on(run_id, at)

    assert look(at + dt.timedelta(seconds=1)) == []


def test_R31_two_that_look_at_once_start_one_import(connect, look):
    at = connect().connected_at + HALF_HOUR

    assert len(look(at)) == 1
    assert look(at) == []


def test_R29_a_disconnected_fin_co_is_left_out(connect, house, deps, look):
    since = connect().connected_at
    connect(house.other_fin_co_id, organisation=1)
    connections.disconnect(deps.xero, fin_co_id=house.fin_co_id, now=deps.clock())

    started = look(since + 2 * HALF_HOUR)

    assert [db.session.get_one(ImportRun, run_id).fin_co_id for run_id in started] == [
        house.other_fin_co_id
    ]


def test_R29_a_connection_that_needs_a_person_is_left_out(connect, deps, look):
    connection = connect()
    since = connection.connected_at
    connections.mark_reconnect_needed(connection.id, "it was cut off", deps.clock())

    assert look(since + 2 * HALF_HOUR) == []


def test_R32_a_fin_co_that_still_imports_is_not_started_again(connect, house, look):
    since = connect().connected_at
    imports.start_import(
        fin_co_id=house.fin_co_id,
        user_id=house.alice_id,
        now=since,
        after_commit=lambda _run_id: None,
    )

    assert look(since + HALF_HOUR) == []
    assert look(since + 10 * HALF_HOUR) == []


def test_R33_one_fin_cos_failure_is_its_own(connect, sandbox, house, states, pass_time):
    since = connect().connected_at
    connect(house.other_fin_co_id, organisation=1)
    sandbox.control("POST", "disconnect", {"tenant_id": sandbox.tenant(0)})

    runs = pass_time(since, 60)

    first, *_ = runs_of(runs, house.fin_co_id)
    assert states(first) == {KindState.FAILED}
    others = runs_of(runs, house.other_fin_co_id)
    assert len(others) == 2
    assert all(KindState.DONE in states(run) for run in others)


def test_R33_a_fin_co_that_cannot_even_start_stops_nobody(connect, house, look):
    since = connect().connected_at
    connect(house.other_fin_co_id, organisation=1)

    def broken_for_the_first(run_id: int) -> None:
        if db.session.get_one(ImportRun, run_id).fin_co_id == house.fin_co_id:
            raise RuntimeError("the queue broke")

    started = look(since + HALF_HOUR, after_commit=broken_for_the_first)

    assert [db.session.get_one(ImportRun, run_id).fin_co_id for run_id in started] == [
        house.other_fin_co_id
    ]


def test_R4_last_update_is_blank_at_first_then_the_end_of_each_fin_cos_last_import(
    connect, house, pass_time, connection_of
):
    since = connect().connected_at
    connect(house.other_fin_co_id, organisation=1)
    assert connection_of(house.fin_co_id).last_import_at is None

    runs = pass_time(since, 60)

    for fin_co_id in (house.fin_co_id, house.other_fin_co_id):
        last = runs_of(runs, fin_co_id)[-1]
        assert connection_of(fin_co_id).last_import_at == last.finished_at
        assert connection_of(fin_co_id).last_import_at > since


def test_R31_many_fin_cos_spread_over_the_whole_interval(house, connect, look):
    model = connect()
    since = model.connected_at
    location = db.session.get_one(FinCo, house.fin_co_id).default_location
    for number in range(40):
        fin_co = FinCo(
            code=f"M{number}",
            description="one of many",
            base_currency_code="NZD",
            default_location=location,
        )
        db.session.add(fin_co)
        db.session.flush()
        db.session.add(XeroSettings(fin_co_id=fin_co.id))
        db.session.add(
            XeroConnection(
                fin_co_id=fin_co.id,
                tenant_id=model.tenant_id,
                connection_id=model.connection_id,
                token_id=model.token_id,
                state=model.state,
                organisation_name="one of many",
                connected_at=since,
            )
        )
    db.session.commit()

    started = [len(look(since + n * MINUTE)) for n in range(1, 31)]

    assert sum(started) == 41
    assert max(started) <= 3


def test_what_stands_outside_is_kept_once_however_often_it_is_met(
    connect, sandbox, pass_time, look
):
    since = connect().connected_at
    sandbox.seed(contacts=[{"name": f"In no group {n}"} for n in range(3)])

    runs = pass_time(since, 90)

    last = db.session.get_one(ImportRun, runs[-1].id)
    standing = db.session.scalars(sa.select(ImportProblem)).all()
    left_out = sum(kind.skipped + kind.failed for kind in runs[0].kinds)
    assert len(runs) == 3
    assert len(standing) == left_out >= 3
    assert {one.run_kind_id for one in standing} <= {
        kind.id for run in (*runs, last) for kind in run.kinds
    }
