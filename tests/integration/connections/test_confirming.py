"""A consent waits until the person has confirmed which organisation it is for."""

import datetime as dt
from dataclasses import replace

import pytest
import sqlalchemy as sa

from webapp.db import db
from webapp.models import PendingConnection, User, XeroConnection, XeroSettings, XeroToken
from webapp.models.xero import ConnectionState
from webapp.services import connections
from webapp.services.errors import NotAllowedNow

PRIYA = "b7c9e0aa-1d25-4f0c-8f7e-2b6f3ad0c902"
HARBOUR = "Harbour Civil Ltd"
SOUTHERN = "Southern Cross Engineering Pty Ltd"
NOW = dt.datetime(2026, 11, 20, 9, 30, tzinfo=dt.UTC)


def count(model) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model))


def works(deps, fin_co_id) -> bool:
    return connections.test_connection(deps.xero, fin_co_id=fin_co_id, now=NOW).ok


def names(sandbox) -> list[str]:
    return sorted(name for name, _ in sandbox.connected())


def test_C1_7_a_consent_names_the_organisation_that_was_picked_and_waits(
    receive, connect, house, sandbox, deps
):
    connect(house.other_fin_co_id, organisation=0)

    pending = receive(organisation=1)

    assert (pending.organisation_name, pending.tenant_id) == (SOUTHERN, sandbox.tenant(1))
    assert pending.user_id == house.alice_id
    assert connections.pending_for(house.fin_co_id).id == pending.id
    assert connections.current_connection(house.fin_co_id) is None
    asked = sandbox.identity_calls("GET", "/connections")[-1]
    assert asked["query"].startswith("authEventId=")


def test_C1_7_nothing_is_read_or_made_in_an_organisation_that_is_not_confirmed(receive, sandbox):
    receive()

    assert sandbox.calls() == []


def test_C1_7_confirming_makes_the_connection(receive, confirm, house, sandbox, deps):
    receive()

    connection = confirm()

    assert (connection.organisation_name, connection.state) == (HARBOUR, ConnectionState.CONNECTED)
    assert connection.connected_by_id == house.alice_id
    assert connections.pending_for(house.fin_co_id) is None
    assert len(sandbox.calls("PUT", "/ContactGroups")) == 2
    assert works(deps, house.fin_co_id)


def test_C1_7_a_consent_leaves_the_present_connection_at_work(
    connect, receive, house, sandbox, deps
):
    connect()

    receive(organisation=1, user=PRIYA)

    assert connections.current_connection(house.fin_co_id).organisation_name == HARBOUR
    assert works(deps, house.fin_co_id)


@pytest.mark.parametrize("typed", [None, "", HARBOUR, SOUTHERN.lower()])
def test_C1_6_another_organisation_needs_its_name_typed(
    connect, receive, confirm, house, sandbox, deps, typed
):
    connect()
    receive(organisation=1)

    with pytest.raises(connections.NameNotTyped) as refused:
        confirm(typed_name=typed)

    assert HARBOUR in refused.value.message
    assert SOUTHERN in refused.value.message
    assert connections.current_connection(house.fin_co_id).organisation_name == HARBOUR
    assert connections.pending_for(house.fin_co_id) is not None
    assert works(deps, house.fin_co_id)


def test_C1_6_with_its_name_typed_another_organisation_takes_the_place(
    connect, receive, confirm, house, sandbox, deps
):
    connect()
    receive(organisation=1)

    connection = confirm(typed_name=f" {SOUTHERN} ")

    assert connections.current_connection(house.fin_co_id).id == connection.id
    assert names(sandbox) == [SOUTHERN]
    assert works(deps, house.fin_co_id)


def test_C1_6_a_second_fin_co_may_connect_the_same_or_another_organisation(
    connect, receive, confirm, house, deps
):
    connect()

    for organisation, name in ((0, HARBOUR), (1, SOUTHERN)):
        receive(house.other_fin_co_id, organisation)
        confirm(house.other_fin_co_id, typed_name=name)
        assert works(deps, house.fin_co_id)
        assert works(deps, house.other_fin_co_id)


def test_the_same_organisation_again_needs_no_name(connect, receive, confirm, house, deps):
    first = connect().id
    receive()

    assert confirm().id == first
    assert works(deps, house.fin_co_id)


def test_C1_6_after_a_disconnect_another_organisation_than_the_last_needs_its_name_typed(
    connect, receive, confirm, house, deps
):
    connect()
    connections.disconnect(deps.xero, fin_co_id=house.fin_co_id, now=NOW)
    receive(organisation=1)

    with pytest.raises(connections.NameNotTyped, match=f"{HARBOUR} was connected last"):
        confirm()

    assert confirm(typed_name=SOUTHERN).organisation_name == SOUTHERN


def test_C1_6_coming_back_to_an_earlier_organisation_replaces_the_last_one(
    connect, receive, confirm, house, deps
):
    connect()
    connect(organisation=1)
    connections.disconnect(deps.xero, fin_co_id=house.fin_co_id, now=NOW)

    receive(organisation=0)
    with pytest.raises(connections.NameNotTyped, match=f"{SOUTHERN} was connected last"):
        confirm()
    receive(organisation=1)
    assert confirm().organisation_name == SOUTHERN


def test_another_organisation_forgets_that_the_accounts_were_validated(
    connect, receive, confirm, house
):
    connect()
    settings = db.session.get(XeroSettings, house.fin_co_id)
    settings.accounts_validated_at, settings.accounts_with_problems = NOW, 0
    db.session.commit()
    receive()
    confirm()
    assert db.session.get(XeroSettings, house.fin_co_id).accounts_validated_at == NOW

    receive(organisation=1)
    confirm(typed_name=SOUTHERN)

    settings = db.session.get(XeroSettings, house.fin_co_id)
    assert (settings.accounts_validated_at, settings.accounts_with_problems) == (None, None)


