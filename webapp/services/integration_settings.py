"""Saving what a FinCo exchanges with its organisation."""

from dataclasses import asdict, dataclass

from webapp.db import db, transaction
from webapp.models import XeroSettings
from webapp.models.xero import TrackingSource


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


def save_settings(fin_co_id: int, settings: Settings) -> None:
    """Keep a FinCo's settings, whether or not it is connected (R6 to R13, R28)."""
    with transaction():
        kept = db.session.get(XeroSettings, fin_co_id)
        if kept is None:
            kept = XeroSettings(fin_co_id=fin_co_id)
            db.session.add(kept)
        for name, value in asdict(settings).items():
            setattr(kept, name, value)
