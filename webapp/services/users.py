"""Making people who sign in, and giving them new passwords."""

import secrets
from collections.abc import Sequence

import sqlalchemy as sa

from webapp.config import MAIL_ADDRESS
from webapp.db import db, transaction
from webapp.domain.access import Role
from webapp.models import FinCo, User
from webapp.services import audit
from webapp.services.errors import NotAllowedNow, NotFound
from webapp.services.sign_in import hash_password, matches

SHORTEST_PASSWORD = 12
LONGEST_NAME = 80


def anybody() -> bool:
    """Whether anybody can sign in at all."""
    return db.session.scalar(sa.select(sa.exists(sa.select(User.id)))) is True


def add(*, name: str, role: Role, password: str, fin_co_codes: Sequence[str]) -> None:
    """Make a user.

    Args:
        name: what they sign in with; upper and lower case are one.
        role: what they are to the whole system.
        password: at least 12 characters; only its argon2 hash is kept.
        fin_co_codes: the FinCos they see. Administrators see every one without being given any.

    Raises:
        NotAllowedNow: when the name is taken or empty, or the password is too short.
        NotFound: when there is no such FinCo.
    """
    name = name.strip()
    if not 0 < len(name) <= LONGEST_NAME:
        raise NotAllowedNow(
            f"A name has 1 to {LONGEST_NAME} characters.", "Choose another name for the user."
        )
    password_hash = _hashed(password)
    with transaction():
        if _by_name(name) is not None:
            raise NotAllowedNow(f"There is a user {name} already.", "Choose another name.")
        db.session.add(
            User(
                name=name,
                role=role,
                password_hash=password_hash,
                session_key=secrets.token_hex(16),
                fin_cos=[_fin_co(code) for code in fin_co_codes],
            )
        )


def set_password(name: str, password: str) -> None:
    """Give a user a new password, and sign them out everywhere.

    Raises:
        NotFound: when there is nobody of that name.
        NotAllowedNow: when the password is too short.
    """
    password_hash = _hashed(password)
    with transaction():
        _keep(_known(name), password_hash)


def choose_password(
    user_id: int, password: str, trail: audit.Trail, *, present: str | None = None
) -> str:
    """Keep the password a person chose in place of the one they were given, or of their last.

    They are signed out everywhere else.

    Args:
        user_id: who chooses.
        password: what they chose.
        trail: who does it, for the audit log.
        present: the password they say is theirs now; None while it is one they were given.

    Returns:
        The key of their sessions from now on.

    Raises:
        NotAllowedNow: when it is too short, is the one they have, or the present one is wrong.
    """
    password_hash = _hashed(password)
    user = db.session.get_one(User, user_id)
    kept, was_given = user.password_hash, user.password_given
    # The comparison takes its time; no transaction is held meanwhile.
    db.session.rollback()
    if not was_given and not matches(kept, present or ""):
        raise NotAllowedNow(
            "Your present password is wrong.",
            "Enter the one you sign in with. If you have lost it, an administrator can give "
            "you another.",
        )
    if matches(kept, password):
        raise NotAllowedNow(
            "That is the password you were given, which somebody else knows."
            if was_given
            else "That is the password you have already.",
            "Choose another.",
        )
    with transaction():
        user = db.session.get_one(User, user_id, with_for_update=True, populate_existing=True)
        if user.password_hash != kept:
            raise NotAllowedNow(
                "Your password was changed in another place meanwhile.",
                "Sign in with the new one.",
            )
        _keep(user, password_hash)
        audit.record(
            at=trail.at,
            user_id=trail.user_id,
            fin_co_id=None,
            action="choose password",
            source=trail.source,
            detail={"record": f"User {user.name}"},
        )
        return user.session_key


def set_email(name: str, address: str) -> None:
    """Say where mail reaches a user, who as an administrator is told of outages.

    Args:
        name: whose address it is.
        address: a bare address; empty where no mail is wanted any more.

    Raises:
        NotFound: when there is nobody of that name.
        NotAllowedNow: when it is no address.
    """
    if address and not MAIL_ADDRESS.fullmatch(address):
        raise NotAllowedNow(f"{address} is no e-mail address.", "Give one like name@builder.test.")
    with transaction():
        _known(name).email = address or None


def _keep(user: User, password_hash: str) -> None:
    user.password_hash, user.password_given = password_hash, False
    user.session_key = secrets.token_hex(16)


def _hashed(password: str) -> str:
    if len(password) < SHORTEST_PASSWORD:
        raise NotAllowedNow(
            f"The password is shorter than {SHORTEST_PASSWORD} characters.",
            "Choose a longer one; a few words make a good one.",
        )
    return hash_password(password)


def _by_name(name: str) -> User | None:
    return db.session.scalar(sa.select(User).where(sa.func.lower(User.name) == name.lower()))


def _known(name: str) -> User:
    user = _by_name(name)
    if user is None:
        known = ", ".join(db.session.scalars(sa.select(User.name).order_by(User.name)))
        raise NotFound(f"There is no user {name}.", f"Known: {known or 'nobody yet'}.")
    return user


def _fin_co(code: str) -> FinCo:
    fin_co = db.session.scalar(sa.select(FinCo).where(FinCo.code == code))
    if fin_co is None:
        known = ", ".join(db.session.scalars(sa.select(FinCo.code).order_by(FinCo.code)))
        raise NotFound(f"There is no FinCo {code}.", f"Known: {known or 'none'}.")
    return fin_co
