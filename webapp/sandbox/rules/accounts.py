"""The chart of accounts: what an account may be, and which may stand on a line."""

import uuid

from webapp.sandbox.books import Books
from webapp.sandbox.errors import Problems
from webapp.sandbox.kinds import ACCOUNTS, TAX_RATES
from webapp.sandbox.rules.refused import ElementRefused, refuse
from webapp.sandbox.wire import JsonObject

CLASS_OF_TYPE = {
    "BANK": "ASSET", "CURRENT": "ASSET", "FIXED": "ASSET", "INVENTORY": "ASSET",
    "NONCURRENT": "ASSET", "PREPAYMENT": "ASSET",
    "CURRLIAB": "LIABILITY", "LIABILITY": "LIABILITY", "TERMLIAB": "LIABILITY",
    "PAYG": "LIABILITY",
    "EQUITY": "EQUITY",
    "DEPRECIATN": "EXPENSE", "DIRECTCOSTS": "EXPENSE", "EXPENSE": "EXPENSE",
    "OVERHEADS": "EXPENSE",
    "OTHERINCOME": "REVENUE", "REVENUE": "REVENUE", "SALES": "REVENUE",
}  # fmt: skip
_REPORTING = {
    "ASSET": "ASS", "LIABILITY": "LIA", "EQUITY": "EQU", "EXPENSE": "EXP", "REVENUE": "REV",
}  # fmt: skip
_LONGEST_CODE = 10
_LONGEST_NAME = 150


def new_account(chosen: JsonObject) -> JsonObject:
    """Make a whole account record from the members somebody chose."""
    kind = str(chosen["Type"])
    account_class = CLASS_OF_TYPE[kind]
    account: JsonObject = {
        "AccountID": str(uuid.uuid4()),
        "Code": chosen.get("Code", ""),
        "Name": chosen["Name"],
        "Status": chosen.get("Status", "ACTIVE"),
        "Type": kind,
        "TaxType": chosen.get("TaxType") or "NONE",
        "Class": account_class,
        "EnablePaymentsToAccount": bool(chosen.get("EnablePaymentsToAccount", False)),
        "ShowInExpenseClaims": bool(chosen.get("ShowInExpenseClaims", False)),
        "BankAccountType": chosen.get("BankAccountType", "BANK" if kind == "BANK" else ""),
        "ReportingCode": _REPORTING[account_class],
        "HasAttachments": False,
        "UpdatedDateUTC": "",
        "AddToWatchlist": False,
    }
    for member in ("SystemAccount", "Description", "CurrencyCode", "BankAccountNumber"):
        if chosen.get(member):
            account[member] = chosen[member]
    return account


def account_on_line(
    books: Books, line: JsonObject, *, journal: bool, problems: Problems
) -> JsonObject | None:
    """Find the account a line names by code or id; say why it cannot be used (d.3)."""
    code, account_id = line.get("AccountCode"), line.get("AccountID")
    if code:
        found = books.find(ACCOUNTS, "number", code)
        account = found[0] if found else None
    else:
        account = books.get(ACCOUNTS, account_id)
    named = str(code or account_id)
    if account is None:
        problems.add(f"Account code '{named}' is not a valid code for this document.")
        return None
    if account["Status"] != "ACTIVE":
        problems.add(
            f"Account code '{named}' has been archived, or has been deleted."
            " Please use an active account."
        )
        return None
    if not _may_stand_on_line(account, journal=journal):
        problems.add(f"Account code '{named}' is not a valid code for this document.")
        return None
    return account


def _may_stand_on_line(account: JsonObject, *, journal: bool) -> bool:
    system = account.get("SystemAccount", "")
    if account["Type"] == "BANK" or system not in ("", "ROUNDING"):
        return False
    return not (journal and (account["Type"] == "INVENTORY" or system))


