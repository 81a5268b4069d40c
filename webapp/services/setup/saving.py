"""What saving any set-up record has in common."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from webapp.queries.setup.records import Record
from webapp.services import audit
from webapp.services.errors import ChangedMeanwhile, NotFound, NotValid

WAY_OUT = "Correct what is marked, then press Save again. What you typed is still there."


@dataclass(frozen=True)
class By:
    """Who changes something, from where, and when."""

    user_id: int
    source: str
    at: dt.datetime


def refuse(name: str, faults: Mapping[str, str]) -> None:
    """Let nothing be kept that has a fault.

    Raises:
        NotValid: there is one.
    """
    if faults:
        raise NotValid(f"{name} was not saved.", WAY_OUT, faults)


def differs(kept: Record, given: Mapping[str, str], mark: str) -> bool:
    """Whether there is anything to be saved.

    Args:
        kept: the record as it is, read in the transaction that saves.
        given: all its fields as they shall be.
        mark: the fingerprint of the record as it was shown to the person.

    Raises:
        ChangedMeanwhile: somebody else saved it in between.
    """
    if dict(kept.texts) == dict(given):
        return False
    if kept.mark != mark:
        raise ChangedMeanwhile(
            f"{kept.name} was changed by somebody else while you had it open, "
            "so nothing was saved yet.",
            "What is kept now stands beside what you typed. Keep or correct yours, "
            "then press Save again.",
        )
    return True


def log_change(kept: Record, given: Mapping[str, str], by: By) -> None:
    """Put into the audit log what became of a record."""
    audit.record(
        at=by.at,
        user_id=by.user_id,
        fin_co_id=kept.fin_co_id,
        action="change set-up",
        source=by.source,
        detail={"record": kept.name, **audit.changes(kept.texts, given)},
    )


def missing(name: str) -> NotFound:
    """The refusal where a record is not there, or no longer."""
    return NotFound(f"There is no such {name}.", "It may have been removed. Open the list again.")
