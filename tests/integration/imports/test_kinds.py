import pytest
import sqlalchemy as sa

from webapp.db import db
from webapp.domain.runs import ImportKind, KindState, RunState
from webapp.models import (
    Company,
    Currency,
    FinCo,
    XeroConnection,
    XeroContact,
    XeroSettings,
    XeroTaxRate,
)
from webapp.services import connections

AP = "Workbench AP (Suppliers)"
AR = "Workbench AR (Customers)"


def count(model) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model))


def test_R25_an_import_brings_in_every_kind_in_its_order(ledger, house, import_now):
    ledger.contact("Smith Quarries", AP, AccountNumber="S200")

    run = import_now()

    assert (run.finished, run.state) == (True, RunState.COMPLETED)
    assert list(run.kinds) == list(ImportKind)
    assert all(kind.state is KindState.DONE for kind in run.kinds.values())
    assert run.companies["created"] == 1
    assert run.kinds[ImportKind.EXPORT_CODES]["created"] == count(XeroTaxRate) == 5
    assert run.kinds[ImportKind.CURRENCIES]["created"] == count(Currency) == 3
    connection = connections.current_connection(house.fin_co_id)
    assert connection.last_import_at is not None


def test_R34_a_second_import_changes_nothing_and_says_so(ledger, import_now, companies):
    ledger.contact("Smith Quarries", AP, AccountNumber="S200")
    ledger.contact("Council", AR, AccountNumber="C100")
    import_now()
    before = {name: (row.id, row.ap_account, row.ar_account) for name, row in companies().items()}

    again = import_now()

    for kind in again.kinds.values():
        assert (kind["created"], kind["updated"]) == (0, 0)
        assert kind["fetched"] == kind["unchanged"] + kind["skipped"]
    assert again.companies["unchanged"] == 2
    after = {name: (row.id, row.ap_account, row.ar_account) for name, row in companies().items()}
    assert after == before
    assert count(XeroContact) == 2


def test_R36_R40_each_reason_for_leaving_a_contact_out_is_told(ledger, import_now):
    ledger.contact("No number", AP)
    ledger.contact("No group", AccountNumber="N1")

    told = import_now().companies

    reasons = {name: (outcome, reason) for outcome, name, reason in told.problems}
    assert reasons["No number"] == ("skipped", "no Account Number")
    assert reasons["No group"] == ("skipped", "not in a Workbench group")
    assert told["skipped"] == len(told.problems) == told["fetched"]


def test_R37_R38_R39_the_group_says_what_a_contact_becomes(ledger, import_now, companies):
    ledger.contact("Client", AR, AccountNumber=" C100 ")
    ledger.contact("Supplier", AP, AccountNumber="S200")
    ledger.contact("Both", AP, AR, AccountNumber="X300")

    import_now()

    found = {
        name: (row.is_client, row.ar_account, row.is_supplier, row.ap_account)
        for name, row in companies().items()
    }
    assert found == {
        "Client": (True, "C100", False, None),
        "Supplier": (False, None, True, "S200"),
        "Both": (True, "X300", False, None),
    }


def test_R43_R45_a_new_company_takes_from_the_template_what_its_contact_lacks(
    ledger, house, import_now, companies
):
    terms = {"Bills": {"Day": 7, "Type": "DAYSAFTERBILLDATE"}}
    ledger.contact("With terms", AP, AccountNumber="S1", PaymentTerms=terms)
    ledger.contact("Without", AP, AccountNumber="S2", EmailAddress="pay@example.com")
    template = db.session.get_one(Company, house.template_id)

    import_now()

    made = companies()
    assert (made["With terms"].payment_terms_days, made["With terms"].payment_terms_type) == (
        7,
        "DAYSAFTERBILLDATE",
    )
    assert (made["Without"].payment_terms_days, made["Without"].payment_terms_type) == (
        20,
        "OFFOLLOWINGMONTH",
    )
    assert made["Without"].email == "pay@example.com"
    for row in made.values():
        assert row.use_gst == template.use_gst
        assert (row.company_type, row.branch) == ("Trade", "Main")
        assert (row.location_id, row.currency_code) == (template.location_id, "NZD")


