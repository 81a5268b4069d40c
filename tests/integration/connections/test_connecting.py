import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
import sqlalchemy as sa

from webapp.db import db
from webapp.models import XeroConnection, XeroSettings, XeroToken
from webapp.models.xero import ConnectionState
from webapp.services import connections
from webapp.services.errors import NotAllowedNow, NotConnected

MORGAN = "6d2f0c1e-4a53-4a1b-9d0e-0f6f5f1f8a01"
PRIYA = "b7c9e0aa-1d25-4f0c-8f7e-2b6f3ad0c902"
NOW = dt.datetime(2026, 11, 20, 9, 30, tzinfo=dt.UTC)


def count(model) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model))


def test_R16_the_consent_page_brings_the_state_back(sandbox, deps):
    address = connections.authorization_address(deps.xero, "one-time-state")

    back = sandbox.consent(address)

    assert back["state"] == "one-time-state"
    assert "offline_access" in back["scope"]


def test_R17_a_consent_connects_the_fin_co_and_keeps_whom_it_is_connected_to(
    connect, house, sandbox
):
    connection = connect()

    assert connection.fin_co_id == house.fin_co_id
    assert connection.tenant_id == sandbox.tenant()
    assert connection.state is ConnectionState.CONNECTED
    assert connection.connected_by_id == house.alice_id
    assert connection.organisation_name == "Harbour Civil Ltd"
    assert (connection.country_code, connection.base_currency_code) == ("NZ", "NZD")
    assert connection.short_code.startswith("!")
    assert connections.current_connection(house.fin_co_id).id == connection.id
    assert connections.current_connection(house.other_fin_co_id) is None


def test_R18_the_first_connect_makes_the_settings_and_the_two_contact_groups(
    connect, house, sandbox
):
    connect()

    settings = db.session.get(XeroSettings, house.fin_co_id)
    assert settings.sync_companies
    groups = sandbox.inside().groups()
    assert {"Workbench AP (Suppliers)", "Workbench AR (Customers)"} <= set(groups)


def test_R18_connecting_again_makes_no_second_group_and_no_second_row(connect, house, sandbox):
    first = connect()
    db.session.get(XeroSettings, house.fin_co_id).tracking_category_1 = "Department"
    db.session.commit()

    again = connect()

    assert again.id == first.id
    assert again.state is ConnectionState.CONNECTED
    made = sandbox.calls("PUT", "/ContactGroups")
    assert len(made) == 2
    assert (count(XeroConnection), count(XeroToken)) == (1, 1)
    assert db.session.get(XeroSettings, house.fin_co_id).tracking_category_1 == "Department"


def test_a_connection_made_again_still_works(connect, house, deps):
    connect()
    connect()

    assert connections.test_connection(deps.xero, fin_co_id=house.fin_co_id, now=NOW).ok


@pytest.mark.parametrize("code", ["not-a-code", ""])
def test_R19_a_wrong_code_leaves_the_old_connection_as_it_was(connect, house, deps, code):
    before = connect().connected_at

    with pytest.raises(connections.ConnectFailed) as refused:
        connections.complete_connect(
            deps.xero, fin_co_id=house.fin_co_id, user_id=house.alice_id, code=code, now=NOW
        )

    assert "not made" in refused.value.message
    assert "Connect to Xero again" in refused.value.way_out
    connection = connections.current_connection(house.fin_co_id)
    assert connection.connected_at == before
    assert connections.test_connection(deps.xero, fin_co_id=house.fin_co_id, now=NOW).ok


def test_C1_10_a_code_works_once(sandbox, house, deps):
    code = sandbox.consent(connections.authorization_address(deps.xero, "s"))["code"]
    asked = {"fin_co_id": house.fin_co_id, "user_id": house.alice_id, "code": code, "now": NOW}
    connections.complete_connect(deps.xero, **asked)

    with pytest.raises(connections.ConnectFailed):
        connections.complete_connect(deps.xero, **asked)


def test_R19_a_failure_on_the_way_connects_nothing_and_the_consent_can_still_be_confirmed(
    sandbox, house, deps
):
    code = sandbox.consent(connections.authorization_address(deps.xero, "s"))["code"]
    sandbox.fault("503_offline", path="/ContactGroups")

    with pytest.raises(connections.ConnectFailed):
        connections.complete_connect(
            deps.xero, fin_co_id=house.fin_co_id, user_id=None, code=code, now=NOW
        )

    assert (count(XeroConnection), count(XeroSettings)) == (0, 0)
    sandbox.no_faults()
    connections.confirm_connection(
        deps.xero, fin_co_id=house.fin_co_id, user_id=None, typed_name=None, now=NOW
    )
    assert connections.test_connection(deps.xero, fin_co_id=house.fin_co_id, now=NOW).ok


