import sqlalchemy as sa
from sqlalchemy import Column, ForeignKey, String, Table
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.db import Base, Instant, PrimaryKey, word
from webapp.domain.access import Role
from webapp.models.fin_cos import FinCo

user_fin_cos = Table(
    "user_fin_cos",
    Base.metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("fin_co_id", ForeignKey("fin_cos.id", ondelete="CASCADE"), primary_key=True),
)


class User(Base):
    """A person who signs in. Administrators see every FinCo; others those they were given."""

    __tablename__ = "users"

    id: Mapped[PrimaryKey]
    name: Mapped[str] = mapped_column(String(80), unique=True)
    email: Mapped[str | None] = mapped_column(String(254))
    password_hash: Mapped[str] = mapped_column(String(255))
    password_given: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    """Whether an administrator has seen it: at the next sign-in another one has to be chosen."""
    role: Mapped[Role] = word(Role)
    active: Mapped[bool] = mapped_column(default=True)
    session_key: Mapped[str] = mapped_column(String(32))
    """Part of the session's identity: changing it signs the person out everywhere."""
    last_signed_in_at: Mapped[Instant | None]

    fin_cos: Mapped[list[FinCo]] = relationship(secondary=user_fin_cos, order_by=FinCo.code)
