import pytest

from webapp.domain.accounts import (
    AccountFault,
    LedgerAccount,
    Usage,
    UsageKind,
    compare,
    none_named,
    refusal,
)

IN_JOURNALS = Usage(UsageKind.ACTIVITY, "LAB", "DR GL Account", "Labour", 1, in_journals=True)
ON_BILLS = Usage(UsageKind.ACTIVITY, "MAT", "DR GL Account", "Materials", 2, in_journals=False)


def account(code="300", kind="DIRECTCOSTS", *, status="ACTIVE", system="") -> LedgerAccount:
    return LedgerAccount(code, f"Account {code}", kind, status, system)


def faults(used, *ledger) -> dict[str, AccountFault]:
    return {problem.code: problem.problem for problem in compare(used, ledger)}


@pytest.mark.parametrize(
    "kind",
    ["CURRENT", "CURRLIAB", "DIRECTCOSTS", "EXPENSE", "FIXED", "OVERHEADS", "REVENUE", "SALES"],
)
def test_R24_an_active_account_of_an_ordinary_type_fits_everywhere(kind):
    assert compare({"300": [IN_JOURNALS, ON_BILLS]}, [account(kind=kind)]) == ()


def test_R22_a_code_the_ledger_does_not_have_is_missing():
    (problem,) = compare({"300": [], "301": [ON_BILLS]}, [account("300")])

    assert (problem.code, problem.problem) == ("301", AccountFault.MISSING)
    assert problem.explanation == "Xero has no account 301."
    assert problem.used_by == (ON_BILLS,)


@pytest.mark.parametrize("written", ["ab1", "AB1 "])
def test_R22_a_code_written_otherwise_is_missing_and_the_right_spelling_is_told(written):
    (problem,) = compare({written: [ON_BILLS]}, [account("AB1")])

    assert problem.problem is AccountFault.MISSING
    assert "It has AB1, written otherwise." in problem.explanation


@pytest.mark.parametrize(
    ("status", "fault"),
    [("ARCHIVED", AccountFault.ARCHIVED), ("DELETED", AccountFault.MISSING)],
)
def test_R24_archived_and_deleted_accounts_do_not_count_as_found(status, fault):
    assert faults({"300": [ON_BILLS]}, account(status=status)) == {"300": fault}


@pytest.mark.parametrize("order", [1, -1])
def test_R24_a_code_that_an_archived_account_left_to_another_is_found(order):
    ledger = [account(status="ARCHIVED"), account(status="ACTIVE")][::order]
    assert compare({"300": [ON_BILLS]}, ledger) == ()


@pytest.mark.parametrize(
    ("kind", "system", "fault"),
    [
        ("BANK", "", AccountFault.WRONG_TYPE),
        ("CURRENT", "DEBTORS", AccountFault.SYSTEM_ACCOUNT),
        ("CURRLIAB", "CREDITORS", AccountFault.SYSTEM_ACCOUNT),
        ("EQUITY", "RETAINEDEARNINGS", AccountFault.SYSTEM_ACCOUNT),
        ("CURRLIAB", "GST", AccountFault.SYSTEM_ACCOUNT),
        ("CURRLIAB", "ROUNDING", AccountFault.SYSTEM_ACCOUNT),
    ],
)
@pytest.mark.parametrize("usage", [IN_JOURNALS, ON_BILLS])
def test_R22_accounts_that_take_no_lines_are_told_apart(kind, system, fault, usage):
    assert faults({"300": [usage]}, account(kind=kind, system=system)) == {"300": fault}


def test_R22_an_inventory_account_fits_bills_and_blames_only_what_is_journalled():
    stock = account("630", "INVENTORY")

    assert compare({"630": [ON_BILLS]}, [stock]) == ()
    (problem,) = compare({"630": [ON_BILLS, IN_JOURNALS]}, [stock])
    assert (problem.problem, problem.used_by) == (AccountFault.WRONG_TYPE, (IN_JOURNALS,))
    assert "takes no journals" in problem.explanation


def test_what_an_account_refuses_depends_on_document_or_journal():
    stock = account("630", "INVENTORY")
    assert refusal(stock, journal=False) is None
    assert refusal(stock, journal=True) is not None


def test_accounts_without_a_code_are_never_found_by_one():
    assert faults({"300": [ON_BILLS]}, account("", "BANK")) == {"300": AccountFault.MISSING}


def test_problems_come_in_the_order_of_their_codes():
    assert list(faults({"9": [], "10": [], "1": []})) == ["1", "10", "9"]


def test_codes_that_name_no_account_are_one_problem_of_their_own():
    problem = none_named([ON_BILLS])
    assert (problem.code, problem.problem) == ("", AccountFault.NOT_NAMED)
    assert problem.used_by == (ON_BILLS,)
