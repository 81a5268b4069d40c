"""The refusal of documents that cannot be stored as they were given."""

from collections.abc import Sequence

from webapp.domain.entry.findings import Finding
from webapp.services.errors import ServiceError


class Refused(ServiceError):
    """Nothing was stored; ``findings`` tell everything that is wrong, each at its field."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        count = len(findings)
        super().__init__(
            findings[0].problem.message
            if count == 1
            else f"{count} things are wrong, so nothing was stored.",
            findings[0].problem.way_out
            if count == 1
            else "Correct what is listed, then send all of it again.",
        )
        self.findings = tuple(findings)
