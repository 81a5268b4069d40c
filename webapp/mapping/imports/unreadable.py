"""Records that are not what Xero says its records are."""

from collections.abc import Iterable

from webapp.mapping.imports.outcome import Outcome, Rejection
from webapp.xero.records import Unreadable

REASON = "Xero's record cannot be read ({}): nothing of it was taken"


def unreadable(records: Iterable[Unreadable], nameless: str) -> list[Rejection]:
    """Tell of each. ``nameless`` stands for one that has no name, e.g. "an account"."""
    return [
        Rejection(
            Outcome.FAILED,
            one.name or nameless,
            one.xero_id,
            REASON.format(one.reason),
            one.updated_at,
            one.digest,
        )
        for one in records
    ]
