import pytest

from tests.integration.exports.follow_ups.office import Office


@pytest.fixture
def office(books, sandbox, deps) -> Office:
    return Office(books, sandbox, deps)
