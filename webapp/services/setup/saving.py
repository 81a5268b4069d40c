"""What saving any set-up record has in common."""

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError

from webapp.domain.setup.fields import BETWEEN
from webapp.queries.setup.records import Record
from webapp.services import audit
from webapp.services.errors import ChangedMeanwhile, NotFound, NotValid

WAY_OUT = "Correct what is marked, then press Save again. What you typed is still there."


@dataclass(frozen=True)
class By:
    """Who changes something, from where, and when; no user where no person does."""

    user_id: int | None
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


@contextmanager
def one_of_a_kind(name: str, field: str, fault: str) -> Iterator[None]:
    """Say at a field what only the database could see: somebody else was faster."""
    try:
        yield
    except IntegrityError as error:
        raise NotValid(f"{name} was not saved.", WAY_OUT, {field: fault}) from error


def log_new(name: str, given: Mapping[str, str], by: By, fin_co_id: int | None = None) -> None:
    """Put into the audit log that a record was made."""
    audit.record(
        at=by.at,
        user_id=by.user_id,
        fin_co_id=fin_co_id,
        action="add set-up",
        source=by.source,
        detail={
            "record": name,
            **audit.changes({}, _in_words({key: value for key, value in given.items() if value})),
        },
    )


def log_change(kept: Record, given: Mapping[str, str], by: By) -> None:
    """Put into the audit log what became of a record."""
    audit.record(
        at=by.at,
        user_id=by.user_id,
        fin_co_id=kept.fin_co_id,
        action="change set-up",
        source=by.source,
        detail={"record": kept.name, **audit.changes(_in_words(kept.texts), _in_words(given))},
    )


def _in_words(texts: Mapping[str, str]) -> dict[str, str]:
    return {name: text.replace(BETWEEN, ", ") for name, text in texts.items()}


def missing(name: str) -> NotFound:
    """The refusal where a record is not there, or no longer."""
    return NotFound(f"There is no such {name}.", "It may have been removed. Open the list again.")
