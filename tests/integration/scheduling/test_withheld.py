"""A permission that was not given stops the kinds that need it, and no others."""

import datetime as dt

from webapp.domain.runs import ImportKind, KindState
from webapp.models.xero import ConnectionState
from webapp.services import connections

HALF_HOUR = dt.timedelta(minutes=30)
PAID = {ImportKind.JOB_RECEIPTS, ImportKind.PAYMENTS}


def test_C4_2_without_the_permission_for_payments_everything_else_comes_in(
    sandbox, house, deps, look, carry_on, connection_of
):
    address = connections.authorization_address(deps.xero, "s")
    code = sandbox.consent(address.replace("accounting.payments.read", ""))["code"]
    at = dt.datetime.now(dt.UTC)
    connections.complete_connect(
        deps.xero, fin_co_id=house.fin_co_id, user_id=house.alice_id, code=code, now=at
    )

    (run_id,) = look(at + HALF_HOUR)
    kinds = {kind.kind: kind for kind in carry_on(run_id, at + HALF_HOUR).kinds}

    assert {kind for kind, row in kinds.items() if row.state is KindState.FAILED} == PAID
    assert {row.state for kind, row in kinds.items() if kind not in PAID} == {KindState.DONE}
    assert "press Ask for permission" in kinds[ImportKind.PAYMENTS].error
    connection = connection_of(house.fin_co_id)
    assert (connection.state, connection.outage_since) == (ConnectionState.CONNECTED, None)
