"""Making a company by hand."""

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from webapp.db import db, transaction
from webapp.domain.matching import link_code
from webapp.models import Company, FinCo
from webapp.services import audit
from webapp.services.company_rules import faults_of, taken, template_values
from webapp.services.errors import NotValid


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
            db.session.execute(
                sa.select(FinCo.id).where(FinCo.id == fin_co_id).with_for_update(key_share=True)
            )
            wrong = faults_of(fin_co_id, None, values, values.keys())
            if wrong:
                raise _refused(wrong)
            company = Company(fin_co_id=fin_co_id, **template_values(fin_co_id), **values)
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
        raise _refused({field: taken(field, "another company")}) from error


def _refused(fields: dict[str, str]) -> NotValid:
    return NotValid("The company was not made.", "Mend the marked fields, then press Save.", fields)
