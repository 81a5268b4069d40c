"""Why a use case refused, in words for the person who asked."""

from collections.abc import Mapping


class ServiceError(Exception):
    """A refusal a person can act on. ``message`` says what and why, ``way_out`` what to do."""

    def __init__(self, message: str, way_out: str) -> None:
        super().__init__(message)
        self.message = message
        self.way_out = way_out


class NotConnected(ServiceError):
    """The FinCo has no working connection to an organisation (R29, R83)."""


class AlreadyRunning(ServiceError):
    """Somebody else's run holds what was asked for; ``run_id`` names it (R32)."""

    def __init__(self, message: str, way_out: str, run_id: int) -> None:
        super().__init__(message, way_out)
        self.run_id = run_id


class NotAllowedNow(ServiceError):
    """The record is in a state in which this cannot be done."""


class NotFound(ServiceError):
    """There is no such record, or not for this person."""


class ChangedMeanwhile(ServiceError):
    """The record is no longer as the person saw it, so nothing was written over it."""


class NotValid(ServiceError):
    """What was filled in cannot be kept; ``fields`` says what is wrong with which field."""

    def __init__(self, message: str, way_out: str, fields: Mapping[str, str]) -> None:
        super().__init__(message, way_out)
        self.fields = fields
