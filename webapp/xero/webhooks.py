"""What Xero posts to us when something changed there (xero-api d.15)."""

import base64
import hashlib
import hmac
import json
from typing import Any, NamedTuple

from webapp.xero._values import text


class Event(NamedTuple):
    """One change. It says which record, never what is in it."""

    tenant_id: str
    category: str
    """CONTACT, INVOICE, …, in capitals."""
    resource_id: str
    happened: str
    """The instant as Xero writes it; with tenant and record it is what makes an event one."""


def is_genuine(body: bytes, signature: str, key: str) -> bool:
    """Whether these very bytes were signed with our webhook key. Takes the same time either way."""
    digest = hmac.new(key.encode(), body, hashlib.sha256).digest()
    return hmac.compare_digest(base64.b64encode(digest), signature.encode())


def read_events(body: bytes) -> tuple[Event, ...]:
    """The events in a genuine body; none where Xero only asks whether we listen.

    Raises:
        ValueError: it is not what Xero's description says.
    """
    content = json.loads(body)
    try:
        return tuple(_event(row) for row in content["events"])
    except (KeyError, TypeError) as odd:
        raise ValueError("the events cannot be read") from odd


def _event(row: Any) -> Event:
    return Event(
        tenant_id=text(row["tenantId"]).lower(),
        category=text(row["eventCategory"]).upper(),
        resource_id=text(row["resourceId"]).lower(),
        happened=text(row["eventDateUtc"]).upper(),
    )
