"""Which accounts of a ledger the documents and journals of Workbench may post to."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

ACTIVE = "ACTIVE"
ARCHIVED = "ARCHIVED"


class AccountFault(StrEnum):
    """What is wrong with an account code. Archived counts as missing: neither takes a line."""

    MISSING = "missing"
    ARCHIVED = "archived"
    WRONG_TYPE = "wrong type"
    SYSTEM_ACCOUNT = "system account"
    NOT_NAMED = "no account named"


class UsageKind(StrEnum):
    """The kind of record that names an account."""

    ACTIVITY = "Activity"
    SALES_CODE = "Sales Code"
    JOB = "Job"
    FIN_CO = "Financial Company"


@dataclass(frozen=True)
class LedgerAccount:
    """An account as the ledger has it; type, status and system account are the ledger's words."""

    code: str
    name: str
    type: str
    status: str
    system_account: str


@dataclass(frozen=True)
class Fault:
    """Why a code takes no line, in words."""

    kind: AccountFault
    name: str | None
    """The account's name, where there is such an account."""
    explanation: str
    way_out: str


@dataclass(frozen=True)
class Usage:
    """A place in Workbench that names an account.

    Attributes:
        kind: the kind of record.
        record: its code.
        side: the field of it that names the account.
        description: what people call the record.
        record_id: its id, for a link.
        in_journals: whether what it is for reaches the ledger as journals.
        profit_centres: whose prefix and suffix lead to this account; empty where it is the same
            in all of them.
    """

    kind: UsageKind
    record: str
    side: str
    description: str
    record_id: int
    in_journals: bool
    profit_centres: tuple[str, ...] = ()


@dataclass(frozen=True)
class AccountProblem:
    """An account code that does not fit; ``code`` is empty where none is named."""

    code: str
    name: str | None
    problem: AccountFault
    explanation: str
    way_out: str
    used_by: tuple[Usage, ...]


_CONTROL = {
    "DEBTORS": "what customers owe",
    "CREDITORS": "what is owed to suppliers",
    "RETAINEDEARNINGS": "retained earnings",
}
"""System accounts a person might choose on purpose, and what Xero keeps in them."""


def compare(
    used: Mapping[str, Sequence[Usage]], ledger: Iterable[LedgerAccount]
) -> tuple[AccountProblem, ...]:
    """Every used code that does not fit, in the order of the codes.

    Args:
        used: the whole account codes, with prefix and suffix, and where each is used.
        ledger: all accounts of the organisation, archived ones included. Codes are compared as
            they are written.
    """
    chart = Chart(ledger)
    return tuple(problem for code in sorted(used) if (problem := _judged(chart, code, used[code])))


class Chart:
    """The accounts of a ledger by their codes, which are compared as they are written."""

    def __init__(self, ledger: Iterable[LedgerAccount]) -> None:
        self._accounts: dict[str, LedgerAccount] = {}
        for account in ledger:
            # A deleted or archived account may have left its code to one that is in use.
            if account.code and (account.code not in self._accounts or account.status == ACTIVE):
                self._accounts[account.code] = account
        self._alike = {_folded(code): code for code in self._accounts}

    def fault(self, code: str, *, journal: bool) -> Fault | None:
        """Why a code takes no line of a document, or of a journal; None where it does."""
        account = self._accounts.get(code)
        if account is None or account.status not in {ACTIVE, ARCHIVED}:
            alike = self._alike.get(_folded(code))
            written = f" It has {alike}, written otherwise." if alike not in {None, code} else ""
            return Fault(
                AccountFault.MISSING,
                None,
                f"Xero has no account {code}.{written}",
                f"Add account {code} in Xero, or correct the code where it is used.",
            )
        named = f"Account {code} {account.name}"
        if account.status == ARCHIVED:
            return Fault(
                AccountFault.ARCHIVED,
                account.name,
                f"{named} is archived in Xero.",
                "Restore it in Xero, or name another account where it is used.",
            )
        refused = refusal(account, journal=journal)
        if refused is None:
            return None
        kind, why = refused
        return Fault(
            kind, account.name, f"{named} {why}.", "Name another account where it is used."
        )


def refusal(account: LedgerAccount, *, journal: bool) -> tuple[AccountFault, str] | None:
    """Why an active account takes no line of a document or journal; None where it does (d.3).

    Args:
        account: the account.
        journal: whether it is to stand on a manual journal, which takes fewer (d.10).
    """
    if account.type == "BANK":
        return AccountFault.WRONG_TYPE, "is a bank account, which takes payments, not lines"
    if account.system_account:
        keeps = _CONTROL.get(account.system_account)
        return AccountFault.SYSTEM_ACCOUNT, (
            f"is where Xero itself keeps {keeps}" if keeps else "is kept by Xero itself"
        )
    if journal and account.type == "INVENTORY":
        return AccountFault.WRONG_TYPE, "is an inventory account, which takes no journals"
    return None


def none_named(used_by: Sequence[Usage]) -> AccountProblem:
    """The problem of lines that are to be exported and whose codes name no account."""
    return AccountProblem(
        code="",
        name=None,
        problem=AccountFault.NOT_NAMED,
        explanation="Lines that wait for export use codes that name no account.",
        way_out="Fill in the account of each code, or that of the jobs.",
        used_by=tuple(used_by),
    )


def _judged(chart: Chart, code: str, used_by: Sequence[Usage]) -> AccountProblem | None:
    fault, blamed = chart.fault(code, journal=False), tuple(used_by)
    if fault is None:
        blamed = tuple(usage for usage in used_by if usage.in_journals)
        fault = chart.fault(code, journal=True) if blamed else None
    if fault is None:
        return None
    return AccountProblem(
        code=code,
        name=fault.name,
        problem=fault.kind,
        explanation=fault.explanation,
        way_out=fault.way_out,
        used_by=blamed,
    )


def _folded(code: str) -> str:
    return code.strip().casefold()
