"""The lists of the firm itself, from files: by the rules of their screens."""

import pytest
import sqlalchemy as sa

from tests.integration.loading.desk import Desk
from webapp.db import db
from webapp.domain.ingest.states import LoadMode, LoadState
from webapp.models import (
    Activity,
    AuditEvent,
    Company,
    FinCo,
    Job,
    JobGroup,
    LoadProblem,
    Location,
    Period,
    ProfitCentre,
)

GOOD = LoadMode.GOOD_ROWS


@pytest.fixture
def desk(firm, tmp_path) -> Desk:
    return Desk(firm.fin_co_id, tmp_path / "loads")


def counted(run) -> tuple[int, int, int, int]:
    assert run.error is None
    return run.created, run.updated, run.unchanged, run.bad


def reasons() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(LoadProblem.reason).order_by(LoadProblem.id)))


@pytest.mark.parametrize(
    ("target", "header", "first", "changed"),
    [
        ("job-types", "Job Type,Description", "ROAD,Roads", "ROAD,Roads and bridges"),
        ("job-groups", "Category,Description,Value", "Export,North,N", "Export,North,"),
        ("work-centres", "Work Centre,Description", "SITE,Site", "SITE,On site"),
        ("locations", "Location,Description,Batch Prefix", "WN,Well,W", "WN,Well,WN"),
        (
            "financial-companies",
            "Code,Description,Base Currency,Default Location",
            "NZ-3,Third,NZD,AK",
            "NZ-3,Third Ltd,NZD,",
        ),
    ],
)
def test_a_list_goes_in_once_and_then_only_what_differs(desk, target, header, first, changed):
    assert counted(desk.load(f"{header}\n{first}\n", target)) == (1, 0, 0, 0)
    assert counted(desk.load(f"{header}\n{first}\n", target)) == (0, 0, 1, 0)
    assert counted(desk.load(f"{header}\n{changed}\n", target)) == (0, 1, 0, 0)
    [event] = db.session.scalars(
        sa.select(AuditEvent).where(AuditEvent.action == "change set-up")
    ).all()
    assert (event.source, len(event.detail)) == ("load of a file", 2 + (target[0] == "f"))


@pytest.mark.parametrize(
    ("target", "text", "told"),
    [
        ("job-types", "Job Type,Description\nROAD,\n", "Description: Fill in Description."),
        ("job-groups", "Category,Description\nExport,North\nEXPORT,north\n", "the same Job Group"),
        ("locations", "Location,Description,Batch Prefix\nWN,W,W1\n", "Letters from A to Z only"),
        (
            "locations",
            "Location,Description,Batch Prefix\nWN,W,A\n",
            "Location AK has the prefix A already",
        ),
        (
            "locations",
            "Location,Description,Batch Prefix\nWN,W,W\nCH,C,w\n",
            "Batch Prefix: it is w on row 2 too",
        ),
        ("locations", "Location,Description,Batch Prefix\nak,A,B\n", "of this code already"),
        (
            "financial-companies",
            "Code,Description,Base Currency\n01,One,AUD\n",
            "Base currency: it is NZD and stays so",
        ),
        ("financial-companies", "Code,Description\nNZ-3,Three\n", "Fill in Base currency"),
        (
            "financial-companies",
            "Code,Description,Base Currency,Template Company\nNZ-3,Three,NZD,Template of 01\n",
            "has no companies and jobs yet",
        ),
        (
            "financial-companies",
            "Code,Template Company\n02,Template of 01\n",
            "No company of this FinCo is like Template of 01",
        ),
        ("financial-companies", "Code,Default Location\n02,XX\n", "There is no XX to choose"),
    ],
)
def test_what_the_screen_refuses_is_refused_at_its_row(desk, target, text, told):
    run = desk.load(text, target)
    assert run.state is LoadState.REFUSED
    assert any(told in reason for reason in reasons()), reasons()


def test_what_stood_alike_before_there_was_a_rule_stays_as_it_is(desk):
    db.session.add_all([Location(code=code, description=code) for code in ("CH", "WN")])
    db.session.commit()
    text = "Location,Description,Batch Prefix\nCH,CH,\nWN,WN,\n"
    assert counted(desk.load(text, "locations")) == (0, 0, 2, 0)
    text = "Code,Description,Base Currency\n01,First of all,\n"
    assert counted(desk.load(text, "financial-companies")) == (0, 1, 0, 0)


