"""Paths of the accounting API: any case, a closing slash allowed."""

from collections.abc import Callable
from dataclasses import dataclass

from webapp.sandbox.call import Call, EndpointAnswer

Handler = Callable[[Call], EndpointAnswer]
_ALIASES = {"organisations": "organisation"}


@dataclass(frozen=True)
class Match:
    """The endpoint a path leads to."""

    handler: Handler
    variables: dict[str, str]


class Routes:
    """A table of endpoints, written down beside each."""

    def __init__(self) -> None:
        self._routes: list[tuple[str, tuple[str, ...], Handler]] = []

    def on(self, methods: str, *paths: str) -> Callable[[Handler], Handler]:
        """Register an endpoint for one or more methods ("PUT POST") and paths."""

        def register(handler: Handler) -> Handler:
            for method in methods.split():
                for path in paths:
                    self._routes.append((method, tuple(path.split("/")), handler))
            return handler

        return register

    def include(self, other: "Routes") -> None:
        """Take over another table."""
        self._routes.extend(other._routes)  # noqa: SLF001 - the same class

    def find(self, method: str, segments: tuple[str, ...]) -> Match | None:
        """Find the endpoint of a path; earlier registrations win."""
        for of_method, pattern, handler in self._routes:
            if of_method != method:
                continue
            variables = _matches(pattern, segments)
            if variables is not None:
                return Match(handler, variables)
        return None

    def knows(self, segments: tuple[str, ...]) -> bool:
        """Say whether any method leads somewhere on this path."""
        return any(_matches(pattern, segments) is not None for _, pattern, _ in self._routes)


def split_path(path: str) -> tuple[str, ...]:
    """Cut a path into its segments, empty ones left out."""
    parts = tuple(part for part in path.split("/") if part)
    if parts and parts[0].lower() in _ALIASES:
        return (_ALIASES[parts[0].lower()], *parts[1:])
    return parts


def _matches(pattern: tuple[str, ...], segments: tuple[str, ...]) -> dict[str, str] | None:
    if len(pattern) != len(segments):
        return None
    variables = {}
    for expected, given in zip(pattern, segments, strict=True):
        if expected.startswith("{"):
            variables[expected[1:-1]] = given
        elif expected.lower() != given.lower():
            return None
    return variables
