"""What went wrong with a record, in words a finance person can act on."""

from dataclasses import asdict, dataclass, fields
from typing import Any, Self


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One reason why a record could not go, built where the knowledge is and shown everywhere.

    Attributes:
        code: stable name of the cause, for grouping and for scripts.
        record: the document or row it concerns, as a person would name it.
        message: what happened and why.
        way_out: what to do about it.
        line: number of the line inside the document, where one is to blame.
        verbatim: Xero's own words, unchanged (C5.1).
        request_id: Xero's correlation id, by which its support finds the request.
    """

    code: str
    record: str
    message: str
    way_out: str
    line: int | None = None
    verbatim: str | None = None
    request_id: str | None = None

    def to_json(self) -> dict[str, Any]:
        """The problem as plain values, for keeping."""
        return {key: value for key, value in asdict(self).items() if value is not None}

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Self:
        """The problem as it was kept; members of later versions are left aside."""
        known = {item.name for item in fields(cls)}
        return cls(**{key: value for key, value in kept.items() if key in known})
