"""Signing in: comparing a password, and keeping its hash up to date."""

import datetime as dt
from functools import cache

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from webapp.db import db, transaction
from webapp.models import User

_hasher = PasswordHasher()


def hash_password(password: str) -> str:
    """The hash to keep of a password, under today's argon2 parameters."""
    return _hasher.hash(password)


def sign_in(name: str, password: str, *, now: dt.datetime) -> tuple[int, str] | None:
    """Find who this is.

    Takes as long for an unknown name as for a wrong password, so that nobody can find out names.
    A hash made under older parameters is renewed.

    Returns:
        The user's id and session key, or None when name or password is wrong or the user may
        not sign in.
    """
    # Made for known names too, or the first unknown one would take twice as long.
    of_nobody = _hash_of_nobody()
    row = db.session.execute(
        sa.select(User.id, User.password_hash, User.active).where(
            sa.func.lower(User.name) == name.lower()
        )
    ).first()
    # The comparison takes its time; no transaction is held meanwhile.
    db.session.rollback()
    if not matches(row.password_hash if row else of_nobody, password):
        return None
    if row is None or not row.active:
        return None
    with transaction():
        user = db.session.get_one(User, row.id)
        user.last_signed_in_at = now
        if _hasher.check_needs_rehash(user.password_hash):
            user.password_hash = _hasher.hash(password)
        return user.id, user.session_key


@cache
def _hash_of_nobody() -> str:
    """Made when it is first needed: it takes longer than all else a process does at its start."""
    return _hasher.hash("nobody has this password")


def matches(kept: str, password: str) -> bool:
    """Whether a password is the one whose hash is kept."""
    try:
        return _hasher.verify(kept, password)
    except (VerificationError, InvalidHashError):
        return False
