"""Acting on what Xero says has changed: sooner than the schedule, never in its place."""

import datetime as dt
import hashlib
from collections.abc import Iterable
from typing import TYPE_CHECKING

from webapp.services.imports.scheduling import note_changes
from webapp.xero.webhooks import Event

if TYPE_CHECKING:
    from redis import Redis

CONTACT = "CONTACT"
REMEMBERED = dt.timedelta(days=32)
"""Xero repeats what it could not deliver for 31 days (xero-api d.15)."""


def take_in(redis: "Redis", events: Iterable[Event], now: dt.datetime) -> list[int]:
    """Make the FinCos due an import whose contacts changed; say which they are.

    Xero delivers an event at least once; one that was heard before changes nothing. Which record
    it was does not matter: an import reads them all.

    Args:
        redis: remembers what was heard and what is due.
        events: as they came. Other kinds and unknown organisations are passed over.
        now: the present instant.
    """
    contacts = {_key(event): event.tenant_id for event in events if event.category == CONTACT}
    new = [key for key in contacts if not redis.exists(key)]
    due = note_changes(redis, {contacts[key] for key in new}, now) if new else []
    # Only now: if noting them failed, Xero has to send them again and be heard.
    for key in new:
        redis.set(key, 1, ex=REMEMBERED)
    return due


def _key(event: Event) -> str:
    identity = f"{event.tenant_id}/{event.resource_id}/{event.happened}"
    return f"workbench:xero-event:{hashlib.sha256(identity.encode()).hexdigest()}"
