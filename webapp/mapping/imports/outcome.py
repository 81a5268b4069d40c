"""What may become of a record that an import does not bring in."""

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """SKIPPED is by rule and needs nobody; FAILED needs somebody to put something right."""

    SKIPPED = "skipped"
    FAILED = "failed"


@dataclass(frozen=True)
class Rejection:
    """A record that was not brought in, and why, in words for a finance person."""

    outcome: Outcome
    name: str
    xero_id: str | None
    reason: str
