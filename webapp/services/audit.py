"""The record of who did what, which only ever grows (C14.2)."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from webapp.db import db, transaction
from webapp.models import AuditEvent, User

COMMAND_LINE = "command line"
_SOURCE_LENGTH = 60


def record(
    *,
    at: dt.datetime,
    user_id: int | None,
    fin_co_id: int | None,
    action: str,
    source: str,
    detail: Mapping[str, Any],
) -> None:
    """Add one event, in the caller's transaction where one is open, else in one of its own.

    Args:
        at: when it happened.
        user_id: who did it; None where no person did.
        fin_co_id: whose records it concerned; None where it concerned no FinCo alone.
        action: what was done, in a word or two: connect, disconnect, save, import …
        source: the address the person came from, or COMMAND_LINE.
        detail: what changed, as plain values; see `changes`. Never anything secret.
    """
    if db.session().info.get("in_transaction"):
        _add(at, user_id, fin_co_id, action, source, detail)
        return
    with transaction():
        _add(at, user_id, fin_co_id, action, source, detail)


@dataclass(frozen=True)
class Trail:
    """Who does something, from where and when: handed to the use case that does it.

    What it notes is stored with what was done, or not at all.
    """

    user_id: int | None
    source: str
    at: dt.datetime


def note(trail: Trail | None, action: str, fin_co_id: int, **detail: object) -> None:
    """Add one event in the transaction that is open; nothing where nobody is to be named."""
    if trail is not None:
        _add(trail.at, trail.user_id, fin_co_id, action, trail.source, detail)


def changes(before: Mapping[str, object], after: Mapping[str, object]) -> dict[str, list[object]]:
    """The fields that differ, each with its value before and after."""
    return {
        field: [before.get(field), value]
        for field, value in after.items()
        if before.get(field) != value
    }


def _add(
    at: dt.datetime,
    user_id: int | None,
    fin_co_id: int | None,
    action: str,
    source: str,
    detail: Mapping[str, Any],
) -> None:
    user = None if user_id is None else db.session.get_one(User, user_id)
    db.session.add(
        AuditEvent(
            at=at,
            user_id=user_id,
            user_name=user.name if user else source[:_SOURCE_LENGTH],
            fin_co_id=fin_co_id,
            action=action,
            source=source[:_SOURCE_LENGTH],
            detail=dict(detail),
        )
    )