def test_a_financial_company_takes_its_own_company_and_job_by_name_and_code(desk, firm):
    fin_co = db.session.get_one(FinCo, firm.fin_co_id)
    centre = ProfitCentre(
        code="CIV", description="Civil", fin_co=fin_co, location=fin_co.default_location
    )
    other = Company(fin_co=fin_co, name="Pattern", ap_account="P1")
    db.session.add_all([other, Job(code="RET", description="Retentions", profit_centre=centre)])
    db.session.commit()
    text = "Code,Template Company,Retention Job\n01,Pattern,RET\n"
    assert counted(desk.load(text, "financial-companies")) == (0, 1, 0, 0)
    assert counted(desk.load(text, "financial-companies")) == (0, 0, 1, 0)
    db.session.rollback()
    assert db.session.get_one(FinCo, firm.fin_co_id).template_company.name == "Pattern"


def test_R102_jobs_are_put_into_their_groups_and_taken_out_again(desk, firm):
    fin_co = db.session.get_one(FinCo, firm.fin_co_id)
    db.session.add_all(
        [
            ProfitCentre(
                code="CIV", description="Civil", fin_co=fin_co, location=fin_co.default_location
            ),
            JobGroup(category="Export", description="North"),
            JobGroup(category="Export", description="South"),
        ]
    )
    db.session.commit()
    header = "Profit Centre,Job Code,Description,Groups\n"

    def groups() -> dict[str, list[str]]:
        db.session.rollback()
        return {job.code: [one.description for one in job.groups] for job in db.session.query(Job)}

    text = f"{header}CIV,J1,Road,Export: South; export: north\nCIV,J2,Bridge,\n"
    assert counted(desk.load(text, "jobs")) == (2, 0, 0, 0)
    assert groups() == {"J1": ["North", "South"], "J2": []}
    assert counted(desk.load(text, "jobs")) == (0, 0, 2, 0)
    changed = f"{header}CIV,J1,Road,Export: South\nCIV,J2,Bridge,Export: North\n"
    assert counted(desk.load(changed, "jobs")) == (0, 2, 0, 0)
    assert groups() == {"J1": ["South"], "J2": ["North"]}
    without = "Profit Centre,Job Code,Description\nCIV,J1,Motorway\n"
    assert counted(desk.load(without, "jobs")) == (0, 1, 0, 0)
    assert groups()["J1"] == ["South"]
    event = db.session.scalars(
        sa.select(AuditEvent).where(AuditEvent.action == "change set-up").order_by(AuditEvent.id)
    ).first()
    assert event.detail["groups"] == ["Export: North; Export: South", "Export: South"]
    run = desk.load(f"{header}CIV,J1,Road,Export: West\n", "jobs")
    assert run.state is LoadState.REFUSED
    assert reasons() == ["Job Groups: there is no Job Group Export: West"]


@pytest.fixture
def centres(firm):
    """Two Profit Centres of the FinCo, of which one has a job J1 already."""
    fin_co = db.session.get_one(FinCo, firm.fin_co_id)
    civil, roads = (
        ProfitCentre(code=code, description=code, fin_co=fin_co, location=fin_co.default_location)
        for code in ("CIV", "RDS")
    )
    db.session.add_all([civil, roads, Job(code="J1", description="Bridge", profit_centre=civil)])
    db.session.commit()


PARENTS = "Profit Centre,Job Code,Description,Parent Job\n"


def parents() -> dict[str, str | None]:
    db.session.rollback()
    jobs = {job.id: job for job in db.session.query(Job)}
    told = {key: f"{job.code} · {job.profit_centre.code}" for key, job in sorted(jobs.items())}
    return {told[key]: told.get(job.parent_id) for key, job in jobs.items()}


@pytest.mark.usefixtures("centres")
def test_sub_jobs_are_tied_to_jobs_that_are_there_or_stand_above_them(desk):
    rows = "CIV,J1-1,Piers,J1\nCIV,J1-1-1,North pier,J1-1\nRDS,J1,Ramp,J1-1-1 · CIV\n"
    assert counted(desk.load(PARENTS + rows, "jobs")) == (3, 0, 0, 0)
    tied = {
        "J1 · CIV": None, "J1-1 · CIV": "J1 · CIV", "J1-1-1 · CIV": "J1-1 · CIV",
        "J1 · RDS": "J1-1-1 · CIV",
    }  # fmt: skip
    assert parents() == tied
    again = rows.replace("Piers,J1\n", "Piers,J1 · CIV\n")
    assert counted(desk.load(PARENTS + again, "jobs")) == (0, 0, 3, 0)
    emptied = f"{PARENTS}CIV,J1-1,Piers,\nCIV,J2,New,J1-1\n"
    assert counted(desk.load(emptied, "jobs")) == (1, 1, 0, 0)
    assert parents() == {**tied, "J1-1 · CIV": None, "J2 · CIV": "J1-1 · CIV"}
    moved = f"{PARENTS}CIV,J3,Newer,\nCIV,J1-1,Piers,J3\n"
    assert counted(desk.load(moved, "jobs")) == (1, 1, 0, 0)
    assert parents()["J1-1 · CIV"] == "J3 · CIV"
    changes = db.session.scalars(
        sa.select(AuditEvent).where(AuditEvent.action == "change set-up").order_by(AuditEvent.id)
    )
    assert [one.detail["parent"] for one in changes] == [["J1", ""], ["", "J3"]]
    without = "Profit Centre,Job Code,Description\nCIV,J1-1,Foundations\n"
    assert counted(desk.load(without, "jobs")) == (0, 1, 0, 0)
    assert parents()["J1-1 · CIV"] == "J3 · CIV"


