"""Export and import runs: the states of their parts, and the state they add up to."""

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum
from typing import Protocol


class ItemState(StrEnum):
    """The fate of one document in an export run.

    BLOCKED was refused here before anything was sent; REJECTED was refused by Xero; UNCERTAIN
    was sent and no trustworthy answer came, so it is looked up before anything is sent again;
    CANCELLED had not left when a person ended the run.
    """

    PENDING = "pending"
    SENDING = "sending"
    UNCERTAIN = "uncertain"
    SENT = "sent"
    REJECTED = "rejected"
    BLOCKED = "blocked"
    CANCELLED = "cancelled"


class RequestState(StrEnum):
    """One HTTP call of an export run; the documents in it share its fate until it is answered."""

    PENDING = "pending"
    SENDING = "sending"
    UNCERTAIN = "uncertain"
    ANSWERED = "answered"
    CANCELLED = "cancelled"


class RunState(StrEnum):
    """What a run as a whole is doing, computed from its parts."""

    RUNNING = "running"
    WAITING = "waiting"
    PAUSED = "paused"
    CANCELLING = "cancelling"
    COMPLETED = "completed"
    COMPLETED_WITH_ERRORS = "completed with errors"
    CANCELLED = "cancelled"
    FAILED = "failed"


class ImportKind(StrEnum):
    """What an import brings in, in the order it is brought in (R25)."""

    COMPANIES = "Companies"
    JOB_RECEIPTS = "Job Receipts"
    PAYMENTS = "Payments"
    GL_ACCOUNTS = "GL Accounts"
    EXPORT_CODES = "Export Codes"
    CURRENCIES = "Currencies"


class RunOrigin(StrEnum):
    """What started a run."""

    PERSON = "person"
    SCHEDULE = "schedule"
    COMMAND = "command"


class KindState(StrEnum):
    """How far one kind of an import run has come."""

    PENDING = "pending"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


UNFINISHED = frozenset({ItemState.PENDING, ItemState.SENDING, ItemState.UNCERTAIN})


class Halts(Protocol):
    """What may keep an export run from going on; each is None where nothing does (UTC)."""

    @property
    def resume_at(self) -> dt.datetime | None:
        """When it goes on by itself."""

    @property
    def paused_at(self) -> dt.datetime | None:
        """When a person stopped it until somebody lets it go on."""

    @property
    def cancelled_at(self) -> dt.datetime | None:
        """When a person ended it."""


def export_state(counts: Mapping[ItemState, int], halts: Halts) -> RunState:
    """The state of an export run from how many of its documents are in which state.

    A run that was cancelled when nothing was left to be held back ended like any other.
    """
    if any(counts.get(state) for state in UNFINISHED):
        if halts.cancelled_at is not None:
            return RunState.CANCELLING
        if halts.paused_at is not None:
            return RunState.PAUSED
        return RunState.RUNNING if halts.resume_at is None else RunState.WAITING
    if counts.get(ItemState.CANCELLED):
        return RunState.CANCELLED
    if counts.get(ItemState.REJECTED) or counts.get(ItemState.BLOCKED):
        return RunState.COMPLETED_WITH_ERRORS
    return RunState.COMPLETED


def import_state(counts: Mapping[KindState, int]) -> RunState:
    """The state of an import run from the states of its kinds."""
    if counts.get(KindState.PENDING) or counts.get(KindState.RUNNING):
        return RunState.RUNNING
    if counts.get(KindState.FAILED):
        return RunState.COMPLETED_WITH_ERRORS if counts.get(KindState.DONE) else RunState.FAILED
    return RunState.COMPLETED
