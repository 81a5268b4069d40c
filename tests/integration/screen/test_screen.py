"""The Xero Integration screen from consent to disconnect, with everything real behind it."""

import csv
import io

import sqlalchemy as sa

from webapp.db import db, transaction, utc_now
from webapp.domain.runs import RunOrigin
from webapp.models import (
    Activity,
    AuditEvent,
    ImportRun,
    ProfitCentre,
    XeroSettings,
    XeroTrackingCategory,
)
from webapp.models.fin_cos import Location
from webapp.services.audit import COMMAND_LINE
from webapp.services.connections import current_connection
from webapp.services.imports import start_import


def words(element) -> str:
    return " ".join(element.text.split())


def actions() -> list[tuple[str, dict]]:
    db.session.rollback()
    events = db.session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id))
    return [(event.action, event.detail) for event in events]


def name_of(sandbox, position: int) -> str:
    return sandbox.organisation(position)["name"]


def activity(house, account: str, *, code: str = "LEASE") -> None:
    location = db.session.scalars(sa.select(Location)).first()
    db.session.add_all(
        [
            ProfitCentre(
                code="CIV", description="Civil", fin_co_id=house.fin_co_id, location=location
            ),
            Activity(code=code, description="=Vehicle leases", dr_gl_account=account),
        ]
    )
    db.session.commit()


def test_C1_1_C1_7_a_consent_connects_once_it_is_confirmed(alice, sandbox, house):
    name = name_of(sandbox, 0)
    asked = alice.choose()
    assert name in words(asked.select_one("#confirm"))
    assert current_connection(house.fin_co_id) is None
    db.session.rollback()
    page = alice.open(alice.confirm(asked).location)
    assert f"FinCo 01 is connected to {name}." in words(page.select_one("#result"))
    assert name in words(page.select_one("#facts"))
    assert not page.select("#confirm")
    assert actions() == [
        ("connect", {"organisation_chosen": name}),
        ("confirm", {"organisation": [None, name]}),
    ]


def test_a_consent_that_is_cancelled_leaves_nothing_in_xero(alice, sandbox, house):
    alice.choose()
    page = alice.open(alice.press("cancel").location)
    assert "was not connected to FinCo 01" in words(page.select_one("#result"))
    assert sandbox.connected() == []
    assert [action for action, _ in actions()] == ["connect", "cancel"]


def test_C1_6_another_organisation_takes_the_place_once_its_name_is_typed(alice, sandbox, house):
    old, new = name_of(sandbox, 0), name_of(sandbox, 1)
    alice.connect(0)
    asked = alice.choose(1)
    assert old in words(asked.select_one("#confirm"))
    assert new in words(asked.select_one("#confirm"))
    refused = alice.confirm(asked, organisation=old)
    assert refused.status_code == 422
    page = alice.open(alice.confirm(asked, organisation=new).location)
    assert new in words(page.select_one("#facts"))
    assert [name for name, _ in sandbox.connected()] == [new]
    assert actions()[-1] == ("confirm", {"organisation": [old, new]})


def test_R20_a_test_tells_the_organisation_and_changes_none_of_its_data(alice, sandbox, house):
    alice.connect()
    sandbox.control("DELETE", "requests")
    answer = alice.press("test", htmx=True)
    assert name_of(sandbox, 0) in answer.text
    for label in ("Country", "Base currency", "Locked to", "Answered in", "Calls left today"):
        assert label in answer.text
    assert answer.headers["HX-Trigger"] == "changed"
    assert {call["method"] for call in sandbox.calls()} == {"GET"}
    assert actions()[-1][0] == "test"
    db.session.rollback()
    known = db.session.scalars(sa.select(XeroTrackingCategory.name)).all()
    offered = [option["value"] for option in alice.open().select("#tracking_category_1 option")]
    assert set(offered) == {"", *known}


def test_R8_categories_are_offered_as_soon_as_the_organisation_is_connected(alice):
    alice.connect()
    offered = alice.open().select("select#tracking_category_1 option")
    assert "Department" in [option["value"] for option in offered]


