"""Whether a call is sent again: a pure table, after xero-api b.1 and c.3.

Reads may be repeated. A write is repeated only where it is certain that the first was not applied:
it never left, a limit turned it away, or its token was not honoured. What is uncertain is looked
up by the caller, never guessed here.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto
from http import HTTPStatus
from typing import Literal

MAX_ATTEMPTS = 4
MAX_LIMIT_ATTEMPTS = 8

_FIRST_BACK_OFF = timedelta(seconds=1)
_CONCURRENT_BACK_OFF = timedelta(milliseconds=250)


@dataclass(frozen=True)
class Outcome:
    """What is known after one attempt.

    `fate`: `not_sent` (the connection was never made), `lost` (sent, no whole answer came) or
    `answered`. `limit` is the breached limit of a 429; `permission` says that a 401 or 403 is
    about a scope or a role.
    """

    fate: Literal["not_sent", "lost", "answered"]
    status: int = 0
    limit: str = ""
    permission: bool = False
    renewed: bool = False


class Verdict(Enum):
    """What a call that is not sent again comes to."""

    ACCEPT = auto()
    LIMIT = auto()
    RECONNECT = auto()
    NOT_CONNECTED = auto()
    PERMISSION = auto()
    REFUSED = auto()
    UNAVAILABLE = auto()
    UNKNOWN = auto()
    BAD = auto()


@dataclass(frozen=True)
class Retry:
    """Send the same bytes again after a pause, first with a new access token where asked."""

    after: timedelta
    renew_token: bool = False


@dataclass(frozen=True)
class GiveUp:
    """Do not send again."""

    verdict: Verdict


def decide(method: str, outcome: Outcome, attempt: int) -> Retry | GiveUp:
    """Decide after attempt number `attempt` (the first is 1)."""
    read = method == "GET"
    if outcome.fate == "not_sent":
        return _again(attempt, Verdict.UNAVAILABLE)
    if outcome.fate == "lost":
        return _again(attempt, Verdict.UNAVAILABLE) if read else GiveUp(Verdict.UNKNOWN)
    status = outcome.status
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return _limited(outcome.limit, attempt)
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        return _not_allowed(outcome)
    if read and status >= HTTPStatus.INTERNAL_SERVER_ERROR and status != HTTPStatus.NOT_IMPLEMENTED:
        return _again(attempt, Verdict.UNAVAILABLE)
    return GiveUp(_final(status, read=read))


def _again(attempt: int, at_last: Verdict) -> Retry | GiveUp:
    if attempt >= MAX_ATTEMPTS:
        return GiveUp(at_last)
    return Retry(_FIRST_BACK_OFF * 2 ** (attempt - 1))


def _limited(limit: str, attempt: int) -> Retry | GiveUp:
    if limit == "day" or attempt >= MAX_LIMIT_ATTEMPTS:
        return GiveUp(Verdict.LIMIT)
    if limit == "concurrent":
        return Retry(_CONCURRENT_BACK_OFF * min(2 ** (attempt - 1), 16))
    # The gate has learnt when the limit ends, and holds every process until then.
    return Retry(timedelta(0))


def _not_allowed(outcome: Outcome) -> Retry | GiveUp:
    if outcome.permission:
        return GiveUp(Verdict.PERMISSION)
    if outcome.status == HTTPStatus.FORBIDDEN:
        return GiveUp(Verdict.NOT_CONNECTED)
    if outcome.renewed:
        return GiveUp(Verdict.RECONNECT)
    return Retry(timedelta(0), renew_token=True)


def _final(status: int, *, read: bool) -> Verdict:
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return Verdict.ACCEPT
    if read and status == HTTPStatus.NOT_MODIFIED:
        return Verdict.ACCEPT
    turned_away = HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR
    if status == HTTPStatus.NOT_IMPLEMENTED or (
        turned_away and status != HTTPStatus.REQUEST_TIMEOUT
    ):
        return Verdict.REFUSED
    return Verdict.BAD if read else Verdict.UNKNOWN
