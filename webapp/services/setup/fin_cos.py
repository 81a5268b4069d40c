"""Saving a Financial Company."""

from collections.abc import Mapping

import sqlalchemy as sa

from webapp.db import db, transaction
from webapp.domain.setup.fields import faults
from webapp.domain.setup.fin_cos import FIELDS
from webapp.models import Company, FinCo, Location
from webapp.queries.setup.fin_cos import (
    companies_called,
    companies_like,
    company_told,
    offered,
    told,
)
from webapp.queries.setup.records import Record
from webapp.services.setup.saving import By, differs, log_change, missing, refuse

MOST_NAMED = 5


def fin_co_faults(kept: Record, given: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with what was filled in, field by field."""
    choices = {name: {choice.value for choice in of} for name, of in offered().items()}
    found = faults(FIELDS, given, choices)
    text = given["template_company"]
    if text and text != kept.texts["template_company"] and "template_company" not in found:
        called = companies_called(_id(kept), text)
        if len(called) != 1:
            found["template_company"] = _not_one(_id(kept), text, called)
    return found


def save_fin_co(fin_co_id: int, given: Mapping[str, str], *, mark: str, by: By) -> bool:
    """Keep a Financial Company as it was filled in.

    Args:
        fin_co_id: which one.
        given: all its fields; the Template Company by its name, its account, or both as the form
            tells them.
        mark: the fingerprint of what the person was shown.
        by: who saves it.

    Returns:
        Whether anything changed.

    Raises:
        ChangedMeanwhile: somebody else saved it in between.
        NotFound: there is no such FinCo.
        NotValid: something cannot be kept as it was filled in.
    """
    with transaction():
        fin_co = db.session.get(FinCo, fin_co_id, with_for_update=True)
        if fin_co is None:
            raise missing("Financial Company")
        kept = told(fin_co)
        refuse(kept.name, fin_co_faults(kept, given))
        template = _template(kept, fin_co, given["template_company"])
        wanted = {**given, "template_company": company_told(template) if template else ""}
        if not differs(kept, wanted, mark):
            return False
        fin_co.description = given["description"]
        fin_co.bank_account_no = given["bank_account_no"] or None
        fin_co.default_location = (
            db.session.scalar(sa.select(Location).where(Location.code == given["default_location"]))
            if given["default_location"]
            else None
        )
        fin_co.template_company = template
        fin_co.inter_company_gl_account = given["inter_company_gl_account"] or None
        log_change(kept, wanted, by)
        return True


def _id(kept: Record) -> int:
    assert kept.fin_co_id is not None
    return kept.fin_co_id


def _template(kept: Record, fin_co: FinCo, text: str) -> Company | None:
    if text == kept.texts["template_company"]:
        return fin_co.template_company
    return companies_called(fin_co.id, text)[0] if text else None


def _not_one(fin_co_id: int, text: str, called: tuple[Company, ...]) -> str:
    if called:
        names = [company_told(company) for company in called]
        return f"Several companies are called that. Write one of: {'; '.join(names[:MOST_NAMED])}."
    near = [choice.value for choice in companies_like(fin_co_id, text)]
    if near:
        return f"No company is called {text}. Write one of: {'; '.join(near[:MOST_NAMED])}."
    return f"No company of this FinCo is like {text}. Write part of its name or its account."
