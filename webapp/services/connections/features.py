"""What a sign-in may do, by the permissions Xero says were given (C4.1, C4.2)."""

from collections.abc import Iterable
from typing import NamedTuple

from webapp.db import db
from webapp.models import PendingConnection, XeroConnection, XeroToken
from webapp.xero.authorize import BASE_SCOPES, PAYROLL_SCOPES

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


class GrantedFeatures(NamedTuple):
    """What a sign-in is good for. Payroll is optional, so it is never counted as missing."""

    payroll: bool
    missing: tuple[Missing, ...]


def granted_features(connection: XeroConnection | PendingConnection) -> GrantedFeatures:
    """What may be done over a connection, or over one that waits to be confirmed (R9, C4.2)."""
    token = db.session.get(XeroToken, connection.token_id) if connection.token_id else None
    granted = token.scope.split() if token else []
    return GrantedFeatures(
        payroll=bool(granted) and not missing(PAYROLL_SCOPES, granted),
        missing=missing(BASE_SCOPES, granted),
    )


def missing(wanted: Iterable[str], granted: Iterable[str]) -> tuple[Missing, ...]:
    """Which permissions were not given; none are missed where Xero does not say what it gave."""
    given = frozenset(granted)
    if not given:
        return ()
    return tuple(Missing(scope, PURPOSES[scope]) for scope in wanted if not _has(given, scope))


def _has(given: frozenset[str], scope: str) -> bool:
    """A permission to write includes that to read (xero-api a.6)."""
    writing = scope.removesuffix(".read")
    names = {scope, writing}
    if writing in _BROADER:
        names |= {_BROADER[writing]}
        if scope != writing:
            names |= {f"{_BROADER[writing]}.read"}
    return bool(names & given)
