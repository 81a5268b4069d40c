"""What a company may be beside the others of its FinCo, however it comes in."""

from collections.abc import Collection, Mapping
from typing import Any

import sqlalchemy as sa

from webapp.db import db
from webapp.domain.setup.companies import (
    FROM_TEMPLATE,
    LED_BY_XERO,
    LED_FAULT,
    company_faults,
)
from webapp.models import Company, FinCo, XeroConnection, XeroContact
from webapp.models.xero import ConnectionState
from webapp.queries.enquiries.company import led_by_xero


def faults_of(
    fin_co_id: int, company: Company | None, values: Mapping[str, object], changed: Collection[str]
) -> dict[str, str]:
    """What is wrong with a company, by field.

    Args:
        fin_co_id: whose company it is.
        company: as it is kept; None for a new one.
        values: all of it, as it shall be.
        changed: the fields that are new.
    """
    found = company_faults(values, changed)
    for name in ("ap_account", "ar_account"):
        account = str(values.get(name) or "")
        if name in changed and account and name not in found:
            holder = _holder(fin_co_id, name, account, company)
            if holder:
                found[name] = taken(name, holder)
    if company is not None and LED_BY_XERO & set(changed) and _is_led_by_xero(company):
        found["ap_account"] = LED_FAULT
    return found


def taken(field: str, holder: str) -> str:
    """What is said where another company has the account."""
    return (
        f"This {field[:2].upper()} Account is that of {holder}. Each company of a FinCo needs its "
        "own."
    )


def template_values(fin_co_id: int) -> dict[str, Any]:
    """What a new company of the FinCo takes from its Template Company (R43 to R45)."""
    template = db.session.get_one(FinCo, fin_co_id).template_company
    return {name: getattr(template, name) for name in FROM_TEMPLATE} if template else {}


def _holder(fin_co_id: int, field: str, account: str, but: Company | None) -> str | None:
    """The name of another company of the FinCo with this account, spaces around it aside."""
    return db.session.scalar(
        sa.select(Company.name)
        .where(
            Company.fin_co_id == fin_co_id,
            Company.id != (but.id if but else 0),
            sa.func.trim(getattr(Company, field)) == account,
        )
        .limit(1)
    )


def _is_led_by_xero(company: Company) -> bool:
    linked = db.session.scalar(
        sa.select(
            sa.exists().where(
                XeroContact.company_id == company.id,
                XeroContact.fin_co_id == XeroConnection.fin_co_id,
                XeroContact.tenant_id == XeroConnection.tenant_id,
                XeroConnection.state != ConnectionState.DISCONNECTED,
            )
        )
    )
    return led_by_xero(is_client=company.is_client, linked=bool(linked))
