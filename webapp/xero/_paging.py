"""Going through the pages of an answer without losing a record in silence (xero-api b.3)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic

from webapp.xero.errors import BadResponse
from webapp.xero.records import Page, R

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


def walk(fetch: Callable[[int], RawPage[R]], page_size: int, what: str) -> Iterator[Page[R]]:
    """Give every page. A record may come twice: keep the last by its id.

    Raises:
        BadResponse: Xero counts more records than it gave.
    """
    seen: set[str] = set()
    for _ in range(SWEEPS):
        expected: int | None = None
        for page in _sweep(fetch, page_size):
            seen.update(identifier for identifier, _ in page.raw.records)
            expected = page.raw.item_count
            if page.fresh or page.number == 1:
                yield Page(
                    records=tuple(record for _, record in page.raw.records),
                    number=page.number,
                    page_count=page.raw.page_count,
                    item_count=page.raw.item_count,
                )
        if expected is None or len(seen) >= expected:
            return
    raise BadResponse(f"Xero counts {expected} {what} and gave {len(seen)}")


@dataclass(frozen=True)
class _Numbered(Generic[R]):
    number: int
    raw: RawPage[R]
    fresh: bool


def _sweep(fetch: Callable[[int], RawPage[R]], page_size: int) -> Iterator[_Numbered[R]]:
    seen: set[str] = set()
    number = 0
    while True:
        number += 1
        raw = fetch(number)
        identifiers = {identifier for identifier, _ in raw.records}
        fresh = not identifiers <= seen
        yield _Numbered(number, raw, fresh)
        seen |= identifiers
        if not fresh or _is_last(raw, number, page_size):
            return


def _is_last(raw: RawPage[R], number: int, page_size: int) -> bool:
    if raw.page_count is not None:
        return number >= raw.page_count
    # Xero clamps the size asked for: what counts is the size it says it used.
    return len(raw.records) < (raw.page_size or page_size)
