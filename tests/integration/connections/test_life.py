"""What becomes of connections over time: dropped, reset, expired, unused."""

import datetime as dt

import pytest
import sqlalchemy as sa

from webapp.db import db
from webapp.models import PendingConnection, XeroConnection, XeroToken
from webapp.models.xero import ConnectionState
from webapp.services import connections
from webapp.services.failures import explain
from webapp.xero import connect as xero_connect
from webapp.xero.errors import Call, PermissionMissing, ReconnectNeeded

PRIYA = "b7c9e0aa-1d25-4f0c-8f7e-2b6f3ad0c902"
HARBOUR = "Harbour Civil Ltd"
NOW = dt.datetime(2026, 11, 20, 9, 30, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


def present() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def states() -> dict[str, ConnectionState]:
    db.session.commit()
    rows = db.session.execute(sa.select(XeroConnection.organisation_name, XeroConnection.state))
    found = dict(rows.all())
    db.session.commit()
    return found


def age(days: int) -> None:
    """Let nobody have used the sign-ins for so long, as their rows tell it."""
    past = present() - days * DAY
    db.session.execute(sa.update(XeroToken).values(refreshed_at=past, expires_at=past))
    db.session.commit()


def test_C1_5_a_disconnect_inside_xero_is_noticed_by_the_daily_check(connect, house, sandbox, deps):
    connection = connect().id
    connect(house.other_fin_co_id, organisation=1)
    sandbox.control("POST", "disconnect", {"tenant_id": sandbox.tenant()})
    sandbox.control("DELETE", "requests")

    broken = connections.check_connections(deps.xero, NOW)

    assert broken == (connection,)
    found = connections.current_connection(house.fin_co_id)
    assert found.state is ConnectionState.RECONNECT_NEEDED
    assert "disconnected inside Xero" in found.state_reason
    assert HARBOUR in found.state_reason
    other = connections.current_connection(house.other_fin_co_id)
    assert (other.state, other.checked_at) == (ConnectionState.CONNECTED, NOW)
    assert [call["path"] for call in sandbox.identity_calls()] == ["/connections"]
    asked = [(call["tenant_id"], call["path"].rpartition("/")[2]) for call in sandbox.calls()]
    assert asked == [(sandbox.tenant(1), "Organisation")], "one call of the day, where it answers"


def test_C1_5_what_is_broken_already_is_not_told_again(connect, sandbox, deps):
    connect()
    sandbox.control("POST", "disconnect", {"tenant_id": sandbox.tenant()})
    connections.check_connections(deps.xero, NOW)

    assert connections.check_connections(deps.xero, NOW) == ()


def test_C1_5_a_dead_sign_in_is_noticed_by_the_check(connect, house, sandbox, deps):
    connection = connect().id
    age(days=20)
    sandbox.fault("refuse_refresh")

    assert connections.check_connections(deps.xero, NOW) == (connection,)
    assert "no longer accepts" in connections.current_connection(house.fin_co_id).state_reason


def test_one_sign_in_that_fails_does_not_keep_others_from_being_checked(
    connect, house, sandbox, deps
):
    connect()
    second = connect(house.other_fin_co_id, organisation=1, user=PRIYA).id
    db.session.execute(
        sa.update(XeroToken)
        .where(XeroToken.xero_user_id != PRIYA)
        .values(refresh_token="unreadable", access_token="unreadable")
    )
    db.session.commit()
    sandbox.control("POST", "disconnect", {"tenant_id": sandbox.tenant(1)})

    assert connections.check_connections(deps.xero, NOW) == (second,)


def test_a_reset_organisation_is_another_one_though_it_has_the_same_name(
    connect, receive, confirm, house, sandbox, deps
):
    before = connect()
    row, tenant = before.id, before.tenant_id
    sandbox.control("PATCH", f"organisations/{tenant}", {"reset": True})
    assert connections.check_connections(deps.xero, NOW) == (row,)

    receive()
    with pytest.raises(connections.NameNotTyped):
        confirm()
    after = confirm(typed_name=HARBOUR)

    assert after.id != row
    assert after.tenant_id == sandbox.tenant() != tenant
    assert connections.test_connection(deps.xero, fin_co_id=house.fin_co_id, now=NOW).ok


def test_C4_2_a_call_without_its_permission_is_made_once_and_asks_for_it(
    receive, confirm, house, sandbox, deps
):
    receive(without="accounting.invoices")
    connection = confirm()
    assert [one.scope for one in connections.granted_features(connection).missing] == [
        "accounting.invoices"
    ]
    client, connection_id = deps.xero.client(connection), connection.id
    db.session.commit()
    sandbox.control("DELETE", "requests")

    with pytest.raises(PermissionMissing) as lacking:
        client.invoices_by_number(["A1"])
    connections.note_failure(connection_id, lacking.value, NOW)

    assert [call["status"] for call in sandbox.calls()] == [401]
    assert sandbox.identity_calls() == []
    told = connections.current_connection(house.fin_co_id)
    assert (told.state, told.state_reason) == (ConnectionState.CONNECTED, None)
    reason = explain(lacking.value, HARBOUR)
    assert "exporting AP and sales invoices and credits" in reason.message
    assert "press Ask for permission" in reason.way_out
    assert connections.test_connection(deps.xero, fin_co_id=house.fin_co_id, now=NOW).ok


@pytest.mark.parametrize(
    ("path", "state"),
    [
        ("Organisation", ConnectionState.RECONNECT_NEEDED),
        ("Contacts", ConnectionState.RECONNECT_NEEDED),
        ("Something/unheard-of", ConnectionState.RECONNECT_NEEDED),
        ("Payments", ConnectionState.CONNECTED),
        ("ManualJournals", ConnectionState.CONNECTED),
        ("Contacts/1/Attachments/a.pdf", ConnectionState.CONNECTED),
    ],
)
def test_C4_2_only_a_permission_that_everything_needs_asks_to_connect_again(
    connect, house, deps, path, state
):
    connection_id = connect().id
    refused = PermissionMissing("withheld", detail="", call=Call("GET", path, 401))

    connections.note_failure(connection_id, refused, NOW)

    assert states() == {HARBOUR: state}


def test_C1_8_an_organisation_whose_trial_ended_is_noticed_by_the_daily_check(
    connect, house, sandbox, deps
):
    ended = connect().id
    connect(house.other_fin_co_id, organisation=1)
    tenant = sandbox.tenant()
    sandbox.control("PATCH", f"organisations/{tenant}", {"expire_trial": True})

    assert connections.check_connections(deps.xero, NOW) == (ended,)

    told = connections.current_connection(house.fin_co_id)
    assert told.state is ConnectionState.RECONNECT_NEEDED
    assert told.state_reason == (
        f"{HARBOUR} is connected and lets nobody in. If its trial or plan ended, choose a plan "
        "for it in Xero, then press Test; if nobody uses it any more, press Disconnect."
    )
    sandbox.control("PATCH", f"organisations/{tenant}", {"expire_trial": False})
    assert connections.test_connection(deps.xero, fin_co_id=house.fin_co_id, now=NOW).ok
    assert set(states().values()) == {ConnectionState.CONNECTED}


def test_an_organisation_that_does_not_answer_the_daily_check_stays_as_it_was(
    connect, house, sandbox, deps
):
    connect()
    sandbox.fault("429_day", seconds=3600, path="/Organisation")

    assert connections.check_connections(deps.xero, NOW) == ()
    assert states() == {HARBOUR: ConnectionState.CONNECTED}


def test_the_daily_check_keeps_what_the_organisation_says_of_itself(connect, house, sandbox, deps):
    connect()
    tenant = sandbox.tenant()
    sandbox.control("PATCH", f"organisations/{tenant}", {"name": "Harbour Civil 2 Ltd"})

    connections.check_connections(deps.xero, NOW)

    found = connections.current_connection(house.fin_co_id)
    assert found.organisation_name == "Harbour Civil 2 Ltd"


def test_C1_8_an_organisation_whose_trial_ended_is_noticed_and_disconnected_at_xero(
    connect, house, sandbox, deps
):
    connection_id = connect().connection_id
    sandbox.control("PATCH", f"organisations/{sandbox.tenant()}", {"expire_trial": True})

    result = connections.test_connection(deps.xero, fin_co_id=house.fin_co_id, now=NOW)

    assert not result.ok
    assert "trial ended" in result.message
    assert "Connect to Xero" in result.way_out
    assert states() == {HARBOUR: ConnectionState.RECONNECT_NEEDED}
    sandbox.control("DELETE", "requests")
    connections.disconnect(deps.xero, fin_co_id=house.fin_co_id, now=NOW)
    deleted = [(one["path"], one["status"]) for one in sandbox.identity_calls("DELETE")]
    assert deleted == [(f"/connections/{connection_id}", 204)]


def test_C1_4_disconnect_deletes_by_the_connection_id_and_revokes_the_last_sign_in(
    connect, house, sandbox, deps
):
    first = connect().connection_id
    second = connect(house.other_fin_co_id, organisation=1).connection_id
    sandbox.control("DELETE", "requests")

    connections.disconnect(deps.xero, fin_co_id=house.fin_co_id, now=NOW)
    assert [call["path"] for call in sandbox.identity_calls()] == [f"/connections/{first}"]

    connections.disconnect(deps.xero, fin_co_id=house.other_fin_co_id, now=NOW)
    assert [call["path"] for call in sandbox.identity_calls()][1:] == [
        f"/connections/{second}",
        "/connect/revocation",
    ]
    assert db.session.scalars(sa.select(XeroToken)).all() == []


def test_C1_4_a_connection_that_is_gone_at_xero_already_is_given_up_here(
    connect, house, sandbox, deps
):
    connect()
    sandbox.control("POST", "disconnect", {"tenant_id": sandbox.tenant()})
    sandbox.control("DELETE", "requests")

    connections.disconnect(deps.xero, fin_co_id=house.fin_co_id, now=NOW)

    assert [call["status"] for call in sandbox.identity_calls("DELETE")] == [404]
    assert connections.current_connection(house.fin_co_id) is None


def test_C1_4_an_organisation_that_a_waiting_consent_uses_stays_connected_at_xero(
    connect, receive, confirm, house, sandbox, deps
):
    connect()
    receive(house.other_fin_co_id)

    connections.disconnect(deps.xero, fin_co_id=house.fin_co_id, now=NOW)

    confirm(house.other_fin_co_id)
    assert connections.test_connection(deps.xero, fin_co_id=house.other_fin_co_id, now=NOW).ok


def test_a_new_consent_mends_every_fin_co_that_uses_the_sign_in(connect, house, sandbox, deps):
    connect()
    connect(house.other_fin_co_id, organisation=1)
    age(days=20)
    sandbox.fault("refuse_refresh")
    assert len(connections.check_connections(deps.xero, NOW)) == 2
    sandbox.no_faults()

    connect()

    assert set(states().values()) == {ConnectionState.CONNECTED}
    assert connections.test_connection(deps.xero, fin_co_id=house.other_fin_co_id, now=NOW).ok


def test_connecting_again_mends_the_other_fin_co_of_the_same_organisation(
    connect, house, sandbox, deps
):
    connect()
    connect(house.other_fin_co_id)
    sandbox.control("POST", "disconnect", {"tenant_id": sandbox.tenant()})
    assert len(connections.check_connections(deps.xero, NOW)) == 2

    again = connect().connection_id

    other = connections.current_connection(house.other_fin_co_id)
    assert (other.state, other.connection_id) == (ConnectionState.CONNECTED, again)
    assert other.state_reason is None
    assert connections.test_connection(deps.xero, fin_co_id=house.other_fin_co_id, now=NOW).ok


def test_C14_1_a_sign_in_nobody_used_for_thirty_days_is_refreshed_and_outlives_sixty(
    connect, house, sandbox, deps
):
    connection = connect()
    store = deps.xero.token_store(connection)
    sandbox.control("POST", "clock", {"advance_seconds": 31 * 24 * 3600})
    age(days=31)

    assert connections.keep_tokens_alive(deps.xero, present()) == 1

    sandbox.control("POST", "clock", {"advance_seconds": 31 * 24 * 3600})
    age(days=31)
    xero = deps.xero
    assert xero_connect.renewed_tokens(xero.endpoints, xero.credentials, store).access_token


def test_without_upkeep_a_sign_in_dies_after_sixty_days(connect, house, sandbox, deps):
    store = deps.xero.token_store(connect())
    sandbox.control("POST", "clock", {"advance_seconds": 61 * 24 * 3600})
    age(days=61)

    with pytest.raises(ReconnectNeeded):
        xero_connect.renewed_tokens(deps.xero.endpoints, deps.xero.credentials, store)

    assert connections.current_connection(house.fin_co_id).state is ConnectionState.RECONNECT_NEEDED


def test_a_sign_in_in_use_is_not_refreshed_for_nothing(connect, sandbox, deps):
    connect()
    age(days=29)
    sandbox.control("DELETE", "requests")

    assert connections.keep_tokens_alive(deps.xero, present()) == 0
    assert sandbox.identity_calls() == []


def test_a_sign_in_that_cannot_be_kept_alive_does_not_stop_the_others(
    connect, house, sandbox, deps
):
    connect()
    connect(house.other_fin_co_id, organisation=1, user=PRIYA)
    age(days=31)
    sandbox.fault("refuse_refresh", times=1)

    assert connections.keep_tokens_alive(deps.xero, present()) == 1
    assert sorted(states().values()) == [
        ConnectionState.CONNECTED,
        ConnectionState.RECONNECT_NEEDED,
    ]


def test_a_warning_shows_in_the_last_ten_days(connect):
    connection = connect()
    used = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
    db.session.execute(sa.update(XeroToken).values(refreshed_at=used))
    db.session.commit()

    assert connections.lapses_on(connection.token) == used + 60 * DAY
    assert connections.lapse_warning(connection, used + 49 * DAY) is None
    warning = connections.lapse_warning(connection, used + 50 * DAY)
    assert "31 Dec 2026" in warning
    assert "Press Test" in warning


def test_a_consent_that_nobody_confirmed_for_a_day_is_given_up(receive, house, sandbox, deps):
    receive()

    connections.check_connections(deps.xero, NOW + 23 * dt.timedelta(hours=1))
    assert connections.pending_for(house.fin_co_id) is not None
    connections.check_connections(deps.xero, NOW + 25 * dt.timedelta(hours=1))

    assert db.session.scalars(sa.select(PendingConnection)).all() == []
    assert sandbox.connected() == []
