"""Remembers what writes with an Idempotency-Key came to, so that none is done twice."""

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from webapp.db import db, transaction
from webapp.models import ApiWrite

KEPT_FOR = dt.timedelta(days=7)


@dataclass(frozen=True)
class Answer:
    """What a write was answered with."""

    status: int
    body: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Begun:
    """This write is the first of its key; its outcome goes to ``finish`` or ``forget``."""

    write_id: int


class KeyReused(Exception):
    """The key came before with another request."""


class StillOpen(Exception):
    """The same write came before, and what became of it is not known (yet)."""


def begin(
    token_id: int, key: str, *, method: str, path: str, body: bytes, now: dt.datetime
) -> Begun | Answer:
    """Claim a key for a write, or give the answer that its first time got.

    Args:
        token_id: whose key it is; the keys of two tokens have nothing to do with each other.
        key: what the caller sent.
        method: of the request, as part of what must be the same the second time.
        path: likewise.
        body: likewise.
        now: the present instant.

    Raises:
        KeyReused: the key came before with another request.
        StillOpen: the first time has no answer yet.
    """
    digest = hashlib.sha256(b"\n".join((method.encode(), path.encode(), body))).hexdigest()
    try:
        with transaction():
            db.session.execute(
                sa.delete(ApiWrite).where(
                    ApiWrite.token_id == token_id, ApiWrite.created_at < now - KEPT_FOR
                )
            )
            write = ApiWrite(token_id=token_id, key=key, request_hash=digest, created_at=now)
            db.session.add(write)
            db.session.flush()
            return Begun(write.id)
    except IntegrityError:
        return _earlier(token_id, key, digest)


def finish(begun: Begun, answer: Answer) -> None:
    """Keep the answer for whoever sends the write again."""
    with transaction():
        db.session.execute(
            sa.update(ApiWrite)
            .where(ApiWrite.id == begun.write_id)
            .values(status=answer.status, body=answer.body, headers=dict(answer.headers))
        )


def forget(begun: Begun) -> None:
    """Free the key: the write was refused and changed nothing, so it may be tried again."""
    with transaction():
        db.session.execute(sa.delete(ApiWrite).where(ApiWrite.id == begun.write_id))


def _earlier(token_id: int, key: str, digest: str) -> Answer:
    earlier = db.session.scalar(
        sa.select(ApiWrite).where(ApiWrite.token_id == token_id, ApiWrite.key == key)
    )
    if earlier is None:
        # Refused and forgotten between our look and this one.
        raise StillOpen
    if earlier.request_hash != digest:
        raise KeyReused
    if earlier.status is None:
        raise StillOpen
    return Answer(earlier.status, earlier.body or "", earlier.headers or {})
