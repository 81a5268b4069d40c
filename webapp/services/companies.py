"""Saving what people set on a company by hand, and no import takes away (R41)."""

import datetime as dt
from dataclasses import asdict, dataclass

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from webapp.db import db, transaction
from webapp.domain.fingerprints import fingerprint
from webapp.domain.matching import link_code
from webapp.models import Company, XeroConnection, XeroContact
from webapp.models.xero import ConnectionState
from webapp.queries.enquiries.company import HAND_SET, led_by_xero
from webapp.services import audit
from webapp.services.errors import ChangedMeanwhile, NotValid

LONGEST_ALPHA_CODE = 20
LONGEST_ACCOUNT = 50


@dataclass(frozen=True, kw_only=True)
class CompanyEdit:
    """What was filled in. Outer spaces are no part of a code or an account (R49)."""

    alpha_code: str
    is_supplier: bool
    ap_account: str
    is_subcontractor: bool


def save_company(
    company_id: int,
    edit: CompanyEdit,
    *,
    seen: str,
    user_id: int,
    source: str,
    now: dt.datetime,
) -> bool:
    """Keep what was filled in for a company.

    Args:
        company_id: which company; the caller checked that the person may see it.
        edit: all of it, as it shall be.
        seen: the fingerprint of what the person saw before.
        user_id: who saves it.
        source: from where, for the audit log.
        now: the present instant.

    Returns:
        Whether anything changed.

    Raises:
        ChangedMeanwhile: it is no longer what the person saw.
        NotValid: an account is taken, something is too long, or it comes from Xero.
    """
    after = {
        **asdict(edit),
        "alpha_code": link_code(edit.alpha_code) or None,
        "ap_account": link_code(edit.ap_account) or None,
    }
    try:
        with transaction():
            company = db.session.get_one(Company, company_id, with_for_update=True)
            before = {name: getattr(company, name) for name in HAND_SET}
            if fingerprint(before) != seen:
                raise ChangedMeanwhile(
                    f"{company.name} was changed by someone else after you opened it, so nothing "
                    "was saved.",
                    "Compare your entries with what is kept now, then save again.",
                )
            changed = audit.changes(before, after)
            _check(company, after, changed)
            if not changed:
                return False
            for name, value in after.items():
                setattr(company, name, value)
            audit.record(
                at=now,
                user_id=user_id,
                fin_co_id=company.fin_co_id,
                action="edit company",
                source=source,
                detail={"company": company.name, **changed},
            )
    except IntegrityError as error:
        # Another took the account in the instant between the check and the writing.
        raise _refused({"ap_account": _taken("another company")}) from error
    return True


def _check(company: Company, after: dict[str, object], changed: dict[str, list[object]]) -> None:
    wrong: dict[str, str] = {}
    if len(str(after["alpha_code"] or "")) > LONGEST_ALPHA_CODE:
        wrong["alpha_code"] = f"An Alpha Code has at most {LONGEST_ALPHA_CODE} characters."
    account = after["ap_account"]
    if account is not None and "ap_account" in changed:
        if len(str(account)) > LONGEST_ACCOUNT:
            wrong["ap_account"] = f"An AP Account has at most {LONGEST_ACCOUNT} characters."
        elif holder := _holder(company, str(account)):
            wrong["ap_account"] = _taken(holder)
    if {"is_supplier", "ap_account"} & changed.keys() and _is_led_by_xero(company):
        wrong["ap_account"] = (
            "Supplier and AP Account of this company come from its contact in Xero, and every "
            "import sets them again. Change the Account Number there."
        )
    if wrong:
        raise _refused(wrong)


def _holder(company: Company, account: str) -> str | None:
    """The name of another company of the FinCo with this AP Account, spaces around it aside."""
    return db.session.scalar(
        sa.select(Company.name)
        .where(
            Company.fin_co_id == company.fin_co_id,
            Company.id != company.id,
            sa.func.trim(Company.ap_account) == account,
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


def _taken(holder: str) -> str:
    return f"This AP Account is that of {holder}. Each company of a FinCo needs its own."


def _refused(fields: dict[str, str]) -> NotValid:
    return NotValid(
        "The company was not saved.", "Mend the marked fields, then save again.", fields
    )
