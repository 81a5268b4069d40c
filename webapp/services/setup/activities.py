"""Saving an Activity."""

from collections.abc import Mapping
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from webapp.db import db, transaction
from webapp.domain.setup.activities import complete, layout
from webapp.domain.setup.fields import TICKED, faults, number_of
from webapp.models import Activity, GstType, SalesCode, WorkCentre
from webapp.queries.setup.activities import offered, told
from webapp.queries.setup.records import Record
from webapp.services import audit
from webapp.services.errors import NotValid
from webapp.services.setup.saving import WAY_OUT, By, differs, log_change, missing, refuse

_Related = TypeVar("_Related", GstType, WorkCentre, SalesCode)
_WORDS = ("code_type", "sub_type", "cost_category", "unit", "payroll_code")
_ACCOUNTS = ("dr_gl_account", "cr_gl_account")
_TAKEN = "There is an Activity of this code already. Choose another code."


def activity_faults(kept: Record | None, given: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with what was filled in, field by field.

    Args:
        kept: the Activity as it is; None for a new one.
        given: the fields of the popup.
    """
    choices = {name: {choice.value for choice in of} for name, of in offered(kept).items()}
    found = faults(layout(given["code_type"]), given, choices)
    if kept is None and "code" not in found and is_taken(given["code"]):
        found["code"] = _TAKEN
    return found


def create_activity(given: Mapping[str, str], by: By) -> int:
    """Make an Activity; its code stays as it is for good.

    Args:
        given: the fields of the popup.
        by: who makes it.

    Returns:
        Its id.

    Raises:
        NotValid: something cannot be kept as it was filled in.
    """
    try:
        with transaction():
            refuse("The Activity", activity_faults(None, given))
            activity = Activity(code=given["code"])
            wanted = complete({}, given)
            with db.session.no_autoflush:
                _assign(activity, wanted)
            db.session.add(activity)
            db.session.flush()
            filled = {name: value for name, value in wanted.items() if value}
            audit.record(
                at=by.at,
                user_id=by.user_id,
                fin_co_id=None,
                action="add set-up",
                source=by.source,
                detail={"record": f"Activity {activity.code}", **audit.changes({}, filled)},
            )
            return activity.id
    except IntegrityError as error:
        # Somebody else added the code between the look and the write.
        raise NotValid("The Activity was not saved.", WAY_OUT, {"code": _TAKEN}) from error


def save_activity(activity_id: int, given: Mapping[str, str], *, mark: str, by: By) -> bool:
    """Keep an Activity as it was filled in.

    Args:
        activity_id: which one.
        given: the fields of the popup; the code is as it was.
        mark: the fingerprint of what the person was shown.
        by: who saves it.

    Returns:
        Whether anything changed.

    Raises:
        ChangedMeanwhile: somebody else saved it in between.
        NotFound: there is no such Activity.
        NotValid: something cannot be kept as it was filled in.
    """
    with transaction():
        activity = db.session.get(Activity, activity_id, with_for_update=True)
        if activity is None:
            raise missing("Activity")
        kept = told(activity)
        refuse(kept.name, activity_faults(kept, given))
        wanted = complete(kept.texts, given)
        if not differs(kept, wanted, mark):
            return False
        _assign(activity, wanted)
        log_change(kept, wanted, by)
        return True


def is_taken(code: str) -> bool:
    """Whether there is an Activity of this code, in whatever case it is written."""
    alike = sa.select(Activity.id).where(sa.func.lower(Activity.code) == code.lower())
    return db.session.scalar(alike) is not None


def _assign(activity: Activity, given: Mapping[str, str]) -> None:
    activity.description = given["description"]
    for name in (*_WORDS, *_ACCOUNTS):
        setattr(activity, name, given[name] or None)
    activity.cost_rate = number_of(given["cost_rate"])
    activity.include_in_payroll = given["include_in_payroll"] == TICKED
    activity.active = given["active"] == TICKED
    activity.gst_type = _of_code(GstType, given["gst_type"])
    activity.work_centre = _of_code(WorkCentre, given["work_centre"])
    activity.sales_code = _of_code(SalesCode, given["sales_code"])


def _of_code(model: type[_Related], code: str) -> _Related | None:
    return db.session.scalar(sa.select(model).where(model.code == code)) if code else None
