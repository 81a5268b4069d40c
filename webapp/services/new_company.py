"""Making a company by hand."""

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from webapp.db import db, transaction
from webapp.domain.matching import link_code
from webapp.models import Company, FinCo
from webapp.services import audit
from webapp.services.companies import LONGEST_ACCOUNT, LONGEST_ALPHA_CODE
from webapp.services.errors import NotValid

LONGEST_NAME = 255
FROM_TEMPLATE = (
    "company_type",
    "price_code",
    "location_id",
    "branch",
    "other",
    "credit_status",
    "use_gst",
    "currency_code",
    "payment_terms_days",
    "payment_terms_type",
)
"""What a new company takes from the Template Company, as an imported one does (R43 to R45)."""

_TAKEN = "Another company of this FinCo has this account: {}. Each needs its own."


@dataclass(frozen=True, kw_only=True)
class NewCompany:
    """What was filled in. Outer spaces are no part of a name, a code or an account (R49)."""

    name: str
    alpha_code: str
    is_client: bool
    is_supplier: bool
    is_subcontractor: bool
    ap_account: str
    ar_account: str


def create_company(
    fin_co_id: int, given: NewCompany, *, user_id: int, source: str, now: dt.datetime
) -> int:
    """Make a company of a FinCo and give its id.

    Raises:
        NotValid: something is missing, too long or taken.
    """
    values = {
        "name": given.name.strip(),
        "alpha_code": link_code(given.alpha_code) or None,
        "is_client": given.is_client,
        "is_supplier": given.is_supplier,
        "is_subcontractor": given.is_subcontractor,
        "ap_account": link_code(given.ap_account) or None,
        "ar_account": link_code(given.ar_account) or None,
    }
    try:
        with transaction():
            fin_co = db.session.execute(
                sa.select(FinCo).where(FinCo.id == fin_co_id).with_for_update(key_share=True)
            ).scalar_one()
            wrong = _faults(fin_co_id, values)
            if wrong:
                raise _refused(wrong)
            template = fin_co.template_company
            taken = {name: getattr(template, name) for name in FROM_TEMPLATE if template}
            company = Company(fin_co_id=fin_co_id, **taken, **values)
            db.session.add(company)
            db.session.flush()
            audit.record(
                at=now,
                user_id=user_id,
                fin_co_id=fin_co_id,
                action="add company",
                source=source,
                detail={
                    "company": company.name,
                    **{name: value for name, value in values.items() if value and name != "name"},
                },
            )
            return company.id
    except IntegrityError as error:
        field = "ap_account" if values["ap_account"] else "ar_account"
        raise _refused({field: _TAKEN.format("it was made at this moment")}) from error


def _faults(fin_co_id: int, values: dict[str, str | bool | None]) -> dict[str, str]:
    wrong: dict[str, str] = {}
    name = str(values["name"])
    if not name or not name.isprintable():
        wrong["name"] = "Write the name of the company."
    elif len(name) > LONGEST_NAME:
        wrong["name"] = f"A name has at most {LONGEST_NAME} characters."
    if len(str(values["alpha_code"] or "")) > LONGEST_ALPHA_CODE:
        wrong["alpha_code"] = f"An Alpha Code has at most {LONGEST_ALPHA_CODE} characters."
    if not any(values[role] for role in ("is_client", "is_supplier", "is_subcontractor")):
        wrong["is_supplier"] = "Tick what the company is: client, supplier or subcontractor."
    for field in ("ap_account", "ar_account"):
        account = str(values[field] or "")
        if len(account) > LONGEST_ACCOUNT:
            wrong[field] = f"An account has at most {LONGEST_ACCOUNT} characters."
        elif account and (holder := _holder(fin_co_id, field, account)):
            wrong[field] = _TAKEN.format(holder)
    return wrong


def _holder(fin_co_id: int, field: str, account: str) -> str | None:
    column = getattr(Company, field)
    return db.session.scalar(
        sa.select(Company.name)
        .where(Company.fin_co_id == fin_co_id, sa.func.trim(column) == account)
        .limit(1)
    )


def _refused(fields: dict[str, str]) -> NotValid:
    return NotValid("The company was not made.", "Mend the marked fields, then press Save.", fields)