@pytest.mark.parametrize("use_gst", [True, False])
def test_R44_whether_gst_is_used_is_the_templates_word_alone(
    ledger, house, import_now, companies, use_gst
):
    db.session.get_one(Company, house.template_id).use_gst = use_gst
    db.session.commit()
    ledger.contact("Smith", AP, AccountNumber="S1")

    import_now(kinds=[ImportKind.COMPANIES])

    assert companies()["Smith"].use_gst is use_gst


@pytest.mark.parametrize(
    "kind", ["DAYSAFTERBILLDATE", "DAYSAFTERBILLMONTH", "OFCURRENTMONTH", "OFFOLLOWINGMONTH"]
)
def test_R46_each_type_of_payment_terms_comes_in_with_its_days(ledger, import_now, companies, kind):
    ledger.contact(
        "Smith", AP, AccountNumber="S1", PaymentTerms={"Bills": {"Day": 14, "Type": kind}}
    )

    import_now(kinds=[ImportKind.COMPANIES])

    made = companies()["Smith"]
    assert (made.payment_terms_days, made.payment_terms_type) == (14, kind)


def test_R42_R49_a_company_that_was_there_is_recognised_by_its_account(
    ledger, house, import_now, companies
):
    own = Company(
        fin_co_id=house.fin_co_id, name="Smith", ap_account=" S200", is_supplier=True, branch="Own"
    )
    db.session.add(own)
    db.session.commit()
    contact_id = ledger.contact("Smith Quarries Ltd", AP, AccountNumber="S200 ")

    run = import_now()

    assert run.companies["updated"] == 1
    company = companies()["Smith Quarries Ltd"]
    assert (company.id, company.ap_account, company.branch) == (own.id, "S200", "Own")
    assert company.xero_contacts[0].contact_id == contact_id


def test_Q40_C6_4_a_renamed_contact_renames_its_company(ledger, import_now, companies):
    contact_id = ledger.contact("Smith", AP, AccountNumber="S200")
    import_now()
    ledger.change(contact_id, Name="Smith & Daughters", AccountNumber="S201")

    run = import_now()

    assert run.companies["updated"] == 1
    assert {name: row.ap_account for name, row in companies().items()} == {
        "Smith & Daughters": "S201"
    }


def test_R41_a_supplier_flag_set_by_hand_survives_the_next_import(ledger, import_now, companies):
    ledger.contact("Both", AP, AR, AccountNumber="X300")
    import_now()
    company = companies()["Both"]
    company.is_supplier, company.ap_account = True, "X300"
    db.session.commit()

    assert import_now().companies["unchanged"] == 1
    company = companies()["Both"]
    assert (company.is_supplier, company.ap_account) == (True, "X300")


def test_R47_an_archived_contact_makes_its_company_inactive(ledger, import_now, companies):
    contact_id = ledger.contact("Smith", AP, AccountNumber="S200")
    import_now()
    ledger.change(contact_id, ContactStatus="ARCHIVED")

    run = import_now()

    assert run.companies["updated"] == 1
    assert not companies()["Smith"].active
    assert import_now().companies["updated"] == 0


def test_R50_without_a_template_company_new_ones_stop_with_a_message(
    ledger, house, import_now, companies
):
    ledger.contact("Known", AP, AccountNumber="S1")
    import_now()
    db.session.get_one(FinCo, house.fin_co_id).template_company_id = None
    db.session.commit()
    ledger.contact("New", AP, AccountNumber="S2")

    run = import_now()

    assert run.state is RunState.COMPLETED_WITH_ERRORS
    assert run.companies.state is KindState.FAILED
    assert "FinCo 01 has no Template Company" in run.companies.error
    assert (run.companies["unchanged"], run.companies["failed"]) == (1, 1)
    assert list(companies()) == ["Known"]
    assert run.accounts.state is KindState.DONE


