"""Who is looking, and which FinCos they may look at."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from webapp.db import db
from webapp.domain.access import Permission, Role, may
from webapp.models import FinCo, User
from webapp.models.users import user_fin_cos


@dataclass(frozen=True)
class Viewer:
    """A signed-in person, as far as the screens need to know them."""

    user_id: int
    name: str
    role: Role
    session_key: str
    fin_co_ids: frozenset[int]
    """The FinCos they were given; an administrator sees all, whatever stands here."""
    password_given: bool = False
    """Whether they have to choose a password of their own before anything else."""

    def may(self, permission: Permission) -> bool:
        """Whether this person's role carries the permission."""
        return may(self.role, permission)

    def sees(self, fin_co_id: int) -> bool:
        """Whether this person may see that FinCo's records."""
        return self.role is Role.ADMINISTRATOR or fin_co_id in self.fin_co_ids

    def scope(
        self, column: InstrumentedAttribute[int] | InstrumentedAttribute[int | None]
    ) -> sa.ColumnElement[bool]:
        """The condition that keeps a statement inside the FinCos this person may see."""
        if self.role is Role.ADMINISTRATOR:
            return sa.true()
        return column.in_(sorted(self.fin_co_ids))


@dataclass(frozen=True)
class FinCoChoice:
    """One entry of a Fin Co Code select."""

    id: int
    code: str
    description: str


def viewer(user_id: int, session_key: str) -> Viewer | None:
    """The person of a session, or None when it was ended or the person may not sign in."""
    rows = db.session.execute(
        sa.select(User.name, User.role, User.password_given, user_fin_cos.c.fin_co_id)
        .outerjoin(user_fin_cos, user_fin_cos.c.user_id == User.id)
        .where(User.id == user_id, User.session_key == session_key, User.active)
    ).all()
    if not rows:
        return None
    name, role, password_given, _ = rows[0]
    given = frozenset(row.fin_co_id for row in rows if row.fin_co_id is not None)
    return Viewer(user_id, name, role, session_key, given, password_given)


def visible_fin_cos(viewer: Viewer) -> tuple[FinCoChoice, ...]:
    """The FinCos a person may choose among, by code."""
    rows = db.session.execute(
        sa.select(FinCo.id, FinCo.code, FinCo.description)
        .where(viewer.scope(FinCo.id))
        .order_by(FinCo.code)
    )
    return tuple(FinCoChoice(*row) for row in rows)
