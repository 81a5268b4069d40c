from decimal import Decimal

import pytest

from webapp.mapping.imports.currencies import plan_currencies
from webapp.mapping.imports.gl_accounts import plan_gl_accounts
from webapp.mapping.imports.outcome import Outcome
from webapp.mapping.imports.rows import KnownRow
from webapp.mapping.imports.tax_rates import plan_tax_rates
from webapp.xero.records import Account, Currency, TaxRate

TENANT = "tenant"


def account(code: str, name: str = "Materials", kind: str = "DIRECTCOSTS", **members) -> Account:
    given = {
        "account_id": f"id of {name}",
        "code": code,
        "name": name,
        "type": kind,
        "account_class": "EXPENSE",
        "status": "ACTIVE",
        "tax_type": "INPUT2",
        "system_account": "",
        "bank_account_type": "",
        "currency_code": "",
        "enable_payments": False,
        "reporting_code": "",
        "description": "",
        "updated_at": None,
    }
    return Account(**(given | members))


def kept(*accounts: Account, tenant: str = TENANT) -> list[KnownRow]:
    made = plan_gl_accounts(accounts, [], tenant).inserts
    return [KnownRow(position, values) for position, values in enumerate(made)]


def by_hand(row_id: int, code: str) -> KnownRow:
    columns = dict.fromkeys(plan_gl_accounts([account("1")], [], TENANT).inserts[0])
    return KnownRow(row_id, columns | {"code": code, "description": "Own", "active": True})


@pytest.mark.parametrize(
    ("kind", "section", "category"),
    [
        ("DIRECTCOSTS", "Direct Costs", "Job Cost"),
        ("EXPENSE", "Expenses", "Other Cost"),
        ("OVERHEADS", "Overheads", "Other Cost"),
        ("REVENUE", "Revenue", "Revenue"),
        ("SALES", "Sales", "Revenue"),
        ("OTHERINCOME", "Other Income", "Revenue"),
        ("CURRENT", "Current Asset", None),
        ("BANK", "Bank", None),
        ("NEWTYPE", "NEWTYPE", None),
    ],
)
def test_R64_each_type_of_account_has_its_section_and_category(kind, section, category):
    made = plan_gl_accounts([account("300", kind=kind)], [], TENANT).inserts[0]

    assert (made["section"], made["category"]) == (section, category)
    assert (made["code"], made["description"], made["active"]) == ("300", "Materials", True)


def test_R34_a_second_import_of_accounts_finds_nothing_to_change():
    accounts = [account("300"), account("200", "Sales", "REVENUE")]

    plan = plan_gl_accounts(accounts, kept(*accounts), TENANT)

    assert (plan.inserts, plan.updates, plan.unchanged) == ([], [], 2)


def test_an_account_without_a_code_is_skipped_and_reported():
    plan = plan_gl_accounts([account("", "Bank", "BANK")], [], TENANT)

    assert [(one.name, one.reason) for one in plan.rejections] == [("Bank", "no Code")]
    assert plan.inserts == []


def test_an_archived_account_is_not_offered_any_more():
    plan = plan_gl_accounts([account("300", status="ARCHIVED")], kept(account("300")), TENANT)

    assert [row.values["active"] for row in plan.updates] == [False]


def test_an_account_is_recognised_by_its_id_when_its_code_changes():
    plan = plan_gl_accounts([account("310")], kept(account("300")), TENANT)

    assert [(row.id, row.values["code"]) for row in plan.updates] == [(0, "310")]


def test_accounts_may_change_codes_with_each_other():
    known = kept(account("300", "A"), account("310", "B"))

    plan = plan_gl_accounts([account("310", "A"), account("300", "B")], known, TENANT)

    assert [(row.id, row.values["code"]) for row in plan.updates] == [(0, "310"), (1, "300")]


def test_a_row_typed_by_hand_becomes_the_account_of_its_code():
    plan = plan_gl_accounts([account("300")], [by_hand(7, "300")], TENANT)

    assert [(row.id, row.values["xero_account_id"]) for row in plan.updates] == [
        (7, "id of Materials")
    ]


