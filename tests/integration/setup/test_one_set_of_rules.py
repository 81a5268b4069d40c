"""Files, other systems and screens accept and refuse the same companies, jobs and activities."""

import datetime as dt

import pytest
import sqlalchemy as sa

from tests.integration.loading.desk import Desk
from webapp.db import db
from webapp.domain.ingest.states import LoadState
from webapp.models import (
    Activity,
    Company,
    FinCo,
    GstType,
    Job,
    LoadProblem,
    Location,
    ProfitCentre,
    WorkCentre,
)
from webapp.services import records
from webapp.services.documents import Refused
from webapp.services.errors import NotValid
from webapp.services.new_company import NewCompany
from webapp.services.new_company import create_company as by_screen
from webapp.services.setup.jobs import create_job
from webapp.services.setup.saving import By

NOW = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)
MACHINE = records.By("API: Costing", NOW)

COMPANIES = [
    ({"name": "New", "ap_account": "TAKEN", "is_supplier": True}, "ap_account"),
    ({"name": "New", "ar_account": "T2", "is_client": True}, "ar_account"),
    ({"name": "New"}, "is_supplier"),
]
ACTIVITIES = [
    ({"description": "Own", "code_type": "Time", "gst_type": "G15"}, "gst_type"),
    ({"description": "Own", "code_type": "Purchase", "cost_rate": "4.50"}, "cost_rate"),
    ({"description": "Own", "code_type": "Purchase", "dr_gl_account": "@"}, "dr_gl_account"),
    ({"description": "Own", "code_type": "Purchase", "dr_gl_account": "3 1"}, "dr_gl_account"),
]
JOBS = [({"dr_gl_account": "@310"}, "dr_gl_account"), ({"cr_gl_account": "1 2"}, "cr_gl_account")]


@pytest.fixture
def database() -> str:
    """Rules are the same on every database; one is enough to see them."""
    return "sqlite"


@pytest.fixture
def desk(house, tmp_path) -> Desk:
    location = db.session.scalars(sa.select(Location)).first()
    fin_co = db.session.get_one(FinCo, house.fin_co_id)
    template = Company(
        fin_co=fin_co,
        name="Template",
        payment_terms_days=20,
        payment_terms_type="DAYSAFTERBILLDATE",
    )
    db.session.add_all(
        [
            ProfitCentre(code="CIV", description="Civil", fin_co=fin_co, location=location),
            GstType(code="G15", description="GST", percent=15),
            WorkCentre(code="SITE", description="Site"),
            Company(fin_co=fin_co, name="First", ap_account="TAKEN ", is_supplier=True),
            Company(fin_co=fin_co, name="Second", ar_account="T2", is_client=True),
            template,
        ]
    )
    db.session.flush()
    fin_co.template_company = template
    db.session.commit()
    return Desk(house.fin_co_id, tmp_path / "loads")


def by_file(desk, target: str, values: dict) -> set[str]:
    """The columns a file with this one row is refused at."""
    words = {True: "yes", False: "no"}
    texts = [
        words.get(value, str(value)) if isinstance(value, bool) else value
        for value in values.values()
    ]
    columns = {name: name.upper() for name in values}
    content = ",".join(columns.values()) + "\n" + ",".join(texts) + "\n"
    run = desk.load(content, target, columns=columns, date_format=None, decimal_mark=".")
    assert run.state is LoadState.REFUSED, run.error
    found = {(one.column or "?").lower() for one in db.session.scalars(sa.select(LoadProblem))}
    return found | {
        word.split(":")[0] for word in db.session.scalars(sa.select(LoadProblem.reason))
    }


def by_machine(make) -> set[str]:
    with pytest.raises(Refused) as refused:
        make()
    return {str(finding.path[0]) for finding in refused.value.findings}


@pytest.mark.parametrize(("values", "field"), COMPANIES)
def test_a_company_is_refused_alike(desk, values, field):
    fin_co_id = desk.fin_co_id
    assert by_machine(lambda: records.create_company(fin_co_id, values, MACHINE)) == {field}
    blank = dict.fromkeys(("alpha_code", "ap_account", "ar_account"), "")
    ticks = dict.fromkeys(("is_client", "is_supplier", "is_subcontractor"), False)
    with pytest.raises(NotValid) as refused:
        by_screen(
            fin_co_id,
            NewCompany(**{**blank, **ticks, **values}),
            user_id=None,
            source="test",
            now=NOW,
        )
    assert set(refused.value.fields) == {field}
    if field == "is_supplier":  # a file recognises a company by its account
        assert by_file(desk, "companies", values) & {field, "Supplier"}


@pytest.mark.parametrize(("values", "field"), ACTIVITIES)
def test_an_activity_is_refused_alike(desk, values, field):
    values = {"code": "OWN", **values}
    assert by_machine(lambda: records.create_activity(values, MACHINE)) == {field}
    assert field in by_file(desk, "activities", values)
    assert db.session.scalar(sa.select(Activity.id)) is None


@pytest.mark.parametrize(("more", "field"), JOBS)
def test_a_job_is_refused_alike(desk, house, more, field):
    values = {"code": "J1", "description": "Bridge", "profit_centre": "CIV", **more}
    assert by_machine(lambda: records.create_job(desk.fin_co_id, values, MACHINE)) == {field}
    typed = dict.fromkeys(
        ("client", "job_type", "parent", "groups", "active", "dr_gl_account", "cr_gl_account"), ""
    )
    with pytest.raises(NotValid) as refused:
        create_job({**typed, **values}, By(house.alice_id, "test", NOW))
    assert set(refused.value.fields) == {field}
    assert field in by_file(desk, "jobs", values)
    assert db.session.scalar(sa.select(Job.id)) is None


def test_R43_a_new_company_takes_from_the_template_however_it_comes_in(desk):
    made = [
        records.create_company(desk.fin_co_id, {"name": "By API", "ap_account": "A1"}, MACHINE),
        by_screen(
            desk.fin_co_id,
            NewCompany(
                name="By hand", alpha_code="", is_client=False, is_supplier=True,
                is_subcontractor=False, ap_account="A2", ar_account="",
            ),
            user_id=None, source="test", now=NOW,
        ),
    ]  # fmt: skip
    assert desk.load("Name,AP Account\nBy file,A3\n", "companies").created == 1
    made.append(db.session.scalar(sa.select(Company.id).where(Company.ap_account == "A3")))
    for company_id in made:
        company = db.session.get_one(Company, company_id)
        assert (company.payment_terms_days, company.is_supplier) == (20, True), company.name


def test_an_activity_that_becomes_another_type_keeps_nothing_the_new_one_lacks(desk, house):
    given = {"code": "MAT", "description": "Sand", "code_type": "Purchase", "gst_type": "G15"}
    records.create_activity(given, MACHINE)
    records.update_activity("MAT", {"code_type": "Time"}, MACHINE)
    assert db.session.scalars(sa.select(Activity.gst_type_id)).one() is None
    records.update_activity("MAT", {"code_type": "Purchase", "gst_type": "G15"}, MACHINE)
    assert (
        desk.load("Activity Code,Description,Code Type\nMAT,Sand,Time\n", "activities").updated == 1
    )
    assert db.session.scalars(sa.select(Activity.gst_type_id)).one() is None


def test_a_code_in_other_letters_is_taken(desk, house):
    records.create_activity({"code": "MAT", "description": "Sand"}, MACHINE)
    with pytest.raises(Refused):
        records.create_activity({"code": "mat", "description": "Sand"}, MACHINE)
