"""The lists and saves of the firm's own records, on each kind of database."""

import threading

import pytest
from sqlalchemy.exc import IntegrityError

from webapp.db import db, utc_now
from webapp.domain.access import Role
from webapp.domain.setup.fields import filled_in
from webapp.domain.setup.users import FIELDS
from webapp.models import Location, Period, User
from webapp.queries.setup import plain, users
from webapp.queries.setup.listing import Asked, Standing, everything
from webapp.queries.setup.periods import kept_year
from webapp.queries.sorting import Sort
from webapp.services.errors import NotValid
from webapp.services.setup.periods import create_year, save_year
from webapp.services.setup.plain import create_plain, save_plain
from webapp.services.setup.saving import By
from webapp.services.setup.users import create_user, save_user


@pytest.fixture
def by(house) -> By:
    return By(house.alice_id, "127.0.0.1", utc_now())


def person(name: str, **given: str) -> dict[str, str]:
    wanted = {"name": name, "role": "Administrator", "active": "yes", "fin_cos": "", **given}
    return filled_in(FIELDS, wanted)


@pytest.mark.parametrize(
    "kind", [plain.LOCATIONS, plain.WORK_CENTRES, plain.JOB_TYPES, plain.JOB_GROUPS]
)
def test_every_list_of_few_words_is_found_sorted_and_searched(by, kind):
    given = {field.name: field.name[:4].upper() for field in kind.fields}
    made = create_plain(kind, given, by)
    with pytest.raises(NotValid):
        create_plain(kind, {name: text.lower() for name, text in given.items()}, by)
    table = kind.table()
    for name in table.columns:
        rows = list(everything(table, Asked(sort=Sort(name), text="desc")))
        assert [row.key for row in rows] == [str(made)]
        assert rows[0].cells[-1] == 0
    mark = kind.record(made).mark
    assert save_plain(kind, made, {**given, "description": "New"}, mark=mark, by=by)
    assert not save_plain(kind, made, {**given, "description": "New"}, mark=mark, by=by)


def test_users_are_listed_with_their_fin_cos(house, by):
    create_user(person("Bob", role="Finance", fin_cos="02\n01"), by)
    table = users.table()
    for name in table.columns:
        assert len(list(everything(table, Asked(sort=Sort(name), standing=Standing.ANY)))) == 2
    [row] = everything(table, Asked(sort=Sort("name"), text="fin"))
    assert sorted(row.cells[2].split(", ")) == ["01", "02"]


def test_of_two_administrators_who_take_it_from_each_other_one_stays(app, house, by):
    create_user(person("Zoe"), by)
    zoe = db.session.query(User).filter_by(name="Zoe").one().id
    marks = {id_: users.record(id_).mark for id_ in (house.alice_id, zoe)}
    names = {house.alice_id: "Alice", zoe: "Zoe"}
    db.session.rollback()
    start = threading.Barrier(2)
    ended: list[str] = []

    def demote(id_: int) -> None:
        with app.app_context():
            start.wait(timeout=30)
            try:
                given = person(names[id_], role="Finance")
                save_user(id_, given, mark=marks[id_], by=by)
                ended.append("demoted")
            except NotValid:
                ended.append("refused")
            finally:
                db.session.remove()

    threads = [threading.Thread(target=demote, args=(id_,)) for id_ in marks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert sorted(ended) == ["demoted", "refused"]
    db.session.rollback()
    assert db.session.query(User).filter_by(role=Role.ADMINISTRATOR, active=True).count() == 1


def test_years_are_made_and_modules_closed(by):
    assert create_year("2026-04-01", by) == 2027
    assert create_year("2027-04-01", by) == 2028
    with pytest.raises(NotValid):
        create_year("2029-04-01", by)
    kept = kept_year(2027)
    given = {period.id: dict(period.texts) for period in kept.periods}
    last = kept.periods[-1]
    given[last.id] |= {"stock": "yes", "time_end_date": "2027-03-28"}
    assert save_year(2027, given, last.id, mark=kept.mark, by=by)
    db.session.rollback()
    saved = db.session.get_one(Period, last.id)
    assert (saved.stock_closed, saved.is_current, str(saved.time_end_date)) == (
        True,
        True,
        "2027-03-28",
    )
    assert db.session.query(Period).filter_by(is_current=True).count() == 1


def test_what_the_database_alone_could_see_is_said_at_the_field(house, by):
    given = {"code": "WN", "description": "Wellington", "batch_prefix": "W"}
    create_plain(plain.LOCATIONS, given, by)
    db.session.add(Location(code="WN", description="Twice", batch_prefix="X"))
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()
    with pytest.raises(NotValid) as refused:
        create_plain(plain.LOCATIONS, {**given, "batch_prefix": "Z"}, by)
    assert list(refused.value.fields) == ["code"]