def test_more_companies_than_one_transaction_holds_come_in_whole(
    connect, sandbox, import_now, companies
):
    connect()
    contacts = [
        {"name": f"Supplier {n}", "account_number": f"S{n}", "group": AP} for n in range(1100)
    ]
    sandbox.seed(contacts=contacts)

    run = import_now()

    assert run.companies["created"] == len(companies()) == 1100
    assert import_now().companies["unchanged"] == 1100


def test_R48_the_id_of_a_contact_is_kept_for_each_fin_co(ledger, house, connect, import_now):
    ledger.contact("Smith", AP, AccountNumber="S200")
    connect(house.other_fin_co_id)

    import_now()
    import_now(house.other_fin_co_id)

    owners = db.session.execute(sa.select(XeroContact.fin_co_id, XeroContact.contact_id)).all()
    assert {row.fin_co_id for row in owners} == {house.fin_co_id, house.other_fin_co_id}
    assert len({row.contact_id for row in owners}) == 1


def test_Q5_another_organisation_has_contact_ids_of_its_own(ledger, sandbox, connect, import_now):
    ledger.contact("Smith", AP, AccountNumber="S200")
    import_now()
    connect(organisation=1)
    sandbox.inside(1).contact("Smith Pty", AP, AccountNumber="S200")

    run = import_now()

    assert run.companies["updated"] == 1
    rows = db.session.execute(sa.select(XeroContact.tenant_id, XeroContact.company_id)).all()
    assert len({row.tenant_id for row in rows}) == 2
    assert len({row.company_id for row in rows}) == 1


@pytest.mark.parametrize(
    ("option", "kind"),
    [
        ("sync_companies", ImportKind.COMPANIES),
        ("sync_job_receipts", ImportKind.JOB_RECEIPTS),
        ("sync_payments", ImportKind.PAYMENTS),
        ("sync_gl_accounts", ImportKind.GL_ACCOUNTS),
    ],
)
def test_R11_to_R15_a_kind_that_is_not_ticked_is_not_read_and_rates_and_currencies_always_are(
    ledger, house, import_now, option, kind
):
    setattr(db.session.get_one(XeroSettings, house.fin_co_id), option, False)
    db.session.commit()

    run = import_now()

    assert kind not in run.kinds
    assert {ImportKind.EXPORT_CODES, ImportKind.CURRENCIES} <= set(run.kinds)


def test_R33_a_kind_that_fails_does_not_stop_the_others(ledger, sandbox, house, import_now):
    ledger.contact("Smith", AP, AccountNumber="S200")
    sandbox.fault("html", path="/Accounts")

    run = import_now()

    assert run.state is RunState.COMPLETED_WITH_ERRORS
    assert run.accounts.state is KindState.FAILED
    assert "Harbour Civil Ltd" in run.accounts.error
    others = [kind.state for name, kind in run.kinds.items() if name is not ImportKind.GL_ACCOUNTS]
    assert others == [KindState.DONE] * 5
    assert connections.current_connection(house.fin_co_id).last_import_at is not None


def test_an_organisation_cut_off_inside_xero_ends_the_import_and_is_marked(
    ledger, sandbox, house, import_now
):
    sandbox.control("POST", "disconnect", {"tenant_id": sandbox.tenant()})

    run = import_now()

    assert (run.finished, run.state) == (True, RunState.FAILED)
    for kind in run.kinds.values():
        assert "not connected to Workbench any more" in kind.error
        assert "Connect to Xero" in kind.error
    connection = db.session.scalar(sa.select(XeroConnection))
    assert connection.state_reason
    assert connection.last_import_at is None


def test_a_limit_of_the_day_ends_the_import_and_says_until_when(ledger, sandbox, import_now):
    sandbox.fault("429_day", seconds=3600, path="/Accounts")

    run = import_now()

    assert run.companies.state is KindState.DONE
    for kind in (ImportKind.GL_ACCOUNTS, ImportKind.EXPORT_CODES, ImportKind.CURRENCIES):
        assert run.kinds[kind].state is KindState.FAILED
        assert "Try again after" in run.kinds[kind].error
        assert "UTC" in run.kinds[kind].error
