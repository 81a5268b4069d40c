"""Reading the lock dates anew for a person who is about to export."""

from collections.abc import Sequence

from webapp.deps import current_deps
from webapp.services.exports.lock_dates import read_lock_dates
from webapp.web.notices import Notice, say


def ask_lock_dates(batch_ids: Sequence[int]) -> None:
    """Ask each organisation of these batches once; say which of them did not answer."""
    deps = current_deps()
    for unanswered in read_lock_dates(deps.xero, batch_ids=batch_ids, now=deps.clock()):
        say(
            Notice(
                "warning",
                unanswered.message,
                f"{unanswered.way_out} Until then the lock dates that were read before count.",
            )
        )
