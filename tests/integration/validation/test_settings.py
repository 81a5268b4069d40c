from dataclasses import replace

import pytest
import sqlalchemy as sa

from webapp.db import db, utc_now
from webapp.deps import Deps
from webapp.models import AuditEvent, XeroSettings, XeroTrackingCategory
from webapp.models.xero import TrackingSource
from webapp.queries.tracking import CategoryRow, category_problems, tracking_categories
from webapp.services import connections, imports
from webapp.services.integration_settings import Settings, save_settings

BOXES = (
    "sync_companies",
    "sync_job_receipts",
    "sync_payments",
    "sync_gl_accounts",
    "include_ap_attachments",
    "include_ar_attachments",
    "add_history_notes",
    "track_journals",
)
SETTINGS = Settings(
    tracking_category_1=None,
    tracking_category_2=None,
    tracking_source_2=TrackingSource.JOB_CODE,
    **dict.fromkeys(BOXES, False),
)


@pytest.fixture
def save(house):
    def saved(settings: Settings = SETTINGS, fin_co_id: int | None = None, **changed):
        return save_settings(
            fin_co_id or house.fin_co_id,
            replace(settings, **changed),
            user_id=house.alice_id,
            source="192.0.2.7",
            now=utc_now(),
        )

    return saved


@pytest.fixture
def ledger(connect, sandbox):
    connect()
    return sandbox.inside()


@pytest.fixture
def test(house, deps: Deps):
    return lambda: connections.test_connection(deps.xero, fin_co_id=house.fin_co_id, now=utc_now())


@pytest.fixture
def import_all(house, deps: Deps):
    def imported():
        run_id = imports.start_import(
            fin_co_id=house.fin_co_id,
            user_id=house.alice_id,
            now=utc_now(),
            after_commit=lambda _: None,
        )
        imports.run_import(
            deps.xero,
            deps.progress,
            run_id=run_id,
            owner="this-test",
            clock=utc_now,
            lease_seconds=20,
        )
        db.session.commit()

    return imported


def kept(fin_co_id: int) -> XeroSettings | None:
    return db.session.get(XeroSettings, fin_co_id, populate_existing=True)


def test_R8_tracking_categories_are_kept_for_each_fin_co(save, house):
    save(tracking_category_1="Department", tracking_category_2="Job")
    save(tracking_category_1="Region", fin_co_id=house.other_fin_co_id)

    mine, theirs = kept(house.fin_co_id), kept(house.other_fin_co_id)
    assert (mine.tracking_category_1, mine.tracking_category_2) == ("Department", "Job")
    assert (theirs.tracking_category_1, theirs.tracking_category_2) == ("Region", None)


def test_R8_a_category_can_be_taken_away_again(save, house):
    save(tracking_category_1="Department")
    save()
    assert kept(house.fin_co_id).tracking_category_1 is None


@pytest.mark.parametrize("box", BOXES)
def test_R10_each_box_is_kept_on_save_and_only_its_own(save, house, box):
    save()
    save(**{box: True})
    assert {name: getattr(kept(house.fin_co_id), name) for name in BOXES} == {
        name: name == box for name in BOXES
    }


def test_R10_nothing_is_kept_before_save(house):
    assert kept(house.fin_co_id) is None


def test_R103_a_category_in_another_case_is_reported_and_kept(ledger, test, save, house):
    test()

    (problem,) = save(tracking_category_1="department", tracking_category_2="Job")

    assert problem.record == "Tracking Category 1"
    assert "Department" in problem.way_out
    assert kept(house.fin_co_id).tracking_category_1 == "department"
    assert category_problems(house.fin_co_id) == (problem,)
    assert save(tracking_category_1="Department", tracking_category_2="Job") == ()


def test_R103_nothing_is_said_while_the_categories_are_not_known(save, house):
    assert tracking_categories(house.fin_co_id) is None
    assert save(tracking_category_1="department") == ()


def test_R103_what_another_organisation_has_is_no_measure(ledger, test, save, house, deps):
    test()
    connections.disconnect(deps.xero, fin_co_id=house.fin_co_id, now=utc_now())

    assert tracking_categories(house.fin_co_id) is None
    assert save(tracking_category_1="department") == ()


def archive_job(ledger) -> None:
    found = ledger.call("GET", "TrackingCategories")["TrackingCategories"]
    (job,) = [one["TrackingCategoryID"] for one in found if one["Name"] == "Job"]
    ledger.call("POST", f"TrackingCategories/{job}", {"Status": "ARCHIVED"})


def statuses(fin_co_id: int) -> dict[str, str]:
    return {one.name: one.status for one in tracking_categories(fin_co_id)}


def test_R103_each_organisation_of_a_fin_co_has_its_own_categories(ledger, connect, test, house):
    archive_job(ledger)
    test()
    assert statuses(house.fin_co_id) == {"Department": "ACTIVE", "Job": "ARCHIVED"}
    connect(organisation=1)
    assert statuses(house.fin_co_id) == {"Department": "ACTIVE", "Job": "ACTIVE"}


def test_R103_a_category_archived_in_xero_is_reported(ledger, test, save):
    archive_job(ledger)
    test()

    (problem,) = save(tracking_category_2="Job")
    assert problem.code == "tracking-category-archived"


def test_R25_an_import_brings_the_tracking_categories_without_a_kind_of_their_own(
    ledger, import_all, house, sandbox
):
    sandbox.control("DELETE", "requests")

    import_all()

    assert [one.name for one in tracking_categories(house.fin_co_id)] == ["Department", "Job"]
    assert len(sandbox.calls("GET", "/TrackingCategories")) == 1


def test_tracking_categories_follow_xero_and_keep_their_rows(ledger, test, house):
    test()
    before = dict(
        db.session.execute(
            sa.select(XeroTrackingCategory.category_id, XeroTrackingCategory.id)
        ).all()
    )
    found = ledger.call("GET", "TrackingCategories")["TrackingCategories"]
    ids = {one["Name"]: one["TrackingCategoryID"] for one in found}
    ledger.call("DELETE", f"TrackingCategories/{ids['Department']}")
    ledger.call("POST", f"TrackingCategories/{ids['Job']}", {"Name": "Site"})
    ledger.call("PUT", f"TrackingCategories/{ids['Job']}/Options", {"Name": "J1001"})

    test()

    assert tracking_categories(house.fin_co_id) == (CategoryRow("Site", "ACTIVE", ("J1001",)),)
    after = db.session.scalars(sa.select(XeroTrackingCategory.id)).all()
    assert after == [before[ids["Job"]]]


def test_R3_a_fin_co_never_sees_the_categories_of_another(ledger, connect, test, house):
    connect(house.other_fin_co_id, organisation=1)
    archive_job(ledger)
    test()
    assert statuses(house.fin_co_id)["Job"] == "ARCHIVED"
    assert statuses(house.other_fin_co_id)["Job"] == "ACTIVE"


def test_C14_2_a_save_tells_who_changed_what_and_from_where(save, house):
    save()
    save(tracking_category_1="Department", sync_payments=True)

    first, second = db.session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id)).all()
    assert (second.user_id, second.user_name) == (house.alice_id, "Alice")
    assert (second.fin_co_id, second.action, second.source) == (
        house.fin_co_id,
        "save",
        "192.0.2.7",
    )
    assert second.detail == {
        "tracking_category_1": [None, "Department"],
        "sync_payments": [False, True],
    }
    assert first.detail["tracking_source_2"] == [None, "Job Code"]


def test_C14_2_a_save_that_changes_nothing_leaves_no_event(save):
    save()
    save()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(AuditEvent)) == 1
