"""The permissions that a consent gives: what each is for, and which were not given (C4.1, C4.2)."""

from collections.abc import Iterable
from typing import NamedTuple

from webapp.xero.errors import PermissionMissing

PURPOSES = {
    "openid": "keeping one sign-in for each person",
    "profile": "naming the person who connected",
    "email": "naming the person who connected",
    "offline_access": "staying connected for longer than half an hour",
    "accounting.settings.read": "reading the organisation, its accounts, GST and currencies",
    "accounting.contacts": "importing companies and creating them in Xero",
    "accounting.invoices": "exporting AP and sales invoices and credits",
    "accounting.payments.read": "importing payments and job receipts",
    "accounting.manualjournals": "exporting cost, payroll and stock batches",
    "accounting.attachments": "sending the files of invoices along",
    "payroll.employees.read": "matching employees for payroll",
    "payroll.settings.read": "reading pay items for payroll",
    "payroll.timesheets": "sending timesheets to payroll",
}
"""Each permission that is asked for, and what would not work without it."""

ESSENTIAL = ("openid", "offline_access", "accounting.settings.read", "accounting.contacts")
"""Without one of these there is nothing a connection could be used for."""

# What a call is to, by the permission it needs (xero-api a.6).
_OF_COLLECTION = {
    "Accounts": "accounting.settings.read",
    "ContactGroups": "accounting.contacts",
    "Contacts": "accounting.contacts",
    "CreditNotes": "accounting.invoices",
    "Currencies": "accounting.settings.read",
    "Invoices": "accounting.invoices",
    "ManualJournals": "accounting.manualjournals",
    "Organisation": "accounting.settings.read",
    "Payments": "accounting.payments.read",
    "TaxRates": "accounting.settings.read",
    "TrackingCategories": "accounting.settings.read",
}

# Apps from before March 2026 hold these broader names; a grant of one includes the finer ones.
_BROADER = {
    "accounting.invoices": "accounting.transactions",
    "accounting.payments": "accounting.transactions",
    "accounting.manualjournals": "accounting.transactions",
}


class Missing(NamedTuple):
    """A permission that was not given, and what does not work without it."""

    scope: str
    purpose: str


def missing(wanted: Iterable[str], granted: Iterable[str]) -> tuple[Missing, ...]:
    """Which permissions were not given; none are missed where Xero does not say what it gave."""
    given = frozenset(granted)
    if not given:
        return ()
    return tuple(Missing(scope, PURPOSES[scope]) for scope in wanted if not _has(given, scope))


def withheld(error: PermissionMissing) -> Missing | None:
    """Which permission a refused call needed; None where that is not known."""
    collection, *rest = error.path.strip("/").split("/")
    scope = "accounting.attachments" if "Attachments" in rest else _OF_COLLECTION.get(collection)
    return Missing(scope, PURPOSES[scope]) if scope else None


def stops_everything(error: PermissionMissing) -> bool:
    """Whether nothing works without what a call was refused for, or one feature alone stops."""
    lacking = withheld(error)
    return lacking is None or lacking.scope in ESSENTIAL


def _has(given: frozenset[str], scope: str) -> bool:
    """A permission to write includes that to read (xero-api a.6)."""
    writing = scope.removesuffix(".read")
    names = {scope, writing}
    if writing in _BROADER:
        names |= {_BROADER[writing]}
        if scope != writing:
            names |= {f"{_BROADER[writing]}.read"}
    return bool(names & given)
