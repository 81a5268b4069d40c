"""Looking many keys up: in parts, because databases bound the variables of one statement."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")
PART = 400


def parts(keys: Iterable[T], size: int = PART) -> Iterator[list[T]]:
    """Give the keys in lists that one statement can hold."""
    remaining = iter(keys)
    while part := list(islice(remaining, size)):
        yield part
