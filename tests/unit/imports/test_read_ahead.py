import threading
from contextvars import ContextVar

import pytest

from webapp.services.imports.ahead import read_ahead

LONG = 10


def test_everything_comes_once_and_in_order():
    assert list(read_ahead(iter(range(5)))) == [0, 1, 2, 3, 4]
    assert list(read_ahead(iter(()))) == []


def test_the_next_page_is_made_while_the_present_one_is_worked_on():
    made = [threading.Event() for _ in range(3)]

    def pages():
        for event in made:
            event.set()
            yield event

    for number, _ in enumerate(read_ahead(pages())):
        following = made[number + 1 : number + 2]
        assert all(event.wait(LONG) for event in following)


def test_no_more_than_one_page_is_made_ahead():
    asked: list[int] = []

    def pages():
        for number in range(10):
            asked.append(number)
            yield number

    read = read_ahead(pages())
    assert next(read) == 0
    read.close()
    assert asked == [0, 1]


def test_what_fails_is_raised_after_everything_before_it_was_given():
    def pages():
        yield "first"
        raise LookupError("the second page")

    read = read_ahead(pages())
    assert next(read) == "first"
    with pytest.raises(LookupError, match="the second page"):
        next(read)


def test_what_is_logged_of_a_page_names_the_run():
    run: ContextVar[str] = ContextVar("run")
    run.set("import-7")
    assert list(read_ahead(run.get() for _ in range(2))) == ["import-7", "import-7"]
