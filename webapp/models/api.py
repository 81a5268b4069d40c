from typing import Any

import sqlalchemy as sa
from sqlalchemy import Column, ForeignKey, String, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.db import Base, Instant, PrimaryKey
from webapp.models.fin_cos import FinCo
from webapp.models.users import User

api_token_fin_cos = Table(
    "api_token_fin_cos",
    Base.metadata,
    Column("token_id", ForeignKey("api_tokens.id", ondelete="CASCADE"), primary_key=True),
    Column("fin_co_id", ForeignKey("fin_cos.id", ondelete="CASCADE"), primary_key=True),
)


class ApiToken(Base):
    """What another system proves itself with. Its text is shown once and kept as a hash alone."""

    __tablename__ = "api_tokens"

    id: Mapped[PrimaryKey]
    name: Mapped[str] = mapped_column(String(80))
    prefix: Mapped[str] = mapped_column(String(12))
    """The first characters of its text, by which a person recognises it."""
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    """SHA-256 of its text, which is random and long: nothing slower is needed."""
    rights: Mapped[list[str]] = mapped_column(sa.JSON)
    """Words of domain.access.Permission."""
    created_at: Mapped[Instant]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    expires_at: Mapped[Instant | None]
    last_used_at: Mapped[Instant | None]
    """To the minute: not every call writes."""
    revoked_at: Mapped[Instant | None]
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    fin_cos: Mapped[list[FinCo]] = relationship(secondary=api_token_fin_cos, order_by=FinCo.code)
    created_by: Mapped[User | None] = relationship(foreign_keys=[created_by_id])


class ApiWrite(Base):
    """A write that was sent with an Idempotency-Key, and the answer it got.

    Without a status it is being worked on, or was when its process ended: whether it took effect
    is then for a person to look up, and it is never done again under this key.
    """

    __tablename__ = "api_writes"
    __table_args__ = (UniqueConstraint("token_id", "key"),)

    id: Mapped[PrimaryKey]
    token_id: Mapped[int] = mapped_column(ForeignKey("api_tokens.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(255))
    request_hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[Instant] = mapped_column(index=True)
    status: Mapped[int | None]
    headers: Mapped[dict[str, Any] | None]
    body: Mapped[str | None] = mapped_column(sa.Text)
