import datetime as dt

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from webapp.db import db
from webapp.models import Company, XeroContact
from webapp.services import bulk
from webapp.services.imports.statistics import Statistics

NAMES = ['O\'Neill "Quarries" \\ Sons', "Müller\n& Söhne\t🧱", "", "{null}", "x" * 255]
AT = dt.datetime(2026, 3, 1, 9, 30, 15, 123456, tzinfo=dt.UTC)


def test_rows_that_go_in_at_once_come_out_as_they_went_in(house):
    rows = [
        {
            "fin_co_id": house.fin_co_id,
            "name": name,
            "ap_account": f"BULK {position}",
            "email": None,
            "active": position % 2 == 0,
            "payment_terms_days": position,
        }
        for position, name in enumerate(NAMES)
    ]
    bulk.insert(Company, rows)
    found = db.session.scalars(
        sa.select(Company).where(Company.ap_account.startswith("BULK")).order_by(Company.ap_account)
    ).all()
    assert [{name: getattr(one, name) for name in rows[0]} for one in found] == rows
    # What the rows do not say is as in a company made by hand.
    assert {(one.is_client, one.use_gst, one.phone) for one in found} == {(False, True, None)}


def test_an_instant_that_goes_in_with_many_comes_out_to_the_microsecond(house):
    company = Company(fin_co_id=house.fin_co_id, name="Instant")
    db.session.add(company)
    db.session.flush()
    row = {
        "fin_co_id": house.fin_co_id,
        "tenant_id": "t",
        "company_id": company.id,
        "contact_id": "c",
        "name": "Instant",
        "status": "ACTIVE",
        "seen_at": AT,
    }
    bulk.insert(XeroContact, [row])
    assert db.session.scalars(sa.select(XeroContact.seen_at)).all() == [AT]


def test_no_rows_are_nothing_to_do(house):
    before = db.session.scalar(sa.select(sa.func.count(Company.id)))
    bulk.insert(Company, [])
    assert db.session.scalar(sa.select(sa.func.count(Company.id))) == before


def test_of_rows_that_break_a_rule_none_is_kept(house):
    before = db.session.scalar(sa.select(sa.func.count(Company.id)))
    twice = {"fin_co_id": house.fin_co_id, "name": "Twice", "ap_account": "SAME"}
    db.session.commit()
    with pytest.raises(IntegrityError):
        bulk.insert(Company, [twice, twice])
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count(Company.id))) == before


@pytest.mark.parametrize(
    "database", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)
def test_postgresql_counts_a_table_again_each_time_it_grew_several_times(house):
    statistics = Statistics(Company)
    # What the table held for other tests is still in its counts.
    db.session.execute(sa.text("ANALYZE companies"))
    db.session.commit()
    at_first = _counted()
    counted = []
    for total in (999, 1000, 3999, 4000):
        row = {"fin_co_id": house.fin_co_id, "name": f"At {total}"}
        bulk.insert(Company, [row])
        db.session.commit()
        statistics.made(total)
        counted.append(_counted() - at_first)
    assert counted == [0, 2, 2, 4]


def _counted():
    counted = db.session.scalar(sa.text("SELECT reltuples FROM pg_class WHERE relname='companies'"))
    db.session.commit()
    return counted
