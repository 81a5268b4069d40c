"""Puts into the audit log what somebody did on the screen."""

from collections.abc import Mapping

from flask import request

from webapp.deps import current_deps
from webapp.services import audit
from webapp.web.security import viewer


def note(action: str, fin_co_id: int, detail: Mapping[str, object]) -> None:
    """Record what the signed-in person just did, and from which address (C14.2)."""
    audit.record(
        at=current_deps().clock(),
        user_id=viewer().user_id,
        fin_co_id=fin_co_id,
        action=action,
        source=source(),
        detail=detail,
    )


def trail() -> audit.Trail:
    """The signed-in person, for use cases that tell the audit log what they did (C14.2)."""
    return audit.Trail(viewer().user_id, source(), current_deps().clock())


def source() -> str:
    """Give the address the request came from."""
    return request.remote_addr or "unknown"
