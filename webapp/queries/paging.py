"""A long list, a page at a time."""

from dataclasses import dataclass

PAGE_SIZE = 100


@dataclass(frozen=True)
class Page:
    """Which part of a list is shown. Numbers count from 1; one beyond the end is the last."""

    number: int
    total: int

    @property
    def last(self) -> int:
        """The number of the last page; an empty list has one too."""
        return max(1, -(-self.total // PAGE_SIZE))

    @property
    def shown(self) -> int:
        """The page that is really shown."""
        return min(max(1, self.number), self.last)

    @property
    def offset(self) -> int:
        """How many entries come before it."""
        return (self.shown - 1) * PAGE_SIZE