def test_a_consent_without_lasting_access_is_refused_in_plain_words(sandbox, house, deps):
    address = connections.authorization_address(deps.xero, "s").replace("offline_access", "")
    code = sandbox.consent(address)["code"]

    with pytest.raises(connections.ConnectFailed) as refused:
        connections.complete_connect(
            deps.xero, fin_co_id=house.fin_co_id, user_id=None, code=code, now=NOW
        )

    assert "30 minutes" in refused.value.message
    assert count(XeroToken) == 0


def test_C4_2_a_consent_that_lacks_a_needed_permission_is_refused_in_plain_words(
    sandbox, house, deps
):
    address = connections.authorization_address(deps.xero, "s")
    code = sandbox.consent(address.replace("accounting.contacts", ""))["code"]

    with pytest.raises(connections.ConnectFailed) as refused:
        connections.complete_connect(
            deps.xero, fin_co_id=house.fin_co_id, user_id=None, code=code, now=NOW
        )

    assert "lacks a permission" in refused.value.message
    assert "importing companies" in refused.value.message
    assert (count(XeroConnection), count(XeroToken)) == (0, 0)
    assert sandbox.connected() == []


def test_C1_6_another_organisation_takes_the_place_of_the_first_and_only_there(
    connect, house, sandbox
):
    first = connect()
    first_tenant = first.tenant_id

    second = connect(organisation=1)

    assert connections.current_connection(house.fin_co_id).id == second.id
    rows = db.session.scalars(sa.select(XeroConnection)).all()
    assert {row.tenant_id: row.state for row in rows} == {
        first_tenant: ConnectionState.DISCONNECTED,
        sandbox.tenant(1): ConnectionState.CONNECTED,
    }
    assert sandbox.connected() == [("Southern Cross Engineering Pty Ltd", second.connection_id)]


def test_C1_11_coming_back_to_the_first_organisation_finds_its_row(connect):
    first = connect().id
    connect(organisation=1)

    assert connect().id == first
    assert count(XeroConnection) == 2


def test_one_sign_in_serves_two_fin_cos_with_one_row_of_tokens(connect, house, deps):
    connect()
    connect(house.other_fin_co_id, organisation=1)

    assert count(XeroToken) == 1
    for fin_co_id in (house.fin_co_id, house.other_fin_co_id):
        assert connections.test_connection(deps.xero, fin_co_id=fin_co_id, now=NOW).ok


def test_another_sign_in_to_the_same_organisation_replaces_the_first(connect, house, deps):
    connect(user=MORGAN)

    connect(user=PRIYA)

    assert db.session.scalars(sa.select(XeroToken.xero_user_id)).all() == [PRIYA]
    assert connections.test_connection(deps.xero, fin_co_id=house.fin_co_id, now=NOW).ok


def test_disconnect_gives_up_the_connection_and_the_sign_in(connect, house, sandbox, deps):
    connect()
    assert len(sandbox.connected()) == 1

    connections.disconnect(deps.xero, fin_co_id=house.fin_co_id, now=NOW)

    assert connections.current_connection(house.fin_co_id) is None
    assert count(XeroToken) == 0
    assert sandbox.connected() == []


def test_disconnect_takes_one_organisation_and_leaves_the_sign_in_to_the_others(
    connect, house, sandbox, deps
):
    connect()
    connect(house.other_fin_co_id, organisation=1)

    connections.disconnect(deps.xero, fin_co_id=house.fin_co_id, now=NOW)

    assert [name for name, _ in sandbox.connected()] == ["Southern Cross Engineering Pty Ltd"]
    assert connections.test_connection(deps.xero, fin_co_id=house.other_fin_co_id, now=NOW).ok


def test_R28_disconnect_keeps_the_settings_and_what_was_learnt(connect, house, deps):
    tenant_id = connect().tenant_id
    connections.disconnect(deps.xero, fin_co_id=house.fin_co_id, now=NOW)

    row = db.session.scalar(sa.select(XeroConnection))
    assert (row.tenant_id, row.state) == (tenant_id, ConnectionState.DISCONNECTED)
    assert db.session.get(XeroSettings, house.fin_co_id) is not None


def test_disconnect_leaves_what_another_fin_co_uses(connect, house, sandbox, deps):
    connect()
    connect(house.other_fin_co_id)

    connections.disconnect(deps.xero, fin_co_id=house.fin_co_id, now=NOW)

    assert len(sandbox.connected()) == 1
    assert connections.test_connection(deps.xero, fin_co_id=house.other_fin_co_id, now=NOW).ok
    connections.disconnect(deps.xero, fin_co_id=house.other_fin_co_id, now=NOW)
    assert sandbox.connected() == []


