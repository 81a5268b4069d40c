import datetime as dt
from collections.abc import Callable

import flask_migrate
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from webapp.db import db, transaction, utc_now
from webapp.domain.access import Role
from webapp.models import AuditEvent, User
from webapp.queries.audit import audit_log
from webapp.queries.paging import PAGE_SIZE
from webapp.queries.viewers import Viewer
from webapp.services import audit

NOON = dt.datetime(2026, 11, 20, 12, 0, tzinfo=dt.UTC)


def viewer(*fin_co_ids: int, role: Role = Role.FINANCE) -> Viewer:
    return Viewer(1, "Somebody", role, "key", frozenset(fin_co_ids))


EVERYTHING = viewer(role=Role.ADMINISTRATOR)


@pytest.fixture
def record(house) -> Callable[..., None]:
    def recorded(action: str = "connect", **given) -> None:
        asked = {
            "at": NOON,
            "user_id": house.alice_id,
            "fin_co_id": house.fin_co_id,
            "source": "192.0.2.7",
            "detail": {"organisation": [None, "Harbour Civil"]},
        }
        audit.record(action=action, **(asked | given))

    return recorded


def count() -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(AuditEvent))


def test_C14_2_an_event_tells_who_when_from_where_and_what_changed(record):
    record()

    (event,) = audit_log(EVERYTHING).events

    assert (event.at, event.user_name, event.fin_co) == (NOON, "Alice", "01")
    assert (event.action, event.source) == ("connect", "192.0.2.7")
    assert event.detail == {"organisation": [None, "Harbour Civil"]}


def test_C14_2_the_name_stays_as_it_was(record, house):
    record()
    db.session.get(User, house.alice_id).name = "Alice Smith"
    db.session.commit()
    assert audit_log(EVERYTHING).events[0].user_name == "Alice"


def test_C14_2_what_no_person_did_names_its_source(record):
    record("import", user_id=None, source=audit.COMMAND_LINE)
    (event,) = audit_log(EVERYTHING).events
    assert (event.user_name, event.source) == ("command line", "command line")


CHANGES = {
    "update": "UPDATE audit_events SET user_name = 'Bob'",
    "delete": "DELETE FROM audit_events",
}


@pytest.mark.parametrize("statement", CHANGES.values(), ids=CHANGES)
def test_C14_2_the_database_refuses_raw_changes(record, statement):
    record()

    with pytest.raises(DBAPIError, match="append-only"), db.engine.begin() as connection:
        connection.exec_driver_sql(statement)

    assert [event.user_name for event in audit_log(EVERYTHING).events] == ["Alice"]


def test_C14_2_the_database_refuses_changes_through_the_model(record):
    record()
    event = db.session.scalars(sa.select(AuditEvent)).one()

    event.user_name = "Bob"
    with pytest.raises(DBAPIError, match="append-only"):
        db.session.flush()
    db.session.rollback()
    db.session.delete(db.session.scalars(sa.select(AuditEvent)).one())
    with pytest.raises(DBAPIError, match="append-only"):
        db.session.flush()
    db.session.rollback()

    assert count() == 1


def test_C14_2_no_event_can_take_the_place_of_another(record):
    record()
    replacing = {
        "sqlite": "INSERT OR REPLACE INTO audit_events"
        " SELECT id, at, user_id, 'Bob', fin_co_id, action, source, detail FROM audit_events",
        "postgresql": "INSERT INTO audit_events"
        " SELECT id, at, user_id, 'Bob', fin_co_id, action, source, detail FROM audit_events"
        " ON CONFLICT (id) DO UPDATE SET user_name = 'Bob'",
    }

    with pytest.raises(DBAPIError, match="append-only"), db.engine.begin() as connection:
        connection.exec_driver_sql(replacing[connection.dialect.name])

    assert audit_log(EVERYTHING).events[0].user_name == "Alice"


@pytest.mark.postgres
def test_C14_2_the_table_cannot_be_emptied_at_once(apps):
    with (
        apps("postgres").app_context(),
        pytest.raises(DBAPIError, match="append-only"),
        db.engine.begin() as connection,
    ):
        connection.exec_driver_sql("TRUNCATE audit_events")


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
@pytest.mark.parametrize("statement", CHANGES.values(), ids=CHANGES)
def test_C14_2_a_migrated_database_refuses_as_well(make_app, tmp_path, request, kind, statement):
    address = (
        f"sqlite:///{tmp_path / 'migrated.sqlite3'}"
        if kind == "sqlite"
        else request.getfixturevalue("new_postgres_database")()
    )
    with make_app(address).app_context():
        flask_migrate.upgrade()
        audit.record(
            at=NOON, user_id=None, fin_co_id=None, action="save", source="schedule", detail={}
        )

        with pytest.raises(DBAPIError, match="append-only"), db.engine.begin() as connection:
            connection.exec_driver_sql(statement)

        assert count() == 1
        db.session.remove()
        db.engine.dispose()


def test_C14_2_an_event_stands_or_falls_with_what_it_tells(record):
    def fail_halfway() -> None:
        with transaction():
            record()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_halfway()
    assert count() == 0
    with transaction():
        record()
    assert count() == 1


def test_C14_2_a_person_sees_the_events_of_their_own_fin_cos(record, house):
    record("mine")
    record("theirs", fin_co_id=house.other_fin_co_id)
    record("nobody's", fin_co_id=None)

    def actions(log) -> list[str]:
        return [event.action for event in log.events]

    assert actions(audit_log(viewer(house.fin_co_id))) == ["mine"]
    assert actions(audit_log(viewer())) == []
    assert actions(audit_log(EVERYTHING)) == ["nobody's", "theirs", "mine"]
    assert actions(audit_log(EVERYTHING, fin_co_id=house.fin_co_id)) == ["mine"]
    asked_for_another = audit_log(viewer(house.fin_co_id), fin_co_id=house.other_fin_co_id)
    assert actions(asked_for_another) == []
    assert asked_for_another.page.total == 0


def test_C14_2_a_long_log_comes_in_pages_newest_first(house):
    with transaction():
        db.session.add_all(
            AuditEvent(
                at=utc_now(),
                user_name="Alice",
                fin_co_id=house.fin_co_id,
                action=f"save {number}",
                source="192.0.2.7",
                detail={},
            )
            for number in range(PAGE_SIZE + 1)
        )

    first, second = (audit_log(EVERYTHING, page=page) for page in (1, 2))

    assert (first.page.last, first.page.total) == (2, PAGE_SIZE + 1)
    assert first.events[0].action == f"save {PAGE_SIZE}"
    assert [event.action for event in second.events] == ["save 0"]


def test_only_the_fields_that_differ_are_told():
    before = {"same": 1, "changed": "a"}
    assert audit.changes(before, {"same": 1, "changed": "b", "new": True}) == {
        "changed": ["a", "b"],
        "new": [None, True],
    }
