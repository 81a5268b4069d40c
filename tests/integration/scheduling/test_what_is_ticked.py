"""What is ticked decides what comes in, whoever starts the import."""

import datetime as dt
from collections import Counter

import pytest

from webapp.db import db, transaction
from webapp.domain.runs import ImportKind, KindState
from webapp.models import XeroSettings
from webapp.services import imports

HALF_HOUR = dt.timedelta(minutes=30)
TICKS = ("sync_companies", "sync_job_receipts", "sync_payments", "sync_gl_accounts")
ALWAYS = {ImportKind.EXPORT_CODES, ImportKind.CURRENCIES}


@pytest.fixture(params=["by a person", "by the schedule"])
def import_at(request, house, look, carry_on):
    """Import FinCo 01 at an instant, as a person or the schedule does."""

    def imported(at: dt.datetime) -> dict[ImportKind, KindState]:
        if request.param == "by the schedule":
            (run_id,) = look(at)
        else:
            run_id = imports.start_import(
                fin_co_id=house.fin_co_id,
                user_id=house.alice_id,
                now=at,
                after_commit=lambda _run_id: None,
            )
        return {kind.kind: kind.state for kind in carry_on(run_id, at).kinds}

    return imported


def set_ticks(house, **ticks: bool) -> None:
    with transaction():
        settings = db.session.get_one(XeroSettings, house.fin_co_id)
        for name, ticked in ticks.items():
            setattr(settings, name, ticked)


def read(sandbox) -> Counter[str]:
    calls = sandbox.calls("GET")
    sandbox.control("DELETE", "requests")
    return Counter(call["path"].rpartition("/")[2] for call in calls)


def test_R11_unticked_companies_stop_the_contacts_and_nothing_else(
    connect, sandbox, house, import_at
):
    at = connect().connected_at + HALF_HOUR
    kinds = import_at(at)
    assert kinds[ImportKind.COMPANIES] is KindState.DONE
    assert read(sandbox)["Contacts"]

    set_ticks(house, sync_companies=False)
    without = import_at(at + HALF_HOUR)

    assert set(without) == set(kinds) - {ImportKind.COMPANIES}
    asked = read(sandbox)
    assert (asked["Contacts"], asked["ContactGroups"]) == (0, 0)
    assert asked["Accounts"]


def test_R15_tax_rates_and_currencies_come_in_whatever_is_ticked(
    connect, sandbox, house, import_at
):
    at = connect().connected_at + HALF_HOUR
    set_ticks(house, **dict.fromkeys(TICKS, False))
    sandbox.control("DELETE", "requests")

    kinds = import_at(at)

    assert kinds == dict.fromkeys(ALWAYS, KindState.DONE)
    asked = read(sandbox)
    assert asked["TaxRates"]
    assert asked["Currencies"]
    assert not {"Contacts", "Accounts", "Payments"} & set(asked)
