"""Validate Accounts: one call to Xero, and what Workbench names beside what it answered."""

import datetime as dt

from webapp.db import db, transaction
from webapp.domain.accounts import AccountProblem, LedgerAccount, compare, none_named
from webapp.models import XeroSettings
from webapp.queries.accounts import AccountsInUse, accounts_in_use
from webapp.services.access import XeroAccess, end_reading
from webapp.services.accounts_validation.report import AccountsReport
from webapp.services.connections import connected, note_failure
from webapp.services.errors import NotAllowedNow
from webapp.services.failures import explain
from webapp.xero.errors import XeroError
from webapp.xero.records import Account


def validate_accounts(xero: XeroAccess, *, fin_co_id: int, now: dt.datetime) -> AccountsReport:
    """Compare every account that Workbench names for a FinCo with the organisation's own.

    The accounts are read afresh, not from the last import: what was archived a minute ago is
    found. When that was and how many do not fit is kept with the FinCo's settings.

    Raises:
        NotConnected: the FinCo has no connection (R29).
        NotAllowedNow: Xero did not give its accounts; what was found before still stands.
    """
    connection = connected(fin_co_id)
    connection_id, name = connection.id, connection.organisation_name
    client = xero.client(connection)
    used = accounts_in_use(fin_co_id)
    end_reading()
    try:
        accounts = client.accounts()
    except XeroError as error:
        note_failure(connection_id, error, now)
        reason = explain(error, name)
        raise NotAllowedNow(
            f"The accounts were not compared. {reason.message}", reason.way_out
        ) from error
    report = AccountsReport(
        checked_at=now,
        organisation_name=name,
        accounts_used=len(used.named),
        problems=_problems(used, accounts),
    )
    _keep(fin_co_id, report)
    return report


def _problems(used: AccountsInUse, accounts: list[Account]) -> tuple[AccountProblem, ...]:
    ledger = [
        LedgerAccount(
            code=account.code,
            name=account.name,
            type=account.type,
            status=account.status,
            system_account=account.system_account,
        )
        for account in accounts
    ]
    found = compare(used.named, ledger)
    return (*found, none_named(used.unnamed)) if used.unnamed else found


def _keep(fin_co_id: int, report: AccountsReport) -> None:
    with transaction():
        settings = db.session.get(XeroSettings, fin_co_id)
        if settings is None:
            settings = XeroSettings(fin_co_id=fin_co_id)
            db.session.add(settings)
        settings.accounts_validated_at = report.checked_at
        settings.accounts_with_problems = len(report.problems)