def test_cancelling_gives_the_new_connection_up_and_keeps_the_old(
    connect, receive, house, sandbox, deps
):
    connect()
    pending = receive(organisation=1, user=PRIYA)
    connection_id = pending.connection_id

    connections.cancel_pending(deps.xero, fin_co_id=house.fin_co_id, now=NOW)

    assert connections.pending_for(house.fin_co_id) is None
    assert names(sandbox) == [HARBOUR]
    assert count(XeroToken) == 1
    deleted = [call["path"] for call in sandbox.identity_calls("DELETE")]
    assert deleted == [f"/connections/{connection_id}"]
    assert works(deps, house.fin_co_id)


def test_cancelling_what_another_fin_co_uses_leaves_it_at_xero(
    connect, receive, house, sandbox, deps
):
    connect(house.other_fin_co_id)
    receive()

    connections.cancel_pending(deps.xero, fin_co_id=house.fin_co_id, now=NOW)

    assert names(sandbox) == [HARBOUR]
    assert works(deps, house.other_fin_co_id)


def test_cancelling_the_same_organisation_again_leaves_it_connected(
    connect, receive, house, sandbox, deps
):
    connect()
    receive()

    connections.cancel_pending(deps.xero, fin_co_id=house.fin_co_id, now=NOW)

    assert works(deps, house.fin_co_id)


def test_cancelling_the_only_consent_gives_up_the_sign_in(receive, house, sandbox, deps):
    receive()

    connections.cancel_pending(deps.xero, fin_co_id=house.fin_co_id, now=NOW)
    connections.cancel_pending(deps.xero, fin_co_id=house.fin_co_id, now=NOW)

    assert (count(PendingConnection), count(XeroToken)) == (0, 0)
    assert sandbox.connected() == []
    assert len(sandbox.identity_calls("POST", "/connect/revocation")) == 1


def test_a_cancel_that_xero_does_not_answer_can_be_tried_again(receive, house, sandbox, deps):
    receive()
    nowhere = replace(deps.xero.endpoints, api_url="http://127.0.0.1:9")

    with pytest.raises(NotAllowedNow):
        connections.cancel_pending(
            replace(deps.xero, endpoints=nowhere), fin_co_id=house.fin_co_id, now=NOW
        )

    connections.cancel_pending(deps.xero, fin_co_id=house.fin_co_id, now=NOW)
    assert sandbox.connected() == []


def test_a_second_consent_takes_the_place_of_one_that_waits(receive, confirm, house, sandbox, deps):
    receive(organisation=0)

    receive(organisation=1)

    assert connections.pending_for(house.fin_co_id).organisation_name == SOUTHERN
    assert names(sandbox) == [SOUTHERN]
    confirm()
    assert works(deps, house.fin_co_id)


def test_a_second_consent_to_the_same_organisation_keeps_it_connected(
    receive, confirm, house, deps
):
    receive()
    receive()

    confirm()

    assert works(deps, house.fin_co_id)


def test_what_was_not_shown_is_not_confirmed(receive, confirm, house, sandbox):
    shown = receive(organisation=0).tenant_id
    receive(organisation=1)

    with pytest.raises(connections.ConnectFailed, match=SOUTHERN):
        confirm(tenant_id=shown)

    assert connections.current_connection(house.fin_co_id) is None
    assert confirm(tenant_id=sandbox.tenant(1)).organisation_name == SOUTHERN


def test_only_the_person_who_consented_confirms(receive, confirm, house):
    bob = User(name="Bob", password_hash="none", role="Administrator", session_key="b", fin_cos=[])
    db.session.add(bob)
    db.session.commit()
    receive()

    with pytest.raises(connections.ConnectFailed, match="meanwhile"):
        confirm(user_id=bob.id)

    assert connections.pending_for(house.fin_co_id) is not None


def test_there_is_nothing_to_confirm_twice(receive, confirm):
    receive()
    confirm()

    with pytest.raises(connections.ConnectFailed, match="no consent to confirm"):
        confirm()


def test_R19_a_declined_change_leaves_old_settings_and_old_rows(connect, receive, house, deps):
    connect()
    before = count(XeroConnection)
    receive(organisation=1)

    connections.cancel_pending(deps.xero, fin_co_id=house.fin_co_id, now=NOW)

    assert count(XeroConnection) == before
    assert db.session.get(XeroSettings, house.fin_co_id) is not None


def test_C4_2_a_connection_tells_which_features_lack_a_permission(receive, confirm):
    receive(without="accounting.attachments")

    features = connections.granted_features(confirm())

    assert [one.scope for one in features.missing] == ["accounting.attachments"]
    assert features.missing[0].purpose == "sending the files of invoices along"
    assert not features.payroll


def test_R9_payroll_is_granted_where_it_was_asked_for(receive, confirm):
    pending = receive(with_payroll=True)

    assert connections.granted_features(pending) == (True, ())
    assert connections.granted_features(confirm()).payroll


def test_C4_2_a_refused_consent_of_a_sign_in_in_use_harms_nobody(connect, receive, house, deps):
    connect(house.other_fin_co_id)

    with pytest.raises(connections.ConnectFailed):
        receive(organisation=1, user=PRIYA, without="accounting.contacts")

    assert count(XeroToken) == 1
    assert works(deps, house.other_fin_co_id)
