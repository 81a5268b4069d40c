"""What tokens do, for the audit log."""

from webapp.api.guard import caller
from webapp.deps import current_deps
from webapp.services import audit


def trail() -> audit.Trail:
    """The caller, for use cases that tell the audit log what they did."""
    return audit.Trail(None, caller().source, current_deps().clock())


def log(action: str, fin_co_id: int, **detail: object) -> None:
    """Tell the audit log what the caller did to records of a FinCo."""
    with_it = trail()
    audit.record(
        at=with_it.at,
        user_id=None,
        fin_co_id=fin_co_id,
        action=action,
        source=with_it.source,
        detail=detail,
    )
