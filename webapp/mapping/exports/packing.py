"""How documents are put together into requests."""

from collections.abc import Iterable, Iterator, Sequence

from webapp.xero.encoding import encode

MAX_DOCUMENTS = 50
MAX_BYTES = 3_000_000
"""Xero takes 10 MB and names 50 elements and 3.5 MB as the practical ceiling (xero-api b.2)."""


def pack(sizes: Sequence[int]) -> Iterator[range]:
    """Cut a sequence of documents into requests, in order, within both limits.

    Args:
        sizes: bytes each document takes in the body, its separator included.

    Yields:
        Ranges of positions; a document above the byte limit travels alone.
    """
    start, weight = 0, 0
    for position, size in enumerate(sizes):
        if position > start and (position - start == MAX_DOCUMENTS or weight + size > MAX_BYTES):
            yield range(start, position)
            start, weight = position, 0
        weight += size
    if start < len(sizes):
        yield range(start, len(sizes))


def body_of(collection: str, records: Iterable[bytes]) -> bytes:
    """The body of a request for records that are encoded already, as `encode` would write it."""
    return b"{" + encode(collection) + b":[" + b",".join(records) + b"]}"
