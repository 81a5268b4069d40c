"""Saving what the ledger knows of a Profit Centre."""

from collections.abc import Mapping

from webapp.db import db, transaction
from webapp.domain.setup.fields import faults
from webapp.domain.setup.profit_centres import FIELDS
from webapp.models import ProfitCentre
from webapp.queries.setup.profit_centres import told
from webapp.services.setup.saving import By, differs, log_change, missing, refuse


def profit_centre_faults(given: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with what was filled in, field by field."""
    return faults(FIELDS, given, {})


def save_profit_centre(centre_id: int, given: Mapping[str, str], *, mark: str, by: By) -> bool:
    """Keep a Profit Centre's Export Code, GL Prefix and GL Suffix.

    Args:
        centre_id: which Profit Centre.
        given: all three.
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
        refuse(kept.name, profit_centre_faults(given))
        if not differs(kept, given, mark):
            return False
        centre.export_code = given["export_code"] or None
        centre.gl_prefix = given["gl_prefix"] or None
        centre.gl_suffix = given["gl_suffix"] or None
        log_change(kept, given, by)
        return True
