"""Consents that wait to be confirmed, and the two people who can sign in to Xero."""

import datetime as dt
from collections.abc import Callable

import pytest

from webapp.models import PendingConnection, XeroConnection
from webapp.services import connections

MORGAN = "6d2f0c1e-4a53-4a1b-9d0e-0f6f5f1f8a01"
NOW = dt.datetime(2026, 11, 20, 9, 30, tzinfo=dt.UTC)


@pytest.fixture
def receive(sandbox, house, deps) -> Callable[..., PendingConnection]:
    """Consent for a FinCo (01 unless told), and come back from the consent page."""

    def received(
        fin_co_id: int | None = None,
        organisation: int = 0,
        user: str = MORGAN,
        *,
        with_payroll: bool = False,
        without: str = "",
    ) -> PendingConnection:
        address = connections.authorization_address(deps.xero, "s", with_payroll=with_payroll)
        if without:
            address = address.replace(without, "")
        return connections.receive_consent(
            deps.xero,
            fin_co_id=house.fin_co_id if fin_co_id is None else fin_co_id,
            user_id=house.alice_id,
            code=sandbox.consent(address, organisation, user)["code"],
            now=NOW,
        )

    return received


@pytest.fixture
def confirm(house, deps) -> Callable[..., XeroConnection]:
    """Press Confirm for a FinCo (01 unless told)."""

    def confirmed(
        fin_co_id: int | None = None, typed_name: str | None = None, **given: object
    ) -> XeroConnection:
        asked = {
            "fin_co_id": house.fin_co_id if fin_co_id is None else fin_co_id,
            "user_id": house.alice_id,
            "typed_name": typed_name,
            "now": NOW,
        }
        return connections.confirm_connection(deps.xero, **(asked | given))

    return confirmed
