"""Work in pieces of a size that one transaction carries well."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")

CHUNK = 500


def chunks(items: Sequence[T]) -> Iterator[Sequence[T]]:
    """Give the items in pieces, in their order."""
    for start in range(0, len(items), CHUNK):
        yield items[start : start + CHUNK]
