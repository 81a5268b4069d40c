"""Reading ahead: the next page is on its way while the present one is stored."""

from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import TypeVar

T = TypeVar("T")


def read_ahead(pages: Iterator[T]) -> Generator[T, None, None]:
    """Give what an iterator gives, having it make one more in a thread of its own meanwhile.

    No more than two pages are held at a time. Whatever making a page raises is raised when its
    turn comes: everything before it was given. Close it: the thread lives as long as it does.
    """
    # What is logged of the call names the run, like everything its task logs.
    context = copy_context()

    def following() -> T | None:
        return next(pages, None)

    with ThreadPoolExecutor(1, "read-ahead") as thread:
        coming = thread.submit(context.run, following)
        while (page := coming.result()) is not None:
            coming = thread.submit(context.run, following)
            yield page
