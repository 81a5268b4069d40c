"""How far the load of a file has come, and how it was asked to treat bad rows."""

from enum import StrEnum


class LoadState(StrEnum):
    """Where the load of a file stands. Refused: it could not be taken, and nothing was stored."""

    UPLOADED = "uploaded"
    MAPPED = "mapped"
    PREVIEWED = "previewed"
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    REFUSED = "refused"


class LoadMode(StrEnum):
    """What becomes of good rows where there are bad ones."""

    WHOLE = "whole file or nothing"
    GOOD_ROWS = "good rows now"


EDITABLE = frozenset({LoadState.UPLOADED, LoadState.MAPPED, LoadState.PREVIEWED})
"""The states in which the mapping may still change."""
UNFINISHED = frozenset({LoadState.QUEUED, LoadState.RUNNING})
"""The states in which a worker has, or shall have, the run."""
