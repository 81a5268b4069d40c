"""Odd turns of an organisation that must neither lose a record nor stop the others."""

import datetime as dt

import pytest
import sqlalchemy as sa

from tests.integration.imports.conftest import UPDATED, contact_of, xero_time
from webapp.db import db
from webapp.domain.runs import ImportKind, KindState, RunOrigin
from webapp.models import GlAccount, ImportProblem, ImportRun, ImportWatermark

COMPANIES = [ImportKind.COMPANIES]
ACCOUNTS = [ImportKind.GL_ACCOUNTS]
LONG_AGO = ["0001-01-01T00:00:00", "/Date(-62135596800000+0000)/", "0001-01-01T00:00:00+12:00"]
"""What .NET writes where there is no instant at all."""


def accounts_of(companies) -> dict[str, str | None]:
    return {name: row.ap_account for name, row in companies().items()}


def test_a_new_contact_takes_the_account_another_gives_up_on_the_same_page(
    xero, import_now, companies
):
    xero.pages("Contacts", [contact_of(1)])
    import_now(kinds=COMPANIES)
    xero.pages("Contacts", [contact_of(1, AccountNumber="S9"), contact_of(2, AccountNumber="S1")])

    told = import_now(kinds=COMPANIES).companies

    assert (told.state, told["updated"], told["created"]) == (KindState.DONE, 1, 1)
    assert accounts_of(companies) == {"Supplier 1": "S9", "Supplier 2": "S1"}


def test_accounts_handed_on_around_a_merge_on_one_page_are_stored(xero, import_now, companies):
    xero.pages("Contacts", [contact_of(1), contact_of(2)])
    import_now(kinds=COMPANIES)
    survivor = contact_of(3, AccountNumber="S2")
    gone = contact_of(1, ContactStatus="ARCHIVED", MergedToContactID=survivor["ContactID"])
    xero.pages("Contacts", [gone, contact_of(2, AccountNumber="S9"), survivor])

    told = import_now(kinds=COMPANIES).companies

    assert told.state is KindState.DONE
    assert accounts_of(companies) == {"Supplier 2": "S9", "Supplier 3": "S2"}


@pytest.mark.parametrize("written", LONG_AGO)
@pytest.mark.parametrize("account", ["S1", "X" * 51])
def test_a_record_without_a_real_instant_ends_no_run(xero, import_now, written, account):
    odd = contact_of(1, AccountNumber=account, UpdatedDateUTC=written)
    xero.pages("Contacts", [odd, contact_of(2)])

    run = import_now(kinds=COMPANIES)
    again = import_now(kinds=COMPANIES)

    assert run.finished
    assert again.finished
    assert again.companies.state is KindState.DONE
    assert again.companies["unchanged"] >= 1


def test_a_page_of_nothing_but_records_without_an_instant_is_done(xero, import_now):
    xero.pages("Contacts", [contact_of(1, UpdatedDateUTC=LONG_AGO[0])])

    assert import_now(kinds=COMPANIES).companies.state is KindState.DONE
    assert import_now(kinds=COMPANIES).companies.state is KindState.DONE
    mark = db.session.scalars(sa.select(ImportWatermark.modified_since)).one()
    assert mark.year >= 1999


def test_elements_alike_that_are_no_records_sink_neither_page_nor_kind(xero, import_now, companies):
    xero.pages("Contacts", [None, None, contact_of(1)])

    told = import_now(kinds=COMPANIES).companies

    assert (told.state, told["created"], told["failed"]) == (KindState.DONE, 1, 2)
    assert set(companies()) == {"Supplier 1"}
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ImportProblem)) == 2


def account_of(number: int, **members):
    return {
        "AccountID": f"a0{number:034d}",
        "Code": str(number),
        "Name": f"Account {number}",
        "Type": "EXPENSE",
        "Status": "ACTIVE",
        "UpdatedDateUTC": xero_time(UPDATED),
        **members,
    }


def test_a_large_chart_whose_codes_all_move_on_by_one_comes_in(xero, import_now):
    xero.pages("Accounts", [account_of(number) for number in range(1, 602)])
    import_now(kinds=ACCOUNTS)
    moved = [account_of(number, Code=str(number + 1)) for number in range(1, 602)]
    xero.pages("Accounts", moved)

    told = import_now(kinds=ACCOUNTS).accounts

    assert (told.state, told["updated"]) == (KindState.DONE, 601)
    rows = dict(db.session.execute(sa.select(GlAccount.description, GlAccount.code)).all())
    assert rows == {f"Account {number}": str(number + 1) for number in range(1, 602)}


def test_everything_is_read_anew_after_a_spell_with_another_organisation(
    xero, import_now, companies, house
):
    xero.pages("Contacts", [contact_of(1, Name="Here")])
    import_now(kinds=COMPANIES)
    (company,) = companies().values()
    now = dt.datetime.now(dt.UTC)
    elsewhere = {"tenant_id": f"{9:036d}", "started_at": now, "finished_at": now}
    db.session.add(ImportRun(fin_co_id=house.fin_co_id, origin=RunOrigin.PERSON, **elsewhere))
    company.name = "There"
    db.session.commit()

    import_now(kinds=COMPANIES)
    import_now(kinds=COMPANIES)

    assert xero.since("Contacts")[:2] == [None, None]
    assert xero.since("Contacts")[2] is not None
    assert set(companies()) == {"Here"}
