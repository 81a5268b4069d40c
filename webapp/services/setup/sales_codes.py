"""Saving a Sales Code."""

from collections.abc import Mapping
from typing import TypeVar

import sqlalchemy as sa

from webapp.db import db, transaction
from webapp.domain.setup.fields import TICKED, faults
from webapp.domain.setup.sales_codes import FIELDS
from webapp.models import GstType, SalesCode, WorkCentre
from webapp.queries.setup.records import Record
from webapp.queries.setup.sales_codes import offered, told
from webapp.services.setup.saving import (
    By,
    differs,
    log_change,
    log_new,
    missing,
    one_of_a_kind,
    refuse,
)

_Related = TypeVar("_Related", GstType, WorkCentre)
_NEW = "The Sales Code"
_TAKEN = "There is a Sales Code of this code already. Choose another code."


def sales_code_faults(kept: Record | None, given: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with what was filled in, field by field.

    Args:
        kept: the Sales Code as it is; None for a new one.
        given: all its fields.
    """
    choices = {name: {choice.value for choice in of} for name, of in offered().items()}
    found = faults(FIELDS, given, choices)
    if kept is None and "code" not in found and _is_taken(given["code"]):
        found["code"] = _TAKEN
    return found


def create_sales_code(given: Mapping[str, str], by: By) -> int:
    """Make a Sales Code; its code stays as it is for good.

    Args:
        given: all its fields.
        by: who makes it.

    Returns:
        Its id.

    Raises:
        NotValid: something cannot be kept as it was filled in.
    """
    with one_of_a_kind(_NEW, "code", _TAKEN), transaction():
        refuse(_NEW, sales_code_faults(None, given))
        row = SalesCode(code=given["code"])
        with db.session.no_autoflush:
            _assign(row, given)
        db.session.add(row)
        db.session.flush()
        log_new(told(row).name, given, by)
        return row.id


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
        refuse(kept.name, sales_code_faults(kept, given))
        if not differs(kept, given, mark):
            return False
        _assign(row, given)
        log_change(kept, given, by)
        return True


def _is_taken(code: str) -> bool:
    alike = sa.select(SalesCode.id).where(sa.func.lower(SalesCode.code) == code.lower())
    return db.session.scalar(alike) is not None


def _assign(row: SalesCode, given: Mapping[str, str]) -> None:
    row.description = given["description"]
    row.sales_type = given["sales_type"]
    row.cr_gl_account = given["cr_gl_account"] or None
    row.gst_type = _of_code(GstType, given["gst_type"])
    row.work_centre = _of_code(WorkCentre, given["work_centre"])
    row.active = given["active"] == TICKED


def _of_code(model: type[_Related], code: str) -> _Related | None:
    return db.session.scalar(sa.select(model).where(model.code == code)) if code else None
