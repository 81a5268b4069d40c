"""Which accounts of Xero become which GL Accounts (R64, R65, Q25)."""

from collections.abc import Collection, Iterable
from typing import NamedTuple

from webapp.mapping.imports.outcome import Outcome, Rejection
from webapp.mapping.imports.rows import KnownRow, RowPlan
from webapp.xero.records import Account

NO_CODE = "no Code"
NO_NAME = "no Name"
LONGEST_CODE = 20
DELETED = "deleted in Xero"

COLUMNS = (
    "code",
    "description",
    "section",
    "category",
    "active",
    "tenant_id",
    "xero_account_id",
    "xero_type",
    "xero_class",
    "xero_status",
    "xero_system_account",
    "xero_tax_type",
)
"""The columns of a GL Account that an import sets; the others are people's own."""


class Place(NamedTuple):
    """Where a type of account stands in the chart of Workbench."""

    section: str
    category: str | None


PLACES = {
    "DIRECTCOSTS": Place("Direct Costs", "Job Cost"),
    "EXPENSE": Place("Expenses", "Other Cost"),
    "OVERHEADS": Place("Overheads", "Other Cost"),
    "REVENUE": Place("Revenue", "Revenue"),
    "SALES": Place("Sales", "Revenue"),
    "OTHERINCOME": Place("Other Income", "Revenue"),
    "BANK": Place("Bank", None),
    "CURRENT": Place("Current Asset", None),
    "CURRLIAB": Place("Current Liability", None),
    "DEPRECIATN": Place("Depreciation", None),
    "EQUITY": Place("Equity", None),
    "FIXED": Place("Fixed Asset", None),
    "INVENTORY": Place("Inventory", None),
    "LIABILITY": Place("Liability", None),
    "NONCURRENT": Place("Non-current Asset", None),
    "PAYG": Place("PAYG Liability", None),
    "PREPAYMENT": Place("Prepayment", None),
    "TERMLIAB": Place("Non-current Liability", None),
}
"""Workbench's own five types, then the others, which have no Category but Other Income."""


def plan_gl_accounts(
    accounts: Iterable[Account],
    known: Iterable[KnownRow],
    tenant_id: str,
    *,
    unread: Collection[str | None] = (),
) -> RowPlan:
    """Decide what every account changes.

    An account is recognised by its id, because people change codes, and by its code only where
    its id is new. What was imported once and is in this chart no more is not offered any more.

    Args:
        accounts: the whole chart, archived accounts included; of one that comes twice the last
            counts.
        known: every GL Account of the FinCo.
        tenant_id: the organisation the chart is of.
        unread: the ids of accounts that are in the chart and cannot be read; they stay as they
            are.
    """
    plan = RowPlan()
    rows = list(known)
    of_account = {
        row.values["xero_account_id"]: row for row in rows if row.values["tenant_id"] == tenant_id
    }
    by_code = {row.values["code"]: row for row in rows}
    chart = {account.account_id: account for account in accounts}.values()
    usable = [account for account in chart if _is_usable(account, of_account, plan)]
    # Where a code is used twice, the account in use is the one that is meant.
    usable.sort(key=lambda account: account.status != "ACTIVE")
    recognised = {
        account.account_id: of_account[account.account_id]
        for account in usable
        if account.account_id in of_account
    }
    reserved = {row.id for row in recognised.values()}
    codes: dict[str, str] = {}
    for account in usable:
        row = recognised.get(account.account_id)
        holder = by_code.get(account.code)
        if row is None and holder is not None and holder.id not in reserved:
            row = holder
        by_hand = holder is not None and holder.id not in reserved and holder is not row
        if account.code in codes or by_hand:
            other = codes.get(account.code, "a GL Account of Workbench")
            _reject(plan, Outcome.FAILED, account, f"Code {account.code} is also of {other}")
            continue
        codes[account.code] = account.name
        if row is not None:
            reserved.add(row.id)
        plan.put(row, _values(account, tenant_id))
    stays = {*unread, *(one.xero_id for one in plan.rejections if one.outcome is Outcome.FAILED)}
    for row in rows:
        account_id = row.values["xero_account_id"]
        if (
            row.id not in reserved
            and account_id
            and account_id not in stays
            and row.values["active"]
        ):
            plan.put(row, {**row.values, "active": False})
    return plan


def _is_usable(account: Account, of_account: dict[object, KnownRow], plan: RowPlan) -> bool:
    if not account.code:
        _reject(plan, Outcome.SKIPPED, account, NO_CODE)
        return False
    if not account.name:
        _reject(plan, Outcome.FAILED, account, NO_NAME)
        return False
    if len(account.code) > LONGEST_CODE:
        reason = f"its Code is longer than {LONGEST_CODE} characters"
        _reject(plan, Outcome.FAILED, account, reason)
        return False
    if account.status == "DELETED" and account.account_id not in of_account:
        _reject(plan, Outcome.SKIPPED, account, DELETED)
        return False
    return True


def _reject(plan: RowPlan, outcome: Outcome, account: Account, reason: str) -> None:
    name = account.name or account.code or "an account without a name"
    plan.rejections.append(Rejection(outcome, name, account.account_id, reason))


def _values(account: Account, tenant_id: str) -> dict[str, object]:
    place = PLACES.get(account.type, Place(account.type[:40], None))
    return {
        "code": account.code,
        "description": account.name[:150],
        "section": place.section,
        "category": place.category,
        "active": account.status == "ACTIVE",
        "tenant_id": tenant_id,
        "xero_account_id": account.account_id,
        "xero_type": account.type[:20] or None,
        "xero_class": account.account_class[:20] or None,
        "xero_status": account.status[:20] or None,
        "xero_system_account": account.system_account[:40] or None,
        "xero_tax_type": account.tax_type[:50] or None,
    }
