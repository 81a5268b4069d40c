"""What tokens did, for the audit log."""

from webapp.api.guard import caller
from webapp.deps import current_deps
from webapp.services import audit


def log(action: str, fin_co_id: int, **detail: object) -> None:
    """Tell the audit log what the caller did to records of a FinCo."""
    audit.record(
        at=current_deps().clock(),
        user_id=None,
        fin_co_id=fin_co_id,
        action=action,
        source=caller().source,
        detail=detail,
    )
