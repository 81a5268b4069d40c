"""What Xero may say that nobody would expect is survived, told, and never half stored."""

import datetime as dt

import pytest
import sqlalchemy as sa

from tests.integration.imports.conftest import UPDATED, contact_of, xero_time
from webapp.db import db
from webapp.domain.runs import ImportKind, KindState, RunState
from webapp.models import Currency, GlAccount, ImportProblem, XeroContact, XeroTaxRate

COMPANIES = [ImportKind.COMPANIES]
ACCOUNTS = [ImportKind.GL_ACCOUNTS]
RATES = [ImportKind.EXPORT_CODES]
CURRENCIES = [ImportKind.CURRENCIES]


def account_of(number: int, **members):
    return {
        "AccountID": f"a0{number:034d}",
        "Code": str(number),
        "Name": f"Account {number}",
        "Type": "EXPENSE",
        "Class": "EXPENSE",
        "Status": "ACTIVE",
        "UpdatedDateUTC": xero_time(UPDATED),
        **members,
    }


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ({"ContactID": None}, "a record without ContactID"),
        ({"ContactID": "x" * 37}, "not an id"),
        ({"Addresses": {"AddressType": "STREET"}}, "not an array"),
        ({"ContactGroups": ["Workbench"]}, "not an object"),
        ({"Name": {"first": "Odd"}}, "not text"),
        ({"UpdatedDateUTC": "/Date(99999999999999999999)/"}, "not an instant"),
        ({"PaymentTerms": {"Bills": {"Day": "soon"}}}, "not a number"),
        ({"PaymentTerms": {"Bills": {"Day": 1e308}}}, "not a number of days"),
    ],
)
def test_a_contact_that_cannot_be_read_is_one_failed_line_and_the_others_come_in(
    xero, import_now, companies, members, reason
):
    xero.pages("Contacts", [contact_of(1), contact_of(2, **members), contact_of(3)])

    told = import_now(kinds=COMPANIES).companies

    assert told.state is KindState.DONE
    assert set(companies()) == {"Supplier 1", "Supplier 3"}
    assert (told["fetched"], told["created"], told["failed"]) == (3, 2, 1)
    ((outcome, name, why),) = told.problems
    assert outcome == "failed"
    assert name == ("a contact without a name" if "Name" in members else "Supplier 2")
    assert reason in why


def test_elements_that_are_no_records_are_told_and_told_apart(xero, import_now):
    xero.pages("Contacts", [None, "odd", contact_of(1)])

    told = import_now(kinds=COMPANIES).companies

    assert (told["created"], told["failed"], len(told.problems)) == (1, 2, 2)
    again = import_now(kinds=COMPANIES, full=True).companies
    assert len(again.problems) == 2
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ImportProblem)) == 2


def test_a_contact_of_null_arrays_unknown_words_and_missing_fields_comes_in(
    xero, import_now, companies
):
    bare = contact_of(
        1,
        Addresses=None,
        Phones=None,
        ContactStatus="HIBERNATING_FOR_THE_WINTER",
        PaymentTerms=None,
    )
    del bare["UpdatedDateUTC"]
    xero.pages("Contacts", [bare])

    run = import_now(kinds=COMPANIES)

    (company,) = companies().values()
    assert (company.active, company.payment_terms_type) == (False, "OFFOLLOWINGMONTH")
    assert db.session.scalars(sa.select(XeroContact.status)).one() == "HIBERNATING_FOR_THE_"
    assert import_now(kinds=COMPANIES).companies["unchanged"] == run.companies["created"] == 1


@pytest.mark.parametrize(
    "name",
    [
        "N" * 60,
        "N" * 61,
        "N" * 255,
        "N" * 600,
        "Grader \U0001f69c Hire \U0001f477\U0001f3fd\u200d\u2640\ufe0f",
        "Ō mātou",
        "\u202eevil",
        "a\u0000b",
    ],
)
def test_names_of_any_length_and_alphabet_come_in(xero, import_now, companies, name):
    xero.pages("Contacts", [contact_of(1, Name=name)])

    import_now(kinds=COMPANIES)

    assert list(companies()) == [name.replace("\u0000", "")[:255]]
    assert import_now(kinds=COMPANIES).companies["unchanged"] == 1


@pytest.mark.parametrize(
    "written",
    ["/Date(-2208988800000)/", "/Date(-1)/", "/Date(1439434356790-1200)/", "2026-11-03T02:00:15"],
)
def test_e_instants_before_1970_and_with_offsets_are_read(xero, import_now, written):
    xero.pages("Contacts", [contact_of(1, UpdatedDateUTC=written)])

    assert import_now(kinds=COMPANIES).companies["created"] == 1
    assert import_now(kinds=COMPANIES).companies["unchanged"] == 1


