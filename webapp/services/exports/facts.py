"""Reads what is known of a FinCo's organisation, in as many statements whatever is exported."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from webapp.db import db
from webapp.domain.accounts import ACTIVE, Chart, LedgerAccount
from webapp.domain.entry.kinds import SALES
from webapp.mapping.exports.against.facts import (
    Category,
    Facts,
    LockDate,
    SalesNumber,
    TaxRate,
    folded,
)
from webapp.models import (
    Document,
    FinCo,
    GlAccount,
    XeroConnection,
    XeroContact,
    XeroDocument,
    XeroSettings,
    XeroTaxRate,
    XeroTrackingCategory,
)
from webapp.services.connections import granted_features

PERIOD_LOCK = "period lock date"
YEAR_LOCK = "end of year lock date"


def facts_of(fin_co: FinCo, connection: XeroConnection, batch_ids: Sequence[int]) -> Facts:
    """What is known of the organisation a FinCo is connected to.

    Accounts, tax rates, categories and currencies that were never read are not judged; accounts
    neither where the FinCo has ceased to import them, for they grow old.
    """
    here = (fin_co.id, connection.tenant_id)
    accounts = _accounts(here)
    return Facts(
        fin_co=fin_co.code,
        organisation=connection.organisation_name,
        base_currency=fin_co.base_currency_code,
        organisation_currency=connection.base_currency_code,
        locks=lock_dates(connection),
        chart=Chart(account for account, _ in accounts) if accounts else None,
        account_classes={
            account.code: account_class
            for account, account_class in accounts
            if account.status == ACTIVE and account_class
        },
        tax_rates=_tax_rates(here),
        categories=_categories(here) if connection.tracking_read_at else None,
        currencies=(
            None
            if connection.currency_codes is None
            else frozenset(connection.currency_codes.split())
        ),
        contacts_out_of_use=_contacts_out_of_use(here),
        withheld={lack.scope: lack.purpose for lack in granted_features(connection).missing},
        numbers_in_xero=_numbers_in_xero(connection.tenant_id, batch_ids),
    )


def lock_dates(connection: XeroConnection) -> tuple[LockDate, ...]:
    """The organisation's lock dates as it last told them."""
    dates = (
        (PERIOD_LOCK, connection.period_lock_date),
        (YEAR_LOCK, connection.end_of_year_lock_date),
    )
    return tuple(LockDate(name, until) for name, until in dates if until is not None)


def _accounts(here: tuple[int, str]) -> list[tuple[LedgerAccount, str | None]]:
    fin_co_id, tenant_id = here
    settings = db.session.get(XeroSettings, fin_co_id)
    if settings is not None and not settings.sync_gl_accounts:
        return []
    rows = db.session.execute(
        sa.select(
            GlAccount.code,
            GlAccount.description,
            GlAccount.xero_type,
            GlAccount.xero_status,
            GlAccount.xero_system_account,
            GlAccount.xero_class,
        ).where(GlAccount.fin_co_id == fin_co_id, GlAccount.tenant_id == tenant_id)
    )
    return [
        (LedgerAccount(code, name, kind or "", status or "", system or ""), account_class)
        for code, name, kind, status, system, account_class in rows
    ]


def _tax_rates(here: tuple[int, str]) -> Mapping[str, TaxRate] | None:
    rates = db.session.scalars(
        sa.select(XeroTaxRate).where(
            XeroTaxRate.fin_co_id == here[0], XeroTaxRate.tenant_id == here[1]
        )
    )
    known = {}
    for rate in rates:
        classes = {
            "ASSET": rate.can_apply_to_assets,
            "EQUITY": rate.can_apply_to_equity,
            "EXPENSE": rate.can_apply_to_expenses,
            "LIABILITY": rate.can_apply_to_liabilities,
            "REVENUE": rate.can_apply_to_revenue,
        }
        takes = frozenset(name for name, may in classes.items() if may)
        known[rate.tax_type] = TaxRate(rate.name, rate.status, takes)
    return known or None


def _categories(here: tuple[int, str]) -> Mapping[str, Category]:
    rows = db.session.scalars(
        sa.select(XeroTrackingCategory).where(
            XeroTrackingCategory.fin_co_id == here[0], XeroTrackingCategory.tenant_id == here[1]
        )
    )
    return {row.name: Category(row.status, _options(row)) for row in rows}


def _options(category: XeroTrackingCategory) -> Mapping[str, str]:
    # Of two that differ in capitals alone the active one is found.
    options = sorted(category.options, key=lambda option: option["status"] == ACTIVE)
    return {folded(option["name"]): option["status"] for option in options}


def _contacts_out_of_use(here: tuple[int, str]) -> Mapping[str, str]:
    rows = db.session.execute(
        sa.select(XeroContact.contact_id, XeroContact.status).where(
            XeroContact.fin_co_id == here[0],
            XeroContact.tenant_id == here[1],
            XeroContact.status != ACTIVE,
        )
    )
    return dict(rows.all())


def _numbers_in_xero(tenant_id: str, batch_ids: Sequence[int]) -> Mapping[SalesNumber, str]:
    """The sales documents in Xero whose number one of these batches' documents has too.

    Those of other FinCos of the organisation among them: a number is unique in all of it.
    """
    going = aliased(Document)
    rows = db.session.execute(
        sa.select(Document.kind, Document.number, XeroDocument.xero_type)
        .join(XeroDocument, XeroDocument.document_id == Document.id)
        .where(
            XeroDocument.tenant_id == tenant_id,
            Document.kind.in_(SALES),
            Document.number.in_(
                sa.select(going.number).where(going.batch_id.in_(batch_ids), going.kind.in_(SALES))
            ),
        )
    )
    return {
        SalesNumber(xero_type.endswith("CREDIT"), folded(number)): f"{kind.value} {number}"
        for kind, number, xero_type in rows
    }