def test_a_row_typed_by_hand_that_xero_does_not_have_is_left_alone():
    plan = plan_gl_accounts([account("300")], [by_hand(7, "999")], TENANT)

    assert plan.updates == []


def test_a_code_that_moves_onto_a_row_typed_by_hand_is_reported():
    known = [KnownRow(5, kept(account("300"))[0].values), by_hand(7, "310")]

    plan = plan_gl_accounts([account("310")], known, TENANT)

    assert [one.outcome for one in plan.rejections] == [Outcome.FAILED]
    assert plan.updates == []


def test_of_two_accounts_with_one_code_the_one_in_use_is_taken():
    accounts = [account("300", "Old", status="ARCHIVED"), account("300", "New")]

    plan = plan_gl_accounts(accounts, [], TENANT)

    assert [row["description"] for row in plan.inserts] == ["New"]
    assert [one.name for one in plan.rejections] == ["Old"]


def test_accounts_that_xero_no_longer_names_are_not_offered_any_more():
    known = kept(account("300"), account("310", "Gone"))

    plan = plan_gl_accounts([account("300")], known, TENANT)

    assert [(row.id, row.values["active"]) for row in plan.updates] == [(1, False)]
    asleep = [known[0], KnownRow(1, plan.updates[0].values)]
    assert plan_gl_accounts([account("300")], asleep, TENANT).updates == []


def test_the_accounts_of_another_organisation_give_way_by_code():
    known = kept(account("300"), account("310", "Theirs"), tenant="another")

    plan = plan_gl_accounts([account("300", account_id="ours")], known, TENANT)

    changed = {row.id: row.values for row in plan.updates}
    assert (changed[0]["tenant_id"], changed[0]["xero_account_id"]) == (TENANT, "ours")
    assert (changed[1]["tenant_id"], changed[1]["active"]) == ("another", False)


def test_a_deleted_account_nobody_knew_is_skipped():
    plan = plan_gl_accounts([account("300", status="DELETED")], [], TENANT)

    assert [one.outcome for one in plan.rejections] == [Outcome.SKIPPED]


def rate(tax_type: str = "INPUT2", percent: str = "15", **members) -> TaxRate:
    given = {
        "name": "15% GST on Expenses",
        "tax_type": tax_type,
        "status": "ACTIVE",
        "effective_rate": Decimal(percent),
        "display_rate": Decimal(percent),
        "can_apply_to_assets": True,
        "can_apply_to_equity": True,
        "can_apply_to_expenses": True,
        "can_apply_to_liabilities": True,
        "can_apply_to_revenue": False,
    }
    return TaxRate(**(given | members))


def rates(*given: TaxRate) -> list[KnownRow]:
    made = plan_tax_rates(given, []).inserts
    return [KnownRow(position, values) for position, values in enumerate(made)]


def test_tax_rates_come_in_whatever_their_status():
    made = plan_tax_rates([rate(), rate("TAX001", status="DELETED")], []).inserts

    assert [(row["tax_type"], row["status"]) for row in made] == [
        ("INPUT2", "ACTIVE"),
        ("TAX001", "DELETED"),
    ]


def test_a_second_import_of_tax_rates_finds_nothing_to_change():
    plan = plan_tax_rates([rate(percent="15.0000")], rates(rate()))

    assert (plan.updates, plan.unchanged) == ([], 1)


def test_a_changed_rate_is_brought_in_step():
    plan = plan_tax_rates([rate(percent="12.5")], rates(rate()))

    assert [row.values["effective_rate"] for row in plan.updates] == [Decimal("12.5")]


def test_a_rate_xero_no_longer_names_counts_as_deleted():
    known = rates(rate(), rate("OLD"))

    assert [row.values["status"] for row in plan_tax_rates([rate()], known).updates] == ["DELETED"]


def test_only_new_currencies_are_added():
    plan = plan_currencies([Currency("NZD", "New Zealand Dollar"), Currency("FJD", "")], {"NZD"})

    assert plan.inserts == [{"code": "FJD", "description": "FJD"}]
    assert plan.unchanged == 1