def test_an_account_number_twice_on_two_pages_is_noticed_whichever_comes_first(
    xero, import_now, companies
):
    xero.pages("Contacts", [contact_of(1)], [contact_of(2, AccountNumber="S1 ")], size=1)

    told = import_now(kinds=COMPANIES).companies

    assert list(companies()) == ["Supplier 1"]
    assert told.problems == [
        (
            "failed",
            "Supplier 2",
            "Account Number S1 is also of Supplier 1: give each its own in Xero",
        )
    ]


def test_an_account_number_twice_in_two_runs_is_noticed(xero, import_now, companies):
    xero.pages("Contacts", [contact_of(1)])
    import_now(kinds=COMPANIES)
    xero.pages("Contacts", [contact_of(2, AccountNumber="S1")])

    told = import_now(kinds=COMPANIES).companies

    assert list(companies()) == ["Supplier 1"]
    assert told["failed"] == 1
    assert "also of Supplier 1" in told.problems[0][2]


def test_an_account_number_that_becomes_free_on_a_later_page_is_taken(xero, import_now, companies):
    xero.pages("Contacts", [contact_of(1), contact_of(2)])
    import_now(kinds=COMPANIES)
    moved = [contact_of(1, AccountNumber="S2")], [contact_of(2, AccountNumber="S9")]
    xero.pages("Contacts", *moved, size=1)

    told = import_now(kinds=COMPANIES).companies

    assert (told["updated"], told.problems) == (2, [])
    assert {name: row.ap_account for name, row in companies().items()} == {
        "Supplier 1": "S2",
        "Supplier 2": "S9",
    }


def test_trap_40_a_merge_whose_survivor_comes_on_a_later_page_is_followed(
    xero, import_now, companies
):
    xero.pages("Contacts", [contact_of(1)])
    import_now(kinds=COMPANIES)
    (company,) = companies().values()
    company_id, survivor = company.id, contact_of(2, AccountNumber="S900")
    gone = contact_of(1, ContactStatus="ARCHIVED", MergedToContactID=survivor["ContactID"])
    xero.pages("Contacts", [gone], [survivor], size=1)

    told = import_now(kinds=COMPANIES).companies

    (company,) = companies().values()
    assert (company.id, company.name, company.ap_account) == (company_id, "Supplier 2", "S900")
    assert (told["updated"], told["skipped"]) == (1, 1)


def test_trap_40_a_survivor_that_did_not_change_is_asked_for(xero, import_now, companies):
    xero.pages("Contacts", [contact_of(1)])
    import_now(kinds=COMPANIES)
    survivor = contact_of(2, ContactGroups=[])
    gone = contact_of(1, ContactStatus="ARCHIVED", MergedToContactID=survivor["ContactID"])

    def answer(request):
        return [survivor] if "IDs=" in request.url else [gone]

    xero.chosen("Contacts", answer)
    told = import_now(kinds=COMPANIES).companies

    (company,) = companies().values()
    assert company.xero_contacts[0].contact_id == survivor["ContactID"]
    assert told["calls"] == 2
    assert import_now(kinds=COMPANIES).companies["calls"] == 1


def test_a_page_that_repeats_ends_the_reading(xero, import_now, companies):
    page = [contact_of(1), contact_of(2)]
    xero.pages("Contacts", page, page, page, size=2, total=2)

    told = import_now(kinds=COMPANIES).companies

    assert (told.state, told["created"], told["fetched"]) == (KindState.DONE, 2, 2)
    assert len(xero.asked("Contacts")) == 2


@pytest.mark.parametrize(
    ("collection", "kinds"),
    [
        ("Contacts", COMPANIES),
        ("Accounts", ACCOUNTS),
        ("TaxRates", RATES),
        ("Currencies", CURRENCIES),
    ],
)
@pytest.mark.parametrize("body", ["<!DOCTYPE html><p>At work", "", '{"Contacts": 7}', "[]"])
def test_e_html_or_nothing_instead_of_json_fails_the_kind_and_stores_nothing(
    xero, import_now, companies, collection, kinds, body
):
    xero.body(collection, body)

    run = import_now(kinds=kinds)

    (kind,) = run.kinds.values()
    assert (run.state, kind.state) == (RunState.FAILED, KindState.FAILED)
    assert "gave an answer that cannot be understood" in kind.error
    assert companies() == {}


