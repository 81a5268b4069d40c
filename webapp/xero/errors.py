"""What can go wrong with Xero, each error named for what its catcher must do.

No error carries headers or bodies: tokens and ledgers do not belong in logs. Messages that Xero
means for people (validation problems) are the exception and are kept as problems.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from webapp.xero.records import ElementProblem

ReconnectReason = Literal["refresh_refused", "tenant_not_connected", "no_refresh_token"]


@dataclass(frozen=True)
class Call:
    """The call an error is about, as far as it may be logged."""

    method: str = ""
    path: str = ""
    status: int | None = None
    correlation_id: str | None = None

    def __str__(self) -> str:
        known = (
            f"{self.method} {self.path}".strip(),
            f"status {self.status}" if self.status is not None else "",
            f"correlation {self.correlation_id}" if self.correlation_id else "",
        )
        return ", ".join(part for part in known if part)


NO_CALL = Call()


class XeroError(Exception):
    """Something between us and Xero. `correlation_id` finds the call at Xero's support."""

    def __init__(self, message: str, *, call: Call = NO_CALL) -> None:
        super().__init__(message)
        self.message = message
        self.method = call.method
        self.path = call.path
        self.status = call.status
        self.correlation_id = call.correlation_id
        self._call = call

    def __str__(self) -> str:
        where = str(self._call)
        return f"{self.message} ({where})" if where else self.message

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self)!r})"


class ReconnectNeeded(XeroError):
    """A person must connect again: nothing was applied, and no retry will help.

    `reason`: `refresh_refused` (Xero no longer honours our tokens), `tenant_not_connected` (403:
    the organisation was disconnected, reset or its trial ended), `no_refresh_token` (the consent
    did not include offline_access).
    """

    def __init__(self, message: str, *, reason: ReconnectReason, call: Call = NO_CALL) -> None:
        super().__init__(message, call=call)
        self.reason: ReconnectReason = reason


class PermissionMissing(XeroError):
    """The consent lacks a scope or the consenting user lacks a role: tell which, do not retry."""

    def __init__(self, message: str, *, detail: str, call: Call = NO_CALL) -> None:
        super().__init__(message, call=call)
        self.detail = detail


class LimitReached(XeroError):
    """Xero takes no more calls until `retry_at` (aware UTC): park the work, nothing was applied.

    `problem` is `minute`, `day`, `concurrent` or `app`.
    """

    def __init__(
        self, message: str, *, problem: str, retry_at: datetime, call: Call = NO_CALL
    ) -> None:
        super().__init__(message, call=call)
        self.problem = problem
        self.retry_at = retry_at


class Unavailable(XeroError):
    """Xero could not be asked: try later. For a write this means it was certainly not sent."""


class OutcomeUnknown(XeroError):
    """A write was sent and no trustworthy answer came: look the records up before sending again."""


class Refused(XeroError):
    """Xero refused the whole call (400, 404 …): nothing was applied. Show the problems."""

    def __init__(
        self, message: str, *, problems: tuple[ElementProblem, ...] = (), call: Call = NO_CALL
    ) -> None:
        super().__init__(message, call=call)
        self.problems = problems


class TooMuchAsked(Refused):
    """The organisation is too big for the question: Xero touches 100,000 records at most (b.3)."""


class BadResponse(XeroError):
    """A read answered something that cannot be what it should be: a person must look."""


class Withdrawn(XeroError):
    """The caller took a write back when its turn came: not a byte of it left."""


class GateClosed(XeroError):
    """The shared limiter cannot be reached, so nothing was sent: try later."""


class AuthorizationFailed(XeroError):
    """Xero refused to swap the code for tokens: start the consent again."""

    def __init__(self, *, code: str, description: str = "", call: Call = NO_CALL) -> None:
        super().__init__(f"{code}: {description}" if description else code, call=call)
        self.code = code
        self.description = description