@pytest.mark.usefixtures("centres")
@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ("CIV,A,A,B\nCIV,B,B,\n", "there is no job B in this FinCo, and no row above makes it"),
        ("CIV,A,A,A\n", "there is no job A in this FinCo, and no row above makes it"),
        (
            "RDS,J1,J1,\nCIV,A,A,J1\n",
            "several Profit Centres have a job J1. Write one of: J1 · CIV; J1 · RDS",
        ),
        ("CIV,J1,J1,J1\n", "J1 is this job or one of its own sub-jobs"),
        ("CIV,A,A,J1\nCIV,B,B,A\nCIV,J1,J1,B\n", "B is this job or one of its own sub-jobs"),
        ("CIV,B,,\nCIV,A,A,B\n", "there is no job B in this FinCo, and no row above makes it"),
    ],
)
def test_a_parent_that_cannot_be_is_told_at_its_row(desk, rows, reason):
    run = desk.load(PARENTS + rows, "jobs")
    assert run.state is LoadState.REFUSED
    assert f"Parent Job: {reason}" in reasons()
    assert parents() == {"J1 · CIV": None}


def test_codes_that_differ_by_capitals_alone_are_one(desk):
    header = "Activity Code,Description,Code Type\n"
    assert counted(desk.load(f"{header}CONC,Concrete,Purchase\n", "activities"))[0] == 1
    run = desk.load(
        f"{header}conc,Other,Purchase\nSand,S,Purchase\nSAND,S,Purchase\n", "activities"
    )
    assert run.state is LoadState.REFUSED
    assert "Activity Code: there is CONC already, and capitals make no other code" in reasons()
    assert "it is the same Activity as row 3" in reasons()
    assert db.session.scalars(sa.select(Activity.code)).all() == ["CONC"]


PERIODS = "Year,Period,Start Date,End Date\n"


def test_periods_join_those_that_are_there_in_any_order(desk):
    text = PERIODS + (
        "2027,10,2027-01-01,2027-01-31\n2027,9,2026-12-01,2026-12-31\n"
        "2027,7,2026-10-01,2026-10-31\n2027,8,2026-11-01,2026-11-30\n"
    )
    assert counted(desk.load(text, "periods")) == (3, 0, 1, 0)
    assert counted(desk.load(text, "periods")) == (0, 0, 4, 0)


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("2027,10,2027-01-01,2027-01-31", "Start Date: periods join without a gap, and it does"),
        ("2027,9,2026-11-30,2026-12-31", "its days are also those of period 8 of 2027"),
        ("2027,6,2026-12-01,2026-12-31", "put it on different sides of period 8 of 2027"),
        ("2029,9,2026-12-01,2026-12-31", "does not end on 31 Dec 2026"),
        ("2027,14,2026-12-01,2026-12-31", "periods are numbered from 1 to 13"),
        ("2027,9,2026-12-31,2026-12-01", "it ends before it starts"),
        ("2027,8,2026-11-02,2026-11-30", "is there already, and its days stay"),
    ],
)
def test_a_period_that_would_leave_a_gap_or_move_is_refused(desk, row, told):
    assert desk.load(f"{PERIODS}{row}\n", "periods").state is LoadState.REFUSED
    assert any(told in reason for reason in reasons()), reasons()


def test_good_periods_go_in_as_far_as_they_join(desk):
    text = PERIODS + "2027,9,2026-12-01,2026-12-31\n2027,11,2027-02-01,2027-02-28\n"
    assert counted(desk.load(text, "periods", GOOD)) == (1, 0, 0, 1)


def test_the_first_periods_of_all_have_a_current_one(desk):
    db.session.execute(sa.delete(Period))
    db.session.commit()
    text = PERIODS + "2027,7,2026-10-01,2026-10-31\n2027,8,2026-11-01,2026-11-30\n"
    assert counted(desk.load(text, "periods"))[0] == 2
    db.session.rollback()
    current = db.session.scalars(sa.select(Period).where(Period.is_current)).one()
    assert current.number == 8