def test_a_connection_cut_off_inside_xero_can_still_be_disconnected(connect, house, sandbox, deps):
    connect()
    sandbox.control("POST", "disconnect", {"tenant_id": sandbox.tenant()})

    connections.disconnect(deps.xero, fin_co_id=house.fin_co_id, now=NOW)

    assert connections.current_connection(house.fin_co_id) is None


def test_a_dead_sign_in_can_still_be_disconnected(connect, house, sandbox, deps):
    connect()
    db.session.execute(sa.update(XeroToken).values(expires_at=NOW - dt.timedelta(days=61)))
    db.session.commit()
    sandbox.fault("refuse_refresh")

    connections.disconnect(deps.xero, fin_co_id=house.fin_co_id, now=NOW)

    assert connections.current_connection(house.fin_co_id) is None
    assert count(XeroToken) == 0


def test_disconnect_says_so_when_xero_does_not_answer(connect, house, sandbox, deps):
    connect()
    nowhere = replace(deps.xero.endpoints, api_url="http://127.0.0.1:9")

    with pytest.raises(NotAllowedNow, match="still stands"):
        connections.disconnect(
            replace(deps.xero, endpoints=nowhere), fin_co_id=house.fin_co_id, now=NOW
        )

    assert len(sandbox.connected()) == 1
    assert connections.test_connection(deps.xero, fin_co_id=house.fin_co_id, now=NOW).ok


@pytest.mark.parametrize("use", [connections.test_connection, connections.disconnect])
def test_R29_without_a_connection_each_use_says_what_to_do(house, deps, use):
    with pytest.raises(NotConnected) as refused:
        use(deps.xero, fin_co_id=house.fin_co_id, now=NOW)

    assert refused.value.message == "FinCo 01 is not connected to Xero."
    assert "Xero Integration" in refused.value.way_out


def test_a_test_tells_who_answered_and_which_dates_are_locked(connect, house, sandbox, deps):
    connect()
    sandbox.control(
        "PATCH",
        f"organisations/{sandbox.tenant()}",
        {"period_lock_date": "2026-06-30", "end_of_year_lock_date": "2026-03-31"},
    )

    result = connections.test_connection(deps.xero, fin_co_id=house.fin_co_id, now=NOW)

    assert result.ok
    assert result.organisation_name == "Harbour Civil Ltd"
    assert result.period_lock_date == dt.date(2026, 6, 30)
    assert result.end_of_year_lock_date == dt.date(2026, 3, 31)
    assert result.calls_left_today is not None
    assert 0 <= result.elapsed_ms < 30_000
    assert connections.current_connection(house.fin_co_id).checked_at == NOW


def test_C1_5_a_test_notices_that_the_organisation_was_cut_off(connect, house, sandbox, deps):
    connect()
    sandbox.control("POST", "disconnect", {"tenant_id": sandbox.tenant()})

    result = connections.test_connection(deps.xero, fin_co_id=house.fin_co_id, now=NOW)

    assert not result.ok
    assert "not connected to Workbench any more" in result.message
    assert "Connect to Xero" in result.way_out
    connection = connections.current_connection(house.fin_co_id)
    assert connection.state is ConnectionState.RECONNECT_NEEDED
    assert connection.state_reason


def test_connecting_again_cures_a_connection_that_was_cut_off(connect, house, sandbox, deps):
    connect()
    sandbox.control("POST", "disconnect", {"tenant_id": sandbox.tenant()})
    connections.test_connection(deps.xero, fin_co_id=house.fin_co_id, now=NOW)

    connection = connect()

    assert (connection.state, connection.state_reason) == (ConnectionState.CONNECTED, None)


def test_two_people_who_connect_at_once_leave_one_connection_that_works(
    app, connect, house, sandbox, deps
):
    codes = [
        sandbox.consent(connections.authorization_address(deps.xero, "s"), organisation, user)[
            "code"
        ]
        for organisation, user in ((0, MORGAN), (1, PRIYA))
    ]
    together = threading.Barrier(2)

    def complete(code: str) -> str | None:
        with app.app_context():
            together.wait()
            try:
                connections.complete_connect(
                    deps.xero, fin_co_id=house.fin_co_id, user_id=None, code=code, now=NOW
                )
            except connections.ConnectFailed as overtaken:
                return overtaken.message
        return None

    with ThreadPoolExecutor(2) as pool:
        refused = [future.result() for future in [pool.submit(complete, code) for code in codes]]

    assert None in refused
    states = db.session.scalars(sa.select(XeroConnection.state)).all()
    assert states.count(ConnectionState.CONNECTED) == 1
    assert connections.pending_for(house.fin_co_id) is None
    assert connections.test_connection(deps.xero, fin_co_id=house.fin_co_id, now=NOW).ok
    assert len(sandbox.connected()) == 1
