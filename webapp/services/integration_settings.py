"""Saving what a FinCo exchanges with its organisation."""

import datetime as dt
from dataclasses import asdict, dataclass, fields

from webapp.db import db, transaction
from webapp.domain.problems import Problem
from webapp.models import XeroSettings
from webapp.models.xero import TrackingSource
from webapp.queries.tracking import category_problems
from webapp.services import audit


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the screen offers to change. A category without a name is not sent."""

    tracking_category_1: str | None
    tracking_category_2: str | None
    tracking_source_2: TrackingSource
    sync_companies: bool
    sync_job_receipts: bool
    sync_payments: bool
    sync_gl_accounts: bool
    include_ap_attachments: bool
    include_ar_attachments: bool
    add_history_notes: bool
    track_journals: bool


def save_settings(
    fin_co_id: int, settings: Settings, *, user_id: int | None, source: str, now: dt.datetime
) -> tuple[Problem, ...]:
    """Keep a FinCo's settings, whether or not it is connected (R6 to R13, R28).

    Args:
        fin_co_id: whose settings.
        settings: all of them, as they shall be.
        user_id: who saves them.
        source: from where, for the audit log.
        now: the present instant.

    Returns:
        What is wrong with the tracking categories they name, as far as the organisation's are
        known. The settings are kept all the same: a category may be added in Xero later (R103).
    """
    with transaction():
        kept = db.session.get(XeroSettings, fin_co_id, with_for_update=True)
        if kept is None:
            kept = XeroSettings(fin_co_id=fin_co_id)
            db.session.add(kept)
            before = {}
        else:
            before = {field.name: getattr(kept, field.name) for field in fields(Settings)}
        after = asdict(settings)
        for name, value in after.items():
            setattr(kept, name, value)
        changed = audit.changes(before, after)
        if changed:
            audit.record(
                at=now,
                user_id=user_id,
                fin_co_id=fin_co_id,
                action="save",
                source=source,
                detail=changed,
            )
        db.session.flush()
        return category_problems(fin_co_id)
