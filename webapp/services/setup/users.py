"""Who may sign in, what they may do, and which FinCos they see."""

import secrets
from collections.abc import Mapping

import sqlalchemy as sa

from webapp.config import MAIL_ADDRESS
from webapp.db import db, transaction
from webapp.domain.access import Role
from webapp.domain.setup.fields import TICKED, faults, several
from webapp.domain.setup.users import FIELDS
from webapp.models import FinCo, User
from webapp.queries.setup.users import offered, told
from webapp.services import audit
from webapp.services.setup.saving import (
    By,
    differs,
    log_change,
    log_new,
    missing,
    one_of_a_kind,
    refuse,
)
from webapp.services.sign_in import hash_password

_TAKEN = "There is a user of this name already. Choose another name."
_LAST = (
    "This is the last active Administrator. Make another one first, or nobody could change "
    "anything here any more."
)
_PASSWORD_BYTES = 15


def user_faults(user_id: int | None, given: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with what was filled in, field by field.

    Args:
        user_id: whose form it is; None for a new user.
        given: all its fields.
    """
    choices = {name: {choice.value for choice in of} for name, of in offered().items()}
    found = faults(FIELDS, given, choices)
    if "name" not in found and _is_taken(given["name"], user_id):
        found["name"] = _TAKEN
    if given["email"] and "email" not in found and not MAIL_ADDRESS.fullmatch(given["email"]):
        found["email"] = "Write an address like name@builder.test."
    stays = given["role"] == Role.ADMINISTRATOR.value and given["active"] == TICKED
    if user_id is not None and not stays and _is_last_administrator(user_id):
        wrong = "active" if given["role"] == Role.ADMINISTRATOR.value else "role"
        found.setdefault(wrong, _LAST)
    return found


def create_user(given: Mapping[str, str], by: By) -> str:
    """Make a user.

    Returns:
        Their password. Only its argon2 hash is kept, so it is shown now or never.

    Raises:
        NotValid: something cannot be kept as it was filled in.
    """
    password = _new_password()
    password_hash = hash_password(password)
    with one_of_a_kind("The user", "name", _TAKEN), transaction():
        refuse("The user", user_faults(None, given))
        user = User(
            password_hash=password_hash, password_given=True, session_key=secrets.token_hex(16)
        )
        with db.session.no_autoflush:
            _assign(user, given)
        db.session.add(user)
        db.session.flush()
        log_new(f"User {user.name}", given, by)
        return password


def save_user(user_id: int, given: Mapping[str, str], *, mark: str, by: By) -> bool:
    """Keep a user as filled in; one who is no longer active is signed out everywhere.

    Args:
        user_id: which one.
        given: all their fields.
        mark: the fingerprint of what the person was shown.
        by: who saves it.

    Returns:
        Whether anything changed.

    Raises:
        ChangedMeanwhile: somebody else saved it in between.
        NotFound: there is no such user.
        NotValid: something cannot be kept as it was filled in, or nobody would be left who
            administers.
    """
    with one_of_a_kind("The user", "name", _TAKEN), transaction():
        user = _held(user_id)
        kept = told(user)
        refuse(kept.name, user_faults(user_id, given))
        if not differs(kept, given, mark):
            return False
        was_active = user.active
        _assign(user, given)
        if was_active and not user.active:
            user.session_key = secrets.token_hex(16)
        log_change(kept, given, by)
        return True


def give_password(user_id: int, by: By) -> str:
    """Give a user another password, and sign them out everywhere.

    Returns:
        The password, which is shown now or never.

    Raises:
        NotFound: there is no such user.
    """
    password = _new_password()
    password_hash = hash_password(password)
    with transaction():
        user = _held(user_id)
        user.password_hash, user.password_given = password_hash, True
        user.session_key = secrets.token_hex(16)
        audit.record(
            at=by.at,
            user_id=by.user_id,
            fin_co_id=None,
            action="give password",
            source=by.source,
            detail={"record": f"User {user.name}"},
        )
        return password


def _new_password() -> str:
    return secrets.token_urlsafe(_PASSWORD_BYTES)


def _held(user_id: int) -> User:
    # Whoever administers is held too: of two who take it from each other, one must be refused.
    db.session.execute(
        sa.select(User.id)
        .where(sa.or_(User.role == Role.ADMINISTRATOR, User.id == user_id))
        .order_by(User.id)
        .with_for_update()
    )
    user = db.session.get(User, user_id, populate_existing=True)
    if user is None:
        raise missing("user")
    return user


def _is_taken(name: str, user_id: int | None) -> bool:
    alike = sa.func.lower(User.name) == name.lower()
    return db.session.scalar(sa.select(sa.exists().where(alike, User.id != (user_id or 0)))) is True


def _is_last_administrator(user_id: int) -> bool:
    active = db.session.scalars(
        sa.select(User.id).where(User.role == Role.ADMINISTRATOR, User.active)
    ).all()
    return list(active) == [user_id]


def _assign(user: User, given: Mapping[str, str]) -> None:
    user.name = given["name"]
    user.email = given["email"] or None
    user.role = Role(given["role"])
    user.active = given["active"] == TICKED
    codes = several(given["fin_cos"])
    user.fin_cos = list(
        db.session.scalars(sa.select(FinCo).where(FinCo.code.in_(codes)).order_by(FinCo.code))
    )
