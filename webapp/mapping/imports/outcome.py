"""What may become of a record that an import does not bring in, or not without a word."""

import datetime as dt
import hashlib
from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """SKIPPED is by rule and needs nobody; FAILED needs somebody to put something right.

    WARNING is of a record that was brought in, and that somebody should look at.
    """

    SKIPPED = "skipped"
    FAILED = "failed"
    WARNING = "warning"


@dataclass(frozen=True)
class Rejection:
    """A record that was not brought in, and why, in words for a finance person.

    Attributes:
        outcome: whether somebody has to do something.
        name: what people know the record by.
        xero_id: its id at Xero, None where it has none.
        reason: why, with the way out where there is one.
        updated_at: when Xero says it changed; a failed record is asked for again from then on.
        digest: tells records without an id apart.
    """

    outcome: Outcome
    name: str
    xero_id: str | None
    reason: str
    updated_at: dt.datetime | None = None
    digest: str = ""

    @property
    def record_key(self) -> str:
        """What the record is recognised by when it is met again."""
        said = self.digest or hashlib.sha256(f"{self.name}\n{self.reason}".encode()).hexdigest()
        return self.xero_id or said
