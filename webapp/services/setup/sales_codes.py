"""Saving a Sales Code."""

from collections.abc import Mapping

import sqlalchemy as sa

from webapp.db import db, transaction
from webapp.domain.setup.fields import TICKED, faults
from webapp.domain.setup.sales_codes import FIELDS
from webapp.models import GstType, SalesCode
from webapp.queries.setup.sales_codes import offered, told
from webapp.services.setup.saving import By, differs, log_change, missing, refuse


def sales_code_faults(given: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with what was filled in, field by field."""
    choices = {name: {choice.value for choice in of} for name, of in offered().items()}
    return faults(FIELDS, given, choices)


def save_sales_code(sales_code_id: int, given: Mapping[str, str], *, mark: str, by: By) -> bool:
    """Keep a Sales Code as it was filled in.

    Args:
        sales_code_id: which one.
        given: all its fields; the code is as it was.
        mark: the fingerprint of what the person was shown.
        by: who saves it.

    Returns:
        Whether anything changed.

    Raises:
        ChangedMeanwhile: somebody else saved it in between.
        NotFound: there is no such Sales Code.
        NotValid: something cannot be kept as it was filled in.
    """
    with transaction():
        row = db.session.get(SalesCode, sales_code_id, with_for_update=True)
        if row is None:
            raise missing("Sales Code")
        kept = told(row)
        refuse(kept.name, sales_code_faults(given))
        if not differs(kept, given, mark):
            return False
        row.description = given["description"]
        row.sales_type = given["sales_type"]
        row.cr_gl_account = given["cr_gl_account"] or None
        row.gst_type = (
            db.session.scalar(sa.select(GstType).where(GstType.code == given["gst_type"]))
            if given["gst_type"]
            else None
        )
        row.active = given["active"] == TICKED
        log_change(kept, given, by)
        return True
