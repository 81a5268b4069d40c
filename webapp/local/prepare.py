"""What must be there before the processes start: the schema, demo data, people who sign in."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from flask_migrate import upgrade
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from webapp.config import Config, ConfigError
from webapp.db import db
from webapp.deps import current_deps
from webapp.domain.access import Role
from webapp.factory import create_app
from webapp.local.instance import CannotRun
from webapp.models import FinCo
from webapp.services import demo, users

FIRST_PEOPLE = (("admin", Role.ADMINISTRATOR), ("finance", Role.FINANCE))


@dataclass(frozen=True)
class Account:
    """Somebody who can sign in, with the password that is told once."""

    name: str
    role: Role
    password: str = field(repr=False)


def prepare(environ: Mapping[str, str], instance: Path) -> tuple[Account, ...]:
    """Bring the database to the newest schema; fill an empty one.

    Returns:
        The accounts just made; none where there were people already.

    Raises:
        CannotRun: when the configuration or the database does not allow it.
    """
    try:
        config = Config.from_env({**environ, "INSTANCE_PATH": str(instance)})
    except ConfigError as error:
        raise CannotRun(
            "The environment holds settings that cannot be used: " + "; ".join(error.problems)
        ) from None
    with create_app(config).app_context():
        try:
            upgrade()
            demo.load(current_deps().clock())
            if users.anybody():
                return ()
            fin_co_codes = db.session.scalars(select(FinCo.code)).all()
            return tuple(_make(name, role, fin_co_codes) for name, role in FIRST_PEOPLE)
        except OperationalError as error:
            raise CannotRun(f"The database cannot be used: {error.orig}") from None


def _make(name: str, role: Role, fin_co_codes: Sequence[str]) -> Account:
    account = Account(name, role, secrets.token_urlsafe(12))
    users.add(name=name, role=role, password=account.password, fin_co_codes=fin_co_codes)
    return account