def payment_account(books: Books, named: JsonObject) -> JsonObject:
    """Find the account a payment is made from or into: a bank, or one with payments enabled.

    Raises:
        ElementRefused: there is none, or it takes no payments.
    """
    code = named.get("Code")
    if named.get("AccountID"):
        account = books.get(ACCOUNTS, named["AccountID"])
    else:
        found = books.find(ACCOUNTS, "number", code)
        account = found[0] if found else None
    if account is None:
        raise refuse(f"Account could not be found: '{code or named.get('AccountID') or ''}'")
    if account["Status"] != "ACTIVE":
        raise refuse(
            f"Account code '{account['Code']}' has been archived, or has been deleted."
            " Please use an active account."
        )
    if account["Type"] != "BANK" and not account["EnablePaymentsToAccount"]:
        raise refuse(f"Account code '{account['Code']}' does not accept payments.")
    return account


def create_account(books: Books, payload: JsonObject) -> JsonObject:
    """Make an account.

    Raises:
        ElementRefused: it breaks a rule of d.3.
    """
    if payload.get("Type") not in CLASS_OF_TYPE:
        raise refuse("Account Type is not valid.")
    if not payload.get("Name"):
        raise refuse("Account Name is required.")
    if payload["Type"] != "BANK" and not payload.get("Code"):
        raise refuse("Account Code is required.")
    if payload["Type"] == "BANK" and not payload.get("BankAccountNumber"):
        raise refuse("Bank account number is required.")
    _check(books, payload, own_id=None)
    account = new_account({key: payload[key] for key in payload if key != "SystemAccount"})
    books.save(ACCOUNTS, account)
    return account


def update_account(books: Books, account: JsonObject, payload: JsonObject) -> JsonObject:
    """Change or archive an account.

    Raises:
        ElementRefused: it breaks a rule of d.3, or is an account of the system.
    """
    own_id = str(account["AccountID"])
    status = payload.get("Status", account["Status"])
    if account.get("SystemAccount") and status != account["Status"]:
        raise refuse("System accounts cannot be archived or deleted.", own_id)
    if status not in ("ACTIVE", "ARCHIVED"):
        raise refuse("Account status is not valid.", own_id)
    members = ("Code", "Name", "Type", "TaxType", "Description", "EnablePaymentsToAccount",
               "ShowInExpenseClaims", "Status")  # fmt: skip
    changed = {**account, **{key: payload[key] for key in members if key in payload}}
    if changed["Type"] not in CLASS_OF_TYPE:
        raise refuse("Account Type is not valid.", own_id)
    changed["Class"] = CLASS_OF_TYPE[changed["Type"]]
    _check(books, changed, own_id=own_id)
    books.save(ACCOUNTS, changed)
    return changed


def delete_account(books: Books, account: JsonObject) -> JsonObject:
    """Delete an account that no document uses; system accounts stay.

    Raises:
        ElementRefused: it may not be deleted.
    """
    own_id = str(account["AccountID"])
    used = books.connection.execute(
        "SELECT 1 FROM records WHERE org=? AND kind IN ('Invoices', 'CreditNotes',"
        " 'ManualJournals') AND instr(data, ?) > 0 LIMIT 1",
        (books.organisation.org, own_id),
    ).fetchone()
    if account.get("SystemAccount") or used:
        raise refuse("The account cannot be deleted because it is in use.", own_id)
    books.remove(ACCOUNTS, own_id)
    return {**account, "Status": "DELETED"}


def _check(books: Books, payload: JsonObject, own_id: str | None) -> None:
    problems = Problems()
    code = str(payload.get("Code") or "")
    if len(code) > _LONGEST_CODE:
        problems.add("The Account Code must not be longer than 10 characters.")
    if len(str(payload["Name"])) > _LONGEST_NAME:
        problems.add("The Account Name must not be longer than 150 characters.")
    for column, value, message in (
        ("number", code, "Please enter a unique Code."),
        ("name", payload["Name"], "Please enter a unique Name."),
    ):
        if any(found["AccountID"] != own_id for found in books.find(ACCOUNTS, column, value)):
            problems.add(message)
    tax_type = payload.get("TaxType")
    if tax_type and not books.find(TAX_RATES, "number", tax_type):
        problems.add(f"The TaxType code '{tax_type}' does not exist.")
    if problems:
        raise ElementRefused(problems, own_id)
