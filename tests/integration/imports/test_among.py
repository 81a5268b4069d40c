import pytest
import sqlalchemy as sa

from webapp.db import db
from webapp.models import Company
from webapp.services.among import among

NAMES = ["Smith", 'O\'Neill "Quarries"', "Müller & Söhne 🧱", "", "[1]", "x" * 255]


@pytest.fixture
def companies(house):
    made = [Company(fin_co_id=house.fin_co_id, name=name) for name in NAMES]
    db.session.add_all(made)
    db.session.commit()
    return made


@pytest.mark.parametrize("wanted", [NAMES, NAMES[1:3], ["nobody"], []])
def test_a_condition_on_texts_finds_those_and_no_others(companies, wanted):
    found = db.session.scalars(
        sa.select(Company.name).where(
            among(Company.name, wanted), Company.id.in_([one.id for one in companies])
        )
    ).all()
    assert sorted(found) == sorted(set(wanted) & set(NAMES))


def test_a_condition_on_numbers_finds_those_and_no_others(companies):
    wanted = [one.id for one in companies[2:4]]
    found = db.session.scalars(sa.select(Company.id).where(among(Company.id, wanted))).all()
    assert sorted(found) == wanted
    assert not db.session.scalars(sa.select(Company.id).where(among(Company.id, []))).all()
