"""The users: their list, and one of them in its form."""

import sqlalchemy as sa

from webapp.db import db
from webapp.domain.setup.fields import BETWEEN, text_of
from webapp.domain.setup.users import ROLES
from webapp.models import FinCo, User
from webapp.models.users import user_fin_cos
from webapp.queries.setup import choices
from webapp.queries.setup.listing import Column, Table
from webapp.queries.setup.records import Choice, Record


def table() -> Table:
    """Everybody who signs in or did."""
    fin_cos = (
        sa.select(sa.func.aggregate_strings(FinCo.code, ", "))
        .select_from(user_fin_cos)
        .join(FinCo, FinCo.id == user_fin_cos.c.fin_co_id)
        .where(user_fin_cos.c.user_id == User.id)
        .correlate(User)
        .scalar_subquery()
    )
    return Table(
        columns={
            "name": Column("Name", User.name, searched=True),
            "role": Column("Role", sa.cast(User.role, sa.String), searched=True),
            "fin_cos": Column("Fin Cos", fin_cos),
            "email": Column("Email", User.email, searched=True),
            "active": Column("Active", User.active),
        },
        rows=sa.select(User.id),
        key=User.id,
        active=User.active,
    )


def record(user_id: int) -> Record | None:
    """A user in their form."""
    user = db.session.get(User, user_id)
    return told(user) if user else None


def told(user: User) -> Record:
    """The same of a row at hand."""
    signed_in = user.last_signed_in_at
    return Record(
        f"User {user.name}",
        {
            "name": user.name,
            "email": text_of(user.email),
            "role": user.role.value,
            "active": text_of(user.active),
            "fin_cos": BETWEEN.join(fin_co.code for fin_co in user.fin_cos),
        },
        {"Last signed in": f"{signed_in:%d %b %Y %H:%M} UTC" if signed_in else "never"},
    )


def offered() -> dict[str, tuple[Choice, ...]]:
    """What each field that is chosen can be chosen from."""
    return {"role": choices.words(*ROLES), "fin_cos": choices.fin_cos()}
