"""Records that are too large for one request of their own."""

from collections.abc import Iterator

from webapp.domain.problems import Problem

LARGEST_RECORD = 10_000_000
"""Bytes Xero takes in one request (xero-api b.2); packing keeps to less where it can."""


def size_problems(record: str, size: int) -> Iterator[Problem]:
    """Why a record of so many bytes cannot be sent, if it cannot.

    Args:
        record: the document as a person names it.
        size: bytes it takes in the body.
    """
    if size > LARGEST_RECORD:
        yield Problem(
            code="record-too-large",
            record=record,
            message=(
                f"{record} is of {size / 1_000_000:.1f} MB with all its lines; Xero takes 10 MB."
            ),
            way_out="Enter it as several documents with fewer lines each.",
        )
