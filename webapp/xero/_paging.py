"""Going through the pages of an answer without losing a record in silence (xero-api b.3)."""

from array import array
from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic

from webapp.xero.errors import BadResponse
from webapp.xero.records import Page, R, Unreadable

MAX_PAGE_SIZE = 1000

SWEEPS = 2
"""A record that changes while we page moves to the end and pulls another one over the edge of a
page already read. Going through once more finds it; what is missing then is an error."""


@dataclass(frozen=True)
class RawPage(Generic[R]):
    """One page as Xero gave it: records by id, and Xero's own account of the whole."""

    records: tuple[tuple[str, R], ...]
    page_size: int | None = None
    page_count: int | None = None
    item_count: int | None = None
    unreadable: tuple[Unreadable, ...] = ()

    @property
    def identifiers(self) -> frozenset[str]:
        """What tells the records apart, the unreadable ones too."""
        known = {identifier for identifier, _ in self.records}
        return frozenset(known | {odd.xero_id or odd.digest for odd in self.unreadable})

    def page(self, number: int, but: Container[int] = frozenset()) -> Page[R]:
        """The page as it is handed on, without the records that came before."""
        return Page(
            records=tuple(
                record for identifier, record in self.records if hash(identifier) not in but
            ),
            number=number,
            page_count=self.page_count,
            item_count=self.item_count,
            unreadable=tuple(
                odd for odd in self.unreadable if hash(odd.xero_id or odd.digest) not in but
            ),
        )


def walk(fetch: Callable[[int], RawPage[R]], page_size: int, what: str) -> Iterator[Page[R]]:
    """Give every page. A record that changes meanwhile may come twice: keep the last by its id.

    Of the records themselves no more than a page is held, and of their ids eight bytes each.

    Raises:
        BadResponse: Xero counts more records than it gave.
    """
    met = Met()
    before: Container[int] = frozenset()
    for _ in range(SWEEPS):
        expected: int | None = None
        for number, raw in _sweep(fetch, page_size):
            expected = raw.item_count
            page = raw.page(number, before)
            met.add(raw.identifiers)
            if number == 1 or page.records or page.unreadable:
                yield page
        if expected is None or met.count() >= expected:
            return
        before = met.hashes()
    raise BadResponse(f"Xero counts {expected} {what} and gave {met.count()}")


class Met:
    """Which ids came, in eight bytes each: organisations of any size are gone through."""

    _PARTS = 16

    def __init__(self) -> None:
        self._hashes = array("q")

    def add(self, identifiers: Iterable[str]) -> None:
        """Take note of ids."""
        self._hashes.extend(hash(identifier) for identifier in identifiers)

    def count(self) -> int:
        """How many different ones came. They are told apart part by part, to stay small."""
        return sum(
            len({met for met in self._hashes if met % self._PARTS == rest})
            for rest in range(self._PARTS)
        )

    def hashes(self) -> frozenset[int]:
        """All of them, for the rare pass that looks for what is missing."""
        return frozenset(self._hashes)


def _sweep(fetch: Callable[[int], RawPage[R]], page_size: int) -> Iterator[tuple[int, RawPage[R]]]:
    seen: set[int] = set()
    number = 0
    while True:
        number += 1
        raw = fetch(number)
        whole = hash(raw.identifiers)
        if whole in seen:
            return
        seen.add(whole)
        yield number, raw
        if _is_last(raw, number, page_size):
            return


def _is_last(raw: RawPage[R], number: int, page_size: int) -> bool:
    if raw.page_count is not None:
        return number >= raw.page_count
    # Xero clamps the size asked for: what counts is the size it says it used.
    return len(raw.records) + len(raw.unreadable) < (raw.page_size or page_size)
