"""One GL Account in its form."""

import sqlalchemy as sa

from webapp.db import db
from webapp.domain.setup.fields import text_of
from webapp.domain.setup.gl_accounts import CATEGORIES, FIELDS
from webapp.models import FinCo, GlAccount, XeroSettings
from webapp.queries.setup import choices
from webapp.queries.setup.records import Choice, Record
from webapp.queries.viewers import Viewer


def record(viewer: Viewer, account_id: int) -> Record | None:
    """An account in its form; None where this person may not see it."""
    account = db.session.get(GlAccount, account_id)
    return told(account) if account and viewer.sees(account.fin_co_id) else None


def told(account: GlAccount) -> Record:
    """The same of a row at hand."""
    fin_co = db.session.get_one(FinCo, account.fin_co_id)
    texts = {
        field.name: text_of(getattr(account, field.name))
        for field in FIELDS
        if field.name != "fin_co"
    }
    facts = {"Type in Xero": account.xero_type, "Status in Xero": account.xero_status}
    return Record(
        f"GL Account {account.code}",
        {**texts, "fin_co": fin_co.code},
        facts if account.xero_account_id else {},
        account.fin_co_id,
    )


def comes_from_xero(account_id: int) -> bool:
    """Whether imports set it."""
    return db.session.get_one(GlAccount, account_id).xero_account_id is not None


def offered(kept: Record | None) -> dict[str, tuple[Choice, ...]]:
    """What each field that is chosen can be chosen from.

    A new account is one of a FinCo whose chart is not imported: its organisation's chart is the
    whole chart (R14).
    """
    return {
        "category": choices.words(*CATEGORIES),
        "fin_co": choices.words(kept.texts["fin_co"]) if kept else _not_imported(),
    }


def _not_imported() -> tuple[Choice, ...]:
    rows = db.session.execute(
        sa.select(FinCo.code, FinCo.description)
        .outerjoin(XeroSettings, XeroSettings.fin_co_id == FinCo.id)
        .where(sa.or_(XeroSettings.fin_co_id.is_(None), sa.not_(XeroSettings.sync_gl_accounts)))
        .order_by(FinCo.code)
    )
    return tuple(Choice(row.code, f"{row.code}: {row.description}") for row in rows)
