"""Lets nobody write over what they have not seen (RFC 9110, If-Match and ETag).

A record that can be changed is told with an entity tag. A change that names the tag in If-Match is
made only while the record is still as it was then; one that names none is made whatever happened
in between, as long as its callers are the only ones who change those records.
"""

from http import HTTPStatus
from typing import Any, Protocol

from flask import request

from webapp.services.errors import ChangedMeanwhile

IF_MATCH = {
    "in": "header",
    "name": "If-Match",
    "required": False,
    "description": (
        "The ETag of the record as you read it. If somebody changed it since, the answer is 412 "
        "and nothing is changed. Left out, the change is made all the same."
    ),
    "schema": {"type": "string", "pattern": '^"[0-9a-f]{64}"$'},
}
ETAG = {
    "ETag": {
        "description": "The mark of the record as it is told here, for If-Match.",
        "schema": {"type": "string", "pattern": '^"[0-9a-f]{64}"$'},
    }
}


class Marked(Protocol):
    """A record with a mark that is another one as soon as anything of it is another."""

    @property
    def mark(self) -> str:
        """Its fingerprint."""


def tagged(record: Marked, status: int = HTTPStatus.OK, **headers: str) -> tuple[Any, int, Any]:
    """An answer that tells the record's mark beside the record."""
    return record, status, {"ETag": f'"{record.mark}"', **headers}


def seen(record: Marked) -> str | None:
    """The mark the caller saw, for the use case to compare; None where they named none.

    Raises:
        ChangedMeanwhile: the record is not as any of the tags says that came.
    """
    asked = request.if_match
    if request.headers.get("If-Match") is None or asked.star_tag:
        return None
    if not asked.is_strong(record.mark):
        raise ChangedMeanwhile(
            "The record was changed since the ETag in If-Match was told, so nothing was changed.",
            "Read it again, look at what is new, then send the change with its present ETag.",
        )
    return record.mark
