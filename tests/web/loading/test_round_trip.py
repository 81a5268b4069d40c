"""What a list gives out as a file goes in again, and changes nothing."""

import csv
import datetime as dt
import io

import pytest
import sqlalchemy as sa
from visiting import Browser

from webapp.db import db
from webapp.domain.access import Role
from webapp.domain.ingest.master_targets import MASTERS
from webapp.models import FinCo, Job, JobGroup, User
from webapp.services import demo

NOW = dt.datetime(2026, 11, 20, 9, 30, tzinfo=dt.UTC)
LISTS = {
    "activities": "/set-up/activities",
    "companies": "/companies",
    "currencies": "/currencies",
    "financial-companies": "/set-up/financial-companies",
    "gl-accounts": "/set-up/gl-accounts",
    "gst-types": "/set-up/gst-types",
    "job-groups": "/set-up/job-groups",
    "job-types": "/set-up/job-types",
    "jobs": "/set-up/jobs",
    "locations": "/set-up/locations",
    "periods": "/set-up/period-ends",
    "profit-centres": "/set-up/profit-centres",
    "sales-codes": "/set-up/sales-codes",
    "work-centres": "/set-up/work-centres",
}


@pytest.fixture
def firm(app, password_hash) -> Browser:
    """An administrator of the firm that the demo data show."""
    assert demo.load(NOW)
    fin_co = db.session.scalars(sa.select(FinCo).where(FinCo.code == "01")).one()
    job = db.session.scalars(sa.select(Job).where(Job.dr_gl_account.is_(None))).first()
    fin_co.retention_job_id = job.id
    _, part, *_ = db.session.scalars(sa.select(Job).where(Job.profit_centre == job.profit_centre))
    part.parent_id = job.id
    part.groups = [
        JobGroup(category="Export", description="North"),
        JobGroup(category="Purpose", description="Roads, wide"),
    ]
    alice = User(
        name="Alice", role=Role.ADMINISTRATOR, password_hash=password_hash, session_key="key"
    )
    db.session.add(alice)
    db.session.commit()
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = f"{alice.id}:key"
        session["_fresh"] = True
    return Browser(client)


def test_every_list_has_a_way_in():
    assert {one.name for one in MASTERS} == set(LISTS)


@pytest.mark.parametrize("target", sorted(LISTS))
def test_a_list_s_own_file_goes_in_again_and_changes_nothing(firm, send, take, filled, target):
    content = firm.get(f"{LISTS[target]}.csv?fin_co=01").get_data()
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))[1:]
    per_fin_co = next(one.per_fin_co for one in MASTERS if one.name == target)
    address, page = take(firm, send, content, target=target, fin_co="01" if per_fin_co else "")
    saved = firm.send(f"{address}/mapping", filled(page))
    assert saved.status_code == 303, saved.text
    page = firm.open(saved.location)
    told = {one.dt.text: one.dd.text.strip() for one in page.select("dl.facts > div")}
    problems = page.find("div", attrs={"aria-label": "Problems"})
    assert problems is None, problems.text
    assert rows
    assert told["As they are already"] == f"{len(rows):,}", told


def test_the_file_of_jobs_says_what_each_is_part_of_and_its_groups(firm):
    content = firm.get("/set-up/jobs.csv?fin_co=01").get_data().decode("utf-8-sig")
    told = {
        row["Parent Job"]: row["Job Groups"].split("; ")
        for row in csv.DictReader(io.StringIO(content))
        if row["Parent Job"]
    }
    job = db.session.scalars(sa.select(Job).where(Job.parent_id.is_not(None))).one()
    above = db.session.get_one(Job, job.parent_id)
    (parent,) = told
    assert parent == f"{above.code} · {above.profit_centre.code}"
    assert set(told[parent]) == {"Export: North", "Purpose: Roads, wide"}
