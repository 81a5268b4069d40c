"""One call of the accounting API, as an endpoint sees it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from webapp.sandbox.books import Books
from webapp.sandbox.errors import bad_body
from webapp.sandbox.identity.users import XeroUser
from webapp.sandbox.kinds import Kind
from webapp.sandbox.wire import JsonObject


@dataclass(frozen=True)
class RawAnswer:
    """Bytes that go out as they are: a downloaded attachment."""

    body: bytes
    content_type: str


@dataclass(frozen=True)
class NoContent:
    """An answer of 204."""


EndpointAnswer = JsonObject | RawAnswer | NoContent


@dataclass
class Call:
    """The books it works on, and what was sent."""

    books: Books
    user: XeroUser | None
    method: str
    query: Mapping[str, str]
    """Query parameters, names in lower case."""
    headers: Mapping[str, str]
    body: Any
    """The parsed JSON or XML body; None when there is none."""
    raw: bytes
    host: str
    path: Mapping[str, str] = field(default_factory=dict)

    def flag(self, name: str, *, default: bool) -> bool:
        """Read a boolean query parameter, in any case."""
        text = self.query.get(name.lower(), "").strip().lower()
        return {"true": True, "false": False}.get(text, default)

    def values(self, name: str) -> list[str]:
        """Read a comma-separated query parameter."""
        return [part.strip() for part in self.query.get(name.lower(), "").split(",") if part]

    @property
    def unit_places(self) -> int:
        """Give the decimals of unit amounts: 2, or 4 with ``unitdp=4``."""
        return 4 if self.query.get("unitdp") == "4" else 2

    def elements(self, kind: Kind) -> list[JsonObject]:
        """Give the elements of the body, with or without the plural wrapper.

        Raises:
            Refusal: 400, there are none.
        """
        return elements_of(self.body, kind.plural, kind.singular)

    def element(self, kind: Kind) -> JsonObject:
        """Give the one element of the body.

        Raises:
            Refusal: 400, there is none.
        """
        return self.elements(kind)[0]


def elements_of(body: Any, plural: str, singular: str) -> list[JsonObject]:
    """Unwrap a body.

    Raises:
        Refusal: 400, it holds no element.
    """
    found = body
    if isinstance(found, dict):
        for name in (plural, singular):
            if isinstance(found.get(name), list | dict) and not _is_member(found, name):
                found = found[name]
                break
    if isinstance(found, dict):
        found = [found]
    if not isinstance(found, list) or not found or not all(isinstance(e, dict) for e in found):
        raise bad_body("The body holds no elements that could be read")
    return found


def _is_member(body: JsonObject, name: str) -> bool:
    """Tell a wrapper from an element that happens to have a member of the wrapper's name."""
    return len(body) > 1 and name in ("Contacts", "Options")


def single(kind: Kind, record: JsonObject) -> JsonObject:
    """Answer one record, in the plural collection as always."""
    return {kind.plural: [record]}
