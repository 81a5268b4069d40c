"""Saving a Profit Centre."""

from collections.abc import Mapping

import sqlalchemy as sa

from webapp.db import db, transaction
from webapp.domain.setup.fields import faults
from webapp.domain.setup.profit_centres import FIELDS
from webapp.models import FinCo, Location, ProfitCentre
from webapp.queries.setup.profit_centres import offered, told
from webapp.queries.setup.records import Record
from webapp.services.setup.saving import (
    By,
    differs,
    log_change,
    log_new,
    missing,
    one_of_a_kind,
    refuse,
)

_TAKEN = "There is a Profit Centre of this code already. Choose another code."
_WORDS = ("manager", "export_code", "gl_prefix", "gl_suffix", "job_suffix")


def profit_centre_faults(kept: Record | None, given: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with what was filled in, field by field.

    Args:
        kept: the Profit Centre as it is; None for a new one.
        given: all its fields.
    """
    choices = {name: {choice.value for choice in of} for name, of in offered().items()}
    found = faults(FIELDS, given, choices)
    if kept is None and "code" not in found and _is_taken(given["code"]):
        found["code"] = _TAKEN
    return found


def create_profit_centre(given: Mapping[str, str], by: By) -> int:
    """Make a Profit Centre; its code and its FinCo stay as they are for good.

    Raises:
        NotValid: something cannot be kept as it was filled in.
    """
    with one_of_a_kind("The Profit Centre", "code", _TAKEN), transaction():
        refuse("The Profit Centre", profit_centre_faults(None, given))
        fin_co = db.session.execute(
            sa.select(FinCo).where(FinCo.code == given["fin_co"])
        ).scalar_one()
        centre = ProfitCentre(code=given["code"], fin_co=fin_co)
        with db.session.no_autoflush:
            _assign(centre, given)
        db.session.add(centre)
        db.session.flush()
        log_new(f"Profit Centre {centre.code}", given, by, fin_co.id)
        return centre.id


def save_profit_centre(centre_id: int, given: Mapping[str, str], *, mark: str, by: By) -> bool:
    """Keep a Profit Centre as it was filled in.

    Args:
        centre_id: which Profit Centre.
        given: all its fields; code and FinCo are as they were.
        mark: the fingerprint of what the person was shown.
        by: who saves them.

    Returns:
        Whether anything changed.

    Raises:
        ChangedMeanwhile: somebody else saved them in between.
        NotFound: there is no such Profit Centre.
        NotValid: something cannot be kept as it was filled in.
    """
    with transaction():
        centre = db.session.get(ProfitCentre, centre_id, with_for_update=True)
        if centre is None:
            raise missing("Profit Centre")
        kept = told(centre)
        refuse(kept.name, profit_centre_faults(kept, given))
        if not differs(kept, given, mark):
            return False
        _assign(centre, given)
        log_change(kept, given, by)
        return True


def _is_taken(code: str) -> bool:
    alike = sa.func.lower(ProfitCentre.code) == code.lower()
    return db.session.scalar(sa.select(sa.exists().where(alike))) is True


def _assign(centre: ProfitCentre, given: Mapping[str, str]) -> None:
    centre.description = given["description"]
    centre.location = db.session.execute(
        sa.select(Location).where(Location.code == given["location"])
    ).scalar_one()
    for name in _WORDS:
        setattr(centre, name, given[name] or None)
