"""What a failure of Xero means for the person who asked, in words without our own jargon."""

from functools import singledispatch
from typing import NamedTuple

from webapp.services.permissions import stops_everything, withheld
from webapp.xero.errors import (
    AuthorizationFailed,
    BadResponse,
    GateClosed,
    LimitReached,
    OutcomeUnknown,
    PermissionMissing,
    ReconnectNeeded,
    Refused,
    TooMuchAsked,
    XeroError,
)

CONNECT_AGAIN = "An administrator must press Connect to Xero on the Xero Integration screen."
ASK_FOR_PERMISSION = (
    "An administrator must press Ask for permission, or Connect to Xero, on the Xero Integration "
    "screen."
)
ENDED = (
    "If its trial or plan ended, choose a plan for it in Xero, then press Test; "
    "if nobody uses it any more, press Disconnect."
)
_USED_UP = {"day": "in a day", "app": "from all of Workbench in a minute"}


class Explanation(NamedTuple):
    """What happened and why, and what to do about it."""

    message: str
    way_out: str


@singledispatch
def explain(error: XeroError, organisation: str) -> Explanation:
    """Say what a failure means. ``organisation`` is the name people know the other side by."""
    return Explanation(
        f"Xero did not answer for {organisation}: {error.message}.{_reference(error)}",
        "Try again in a few minutes.",
    )


def _reference(error: XeroError) -> str:
    found = error.correlation_id
    return f" Xero's reference for this call is {found}." if found else ""


@explain.register
def _(error: ReconnectNeeded, organisation: str) -> Explanation:
    if error.reason == "no_refresh_token":
        return Explanation(
            "Xero gave no lasting permission, so the connection would end after 30 minutes.",
            "Connect again and allow everything that the consent page asks for.",
        )
    if error.reason == "tenant_not_connected":
        return Explanation(
            f"Xero says that {organisation} is not connected to Workbench any more: it was "
            "disconnected inside Xero, reset, or its trial ended.",
            f"{CONNECT_AGAIN} {ENDED}",
        )
    return Explanation(
        f"Xero no longer accepts the sign-in that was stored for {organisation}.", CONNECT_AGAIN
    )


@explain.register
def _(error: PermissionMissing, organisation: str) -> Explanation:
    lacking = withheld(error)
    purpose = f" for {lacking.purpose}" if lacking else ""
    said = f" Xero says: {error.detail}." if error.detail else ""
    press = CONNECT_AGAIN if stops_everything(error) else ASK_FOR_PERMISSION
    return Explanation(
        f"The connection to {organisation} lacks a permission that is needed{purpose}.{said}",
        f"{press} Use a Xero login that may do what the consent page asks for.",
    )


@explain.register
def _(error: LimitReached, organisation: str) -> Explanation:
    used = _USED_UP.get(error.problem, "in a minute")
    return Explanation(
        f"Xero takes no more calls for {organisation}: all it allows {used} are used up.",
        f"Try again after {error.retry_at:%d %b %Y %H:%M} UTC.",
    )


@explain.register
def _(error: TooMuchAsked, organisation: str) -> Explanation:
    return Explanation(
        f"{organisation} holds more records than Xero lets anybody go through: it stops at "
        f"100,000. What was imported before stays.{_reference(error)}",
        "Ask Xero's support to let Workbench read this organisation, and name the reference. "
        "Until then untick on the Xero Integration screen what cannot be read: the rest is "
        "imported as before.",
    )


@explain.register
def _(_error: GateClosed, organisation: str) -> Explanation:
    return Explanation(
        f"The shared store (Redis) cannot be reached, so {organisation} was not called.",
        "Ask whoever runs Workbench to start it, then try again.",
    )


@explain.register
def _(error: AuthorizationFailed, organisation: str) -> Explanation:
    if error.code in {"invalid_client", "unauthorized_client"}:
        return Explanation(
            f"Xero does not know this installation of Workbench, so {organisation} cannot be "
            "reached.",
            "Check XERO_CLIENT_ID and XERO_CLIENT_SECRET against the app's page at Xero.",
        )
    return Explanation(
        "Xero did not accept the answer of its consent page: it was used before, or is older "
        "than five minutes.",
        "Press Connect to Xero again.",
    )


@explain.register
def _(error: Refused, organisation: str) -> Explanation:
    said = "; ".join(problem.message for problem in error.problems) or error.message
    return Explanation(
        f"{organisation} refused the request. Xero says: {said}.{_reference(error)}",
        "Put right in Xero what it names, then try again.",
    )


@explain.register
def _(error: OutcomeUnknown, organisation: str) -> Explanation:
    return Explanation(
        f"Xero did not say whether it did what {organisation} was asked for.{_reference(error)}",
        "Try again: what was done is found and not done twice.",
    )


@explain.register
def _(error: BadResponse, organisation: str) -> Explanation:
    return Explanation(
        f"{organisation} gave an answer that cannot be understood: "
        f"{error.message}.{_reference(error)}",
        "Try again; if it stays, report it with this text.",
    )
