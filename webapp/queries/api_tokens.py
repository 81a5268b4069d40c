"""The API tokens there are, never their text."""

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from webapp.db import db
from webapp.models import ApiToken


@dataclass(frozen=True)
class TokenRow:
    """One token."""

    id: int
    name: str
    prefix: str
    fin_cos: tuple[str, ...]
    rights: tuple[str, ...]
    created_at: dt.datetime
    created_by: str | None
    last_used_at: dt.datetime | None
    expires_at: dt.datetime | None
    revoked_at: dt.datetime | None

    def state(self, now: dt.datetime) -> str:
        """Whether it is good, in a word."""
        if self.revoked_at is not None:
            return "revoked"
        return "expired" if self.expires_at is not None and self.expires_at <= now else "good"


def api_tokens() -> tuple[TokenRow, ...]:
    """Every token, those that are good first, the newest first."""
    rows = db.session.scalars(
        sa.select(ApiToken)
        .options(selectinload(ApiToken.fin_cos), joinedload(ApiToken.created_by))
        .order_by(ApiToken.revoked_at.is_not(None), ApiToken.id.desc())
    )
    return tuple(
        TokenRow(
            id=row.id,
            name=row.name,
            prefix=row.prefix,
            fin_cos=tuple(fin_co.code for fin_co in row.fin_cos),
            rights=tuple(row.rights),
            created_at=row.created_at,
            created_by=row.created_by.name if row.created_by else None,
            last_used_at=row.last_used_at,
            expires_at=row.expires_at,
            revoked_at=row.revoked_at,
        )
        for row in rows
    )
