"""How long the rest of a run will take, judged by how it went lately."""

import datetime as dt
from collections.abc import Sequence

CALLS_A_MINUTE = 60
"""Xero takes no more of one organisation (xero-api b.1)."""

STALLED = dt.timedelta(minutes=2)
"""A call is given up after 100 seconds: with no answer for longer, nothing can be foretold."""

FEWEST = 2
"""One answer has no pace."""


def time_left(left: int, answered: Sequence[dt.datetime], now: dt.datetime) -> dt.timedelta | None:
    """How long until the last request is answered; None while that would be a guess.

    Args:
        left: how many requests have no answer yet.
        answered: when the latest of the others were answered, in any order (UTC).
        now: the present instant.
    """
    if not left:
        return dt.timedelta()
    if len(answered) < FEWEST or now - max(answered) > STALLED:
        return None
    each = (now - min(answered)) / (len(answered) - 1)
    fastest = dt.timedelta(minutes=1) / CALLS_A_MINUTE
    # A short run is over before Xero's limit for a minute is felt.
    return max(each * left, fastest * (left - CALLS_A_MINUTE))
