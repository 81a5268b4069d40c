"""Tokens that other systems prove themselves with: made, recognised, revoked."""

import datetime as dt
import hashlib
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from webapp.db import db, transaction
from webapp.domain.access import API_RIGHTS, Permission, Role
from webapp.models import ApiToken, FinCo
from webapp.queries.viewers import Viewer
from webapp.services import audit
from webapp.services.errors import NotAllowedNow, NotFound

LONGEST_NAME = 80
SHOWN = 10
"""How many characters of a token stay to be seen."""
_MARK = "wbk_"
"""So that a scanner for secrets knows one where it should not be."""
_RANDOM_BYTES = 32
_USED_EVERY = dt.timedelta(minutes=1)


@dataclass(frozen=True)
class Caller:
    """Whoever holds a token that is good now."""

    token_id: int
    name: str
    rights: frozenset[Permission]
    fin_co_ids: frozenset[int]

    @property
    def source(self) -> str:
        """What the audit log calls it."""
        return f"API: {self.name}"

    @property
    def viewer(self) -> Viewer:
        """The caller as the queries take it: one who sees these FinCos and nothing else."""
        return Viewer(0, self.name, Role.READ_ONLY, "", self.fin_co_ids)


@dataclass(frozen=True)
class Made:
    """A new token. ``text`` is to be shown once and is kept nowhere."""

    token_id: int
    text: str

    def __repr__(self) -> str:
        return f"Made(token_id={self.token_id})"


def make_token(
    *,
    name: str,
    fin_co_codes: Sequence[str],
    rights: Iterable[Permission],
    expires_at: dt.datetime | None,
    user_id: int | None,
    source: str,
    now: dt.datetime,
) -> Made:
    """Make a token for these FinCos with these rights.

    Raises:
        NotAllowedNow: it has no name, no FinCo or no right, or it would have expired already.
        NotFound: there is no such FinCo.
    """
    given = [right for right in API_RIGHTS if right in frozenset(rights)]
    name = name.strip()
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        raise NotAllowedNow(
            f"A name has 1 to {LONGEST_NAME} characters.", "Name the system that will use it."
        )
    if not given or not fin_co_codes:
        raise NotAllowedNow(
            "A token without a FinCo or without a right could do nothing.",
            "Tick at least one of each.",
        )
    if expires_at is not None and expires_at <= now:
        raise NotAllowedNow("It would have expired already.", "Choose a day to come, or none.")
    text = _MARK + secrets.token_urlsafe(_RANDOM_BYTES)
    with transaction():
        token = ApiToken(
            name=name,
            prefix=text[:SHOWN],
            token_hash=_hash(text),
            rights=[right.value for right in given],
            created_at=now,
            created_by_id=user_id,
            expires_at=expires_at,
            fin_cos=_fin_cos(fin_co_codes),
        )
        db.session.add(token)
        db.session.flush()
        audit.record(
            at=now,
            user_id=user_id,
            fin_co_id=None,
            action="make API token",
            source=source,
            detail={
                "token": f"{name} ({token.prefix}…)",
                "fin_cos": ", ".join(sorted(fin_co_codes)),
                "rights": ", ".join(token.rights),
                "expires": expires_at.date().isoformat() if expires_at else None,
            },
        )
        return Made(token.id, text)


def revoke_token(token_id: int, *, user_id: int | None, source: str, now: dt.datetime) -> str:
    """End a token at once and for good; give its name. One that is ended stays so.

    Raises:
        NotFound: there is none of that id.
    """
    with transaction():
        token = db.session.get(ApiToken, token_id, with_for_update=True)
        if token is None:
            raise NotFound("There is no such token.", "Look at the list of tokens.")
        if token.revoked_at is None:
            token.revoked_at = now
            token.revoked_by_id = user_id
            audit.record(
                at=now,
                user_id=user_id,
                fin_co_id=None,
                action="revoke API token",
                source=source,
                detail={"token": f"{token.name} ({token.prefix}…)"},
            )
        return token.name


def identify(text: str, now: dt.datetime) -> Caller | None:
    """Who holds this token; None where it is unknown, expired or revoked."""
    token = db.session.scalar(
        sa.select(ApiToken)
        .where(ApiToken.token_hash == _hash(text), ApiToken.revoked_at.is_(None))
        .options(selectinload(ApiToken.fin_cos))
        .execution_options(populate_existing=True)
    )
    if token is None or (token.expires_at is not None and token.expires_at <= now):
        return None
    caller = Caller(
        token.id,
        token.name,
        frozenset(Permission(word) for word in token.rights),
        frozenset(fin_co.id for fin_co in token.fin_cos),
    )
    if token.last_used_at is None or now - token.last_used_at >= _USED_EVERY:
        with transaction():
            db.session.execute(
                sa.update(ApiToken).where(ApiToken.id == caller.token_id).values(last_used_at=now)
            )
    return caller


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


def _fin_cos(codes: Sequence[str]) -> list[FinCo]:
    found = list(db.session.scalars(sa.select(FinCo).where(FinCo.code.in_(codes))))
    unknown = sorted(set(codes) - {fin_co.code for fin_co in found})
    if unknown:
        raise NotFound(f"There is no FinCo {', '.join(unknown)}.", "Check its code.")
    return found