def test_R20_a_test_that_fails_says_so_and_what_to_do(alice, sandbox, house):
    alice.connect()
    sandbox.fault("503_offline", times=9)
    answer = alice.press("test", htmx=True)
    assert "notice-danger" in answer.text
    assert "Try again in a few minutes." in answer.text
    assert actions()[-1][1]["answered"] is False


def test_R22_R23_accounts_that_do_not_fit_are_listed_with_where_they_are_used(alice, house):
    activity(house, "99999")
    alice.connect()
    for htmx in (True, False):
        answer = alice.press("validate-accounts", htmx=htmx)
        assert answer.status_code == 200
        assert ("<html" in answer.text) is not htmx
        for told in ("99999", "Missing", "LEASE", "DR GL Account", "Add account 99999 in Xero"):
            assert told in answer.text
    detail = {"accounts": 1, "with_problems": 1}
    assert actions()[-1] == ("validate", detail)
    assert "1 account does not fit." in words(alice.open().select_one("#getting-started"))


def test_R24_that_all_accounts_were_found_is_said_plainly(alice, sandbox, house):
    activity(house, "400")
    sandbox.seed(Accounts=[{"Code": "400", "Name": "Advertising", "Type": "EXPENSE"}])
    alice.connect()
    answer = alice.press("validate-accounts", htmx=True)
    assert "All accounts were found" in answer.text
    assert "Download as CSV" not in answer.text
    db.session.rollback()
    assert db.session.get_one(XeroSettings, house.fin_co_id).accounts_with_problems == 0


def test_the_list_of_accounts_is_given_as_a_file(alice, house):
    activity(house, "99999")
    alice.connect()
    answer = alice.press("accounts.csv")
    assert answer.mimetype == "text/csv"
    assert "attachment" in answer.headers["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert rows[0][0] == "Account"
    assert rows[1][:3] == ["99999", "", "missing"]
    assert not any(cell.startswith("=") for row in rows for cell in row)


def test_C1_5_a_disconnect_inside_xero_shows_with_its_way_out(alice, sandbox, house):
    alice.connect()
    sandbox.control("POST", "disconnect", {"tenant_id": sandbox.tenant(0)})
    assert "notice-danger" in alice.press("test", htmx=True).text
    banner = alice.open().select_one("#broken")
    assert words(banner.select_one("button")) == "Reconnect to Xero"
    again = alice.open(alice.confirm(alice.choose()).location)
    assert not again.select("#broken")


def test_R27_R28_disconnecting_keeps_the_settings_and_is_in_the_log(alice, sandbox, house):
    name = name_of(sandbox, 0)
    alice.connect()
    alice.press("save", tracking_category_1="Division", tracking_source_2="Job Code")
    page = alice.open(alice.press("disconnect").location)
    assert sandbox.connected() == []
    assert "Disconnect" not in [words(button) for button in page.select(".buttons button")]
    assert page.select_one("#tracking_category_1")["value"] == "Division"
    assert actions()[-1] == ("disconnect", {"organisation": [name, None]})


def test_R3_two_fin_cos_keep_their_organisations_apart(alice, sandbox, house):
    alice.connect(0, "01")
    alice.connect(1, "02")
    for code, mine, foreign in (("01", 0, 1), ("02", 1, 0)):
        page = words(alice.open(f"/administration/data-transfer/xero-integration?fin_co={code}"))
        assert name_of(sandbox, mine) in page
        assert name_of(sandbox, foreign) not in page


def test_C14_2_an_import_is_logged_where_somebody_asked_for_it(alice, house):
    alice.connect()
    now = utc_now()

    def started(origin: RunOrigin, source: str | None) -> int:
        run_id = start_import(
            fin_co_id=house.fin_co_id,
            user_id=None,
            now=now,
            after_commit=lambda _run_id: None,
            origin=origin,
            source=source,
        )
        with transaction():
            db.session.get_one(ImportRun, run_id).finished_at = now
        return run_id

    started(RunOrigin.SCHEDULE, None)
    asked = started(RunOrigin.COMMAND, COMMAND_LINE)
    assert [event for event in actions() if event[0] == "import"] == [("import", {"run": asked})]
    assert "a command" in words(alice.open().select_one(f"#import-{asked}"))