def test_trap_18_an_organisation_too_big_to_list_is_explained_with_a_way_out(xero, import_now):
    xero.body("Contacts", '{"Type": "HighVolumeException", "ErrorNumber": 51}', status=400)

    run = import_now(kinds=[*COMPANIES, *CURRENCIES])

    assert "100,000" in run.companies.error
    assert "Ask Xero's support" in run.companies.error
    assert run.kinds[ImportKind.CURRENCIES].state is KindState.DONE


def test_an_account_that_cannot_be_read_stays_as_it_was_and_the_others_come_in(xero, import_now):
    xero.pages("Accounts", [account_of(1), account_of(2)])
    import_now(kinds=ACCOUNTS)
    odd = account_of(2, Name={"nested": "name"})
    xero.pages("Accounts", [account_of(1, Name="Renamed"), odd, account_of(3), {"Code": "4"}])

    told = import_now(kinds=ACCOUNTS).accounts

    rows = {row.code: row for row in db.session.scalars(sa.select(GlAccount))}
    assert {code: row.active for code, row in rows.items()} == dict.fromkeys("123", True)
    assert rows["1"].description == "Renamed"
    assert [(name, why) for _, name, why in told.problems] == [
        ("2", "Xero's record cannot be read (not text): nothing of it was taken"),
        ("4", "Xero's record cannot be read (a record without AccountID): nothing of it was taken"),
    ]


@pytest.mark.parametrize(
    "members",
    [
        {"Type": "A_TYPE_THAT_XERO_MAKES_UP_TOMORROW"},
        {"Class": None, "TaxType": "T" * 60, "SystemAccount": "S" * 50, "Status": "S" * 30},
        {"Name": "N" * 400, "Description": None},
    ],
)
def test_an_account_of_unknown_words_comes_in(xero, import_now, members):
    xero.pages("Accounts", [account_of(1, **members)])

    assert import_now(kinds=ACCOUNTS).accounts["created"] == 1
    assert import_now(kinds=ACCOUNTS).accounts["unchanged"] == 1


def test_an_account_whose_code_or_name_cannot_be_kept_is_told(xero, import_now):
    xero.pages("Accounts", [account_of(1, Code="C" * 21), account_of(2, Name=""), account_of(3)])

    told = import_now(kinds=ACCOUNTS).accounts

    assert (told["created"], told["failed"]) == (1, 2)
    assert {why for _, _, why in told.problems} == {
        "its Code is longer than 20 characters",
        "no Name",
    }


def test_tax_rates_of_four_decimals_are_exact_and_odd_ones_are_told(xero, import_now):
    rates = [
        {"Name": "Odd", "TaxType": "TAX001", "Status": "ACTIVE", "EffectiveRate": 12.3456},
        {"Name": "No rate", "TaxType": "TAX002", "Status": "ACTIVE"},
        {"Name": "Huge", "TaxType": "TAX003", "Status": "ACTIVE", "EffectiveRate": 1e30},
        {"Name": "Long", "TaxType": "T" * 51, "Status": "ACTIVE", "EffectiveRate": 1},
        {"Name": None, "TaxType": "TAX005", "EffectiveRate": "15.0"},
    ]
    xero.pages("TaxRates", rates)

    told = import_now(kinds=RATES).kinds[ImportKind.EXPORT_CODES]

    rows = {row.tax_type: row for row in db.session.scalars(sa.select(XeroTaxRate))}
    assert set(rows) == {"TAX001", "TAX005"}
    assert str(rows["TAX001"].effective_rate.normalize()) == "12.3456"
    assert (told["fetched"], told["created"], told["failed"]) == (5, 2, 3)
    assert {name for _, name, _ in told.problems} == {"Huge", "Long", "No rate"}


def test_a_currency_that_is_none_is_told(xero, import_now):
    xero.pages("Currencies", [{"Code": "NZD", "Description": None}, {"Code": "DOLLARS"}, {}])

    told = import_now(kinds=CURRENCIES).kinds[ImportKind.CURRENCIES]

    assert db.session.scalars(sa.select(Currency.code)).all() == ["NZD"]
    assert (told["created"], told["failed"]) == (1, 2)


def test_trap_15_an_instant_is_never_shifted_by_a_zone(xero, import_now):
    at = dt.datetime(2026, 9, 26, 12, 30, tzinfo=dt.UTC)  # the night New Zealand's clocks change
    xero.pages("Contacts", [contact_of(1, UpdatedDateUTC=f"/Date({int(at.timestamp())}000+1300)/")])

    import_now(kinds=COMPANIES)
    import_now(kinds=COMPANIES)

    assert xero.since("Contacts") == [None, "2026-09-26T12:25:00"]
