"""Saving what people set on a company by hand, and no import takes away (R41)."""

import datetime as dt
from dataclasses import asdict, dataclass

from sqlalchemy.exc import IntegrityError

from webapp.db import db, transaction
from webapp.domain.fingerprints import fingerprint
from webapp.domain.matching import link_code
from webapp.domain.setup.companies import ROLES
from webapp.models import Company
from webapp.queries.enquiries.company import HAND_SET
from webapp.services import audit
from webapp.services.company_rules import faults_of, taken
from webapp.services.errors import ChangedMeanwhile, NotValid


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
            whole = {**{name: getattr(company, name) for name in ROLES}, **after}
            wrong = faults_of(company.fin_co_id, company, whole, changed)
            if wrong:
                raise _refused(wrong)
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
        raise _refused({"ap_account": taken("ap_account", "another company")}) from error
    return True


def _refused(fields: dict[str, str]) -> NotValid:
    return NotValid(
        "The company was not saved.", "Mend the marked fields, then save again.", fields
    )
