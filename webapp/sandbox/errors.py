"""What a call can be refused with, in the bodies of xero-api c.3."""

from dataclasses import dataclass, field
from typing import Any

from webapp.sandbox.wire import JsonObject

ZERO_ID = "00000000-0000-0000-0000-000000000000"


class Refusal(Exception):
    """A call answered with an error; nothing it did is kept."""

    def __init__(
        self,
        status: int,
        body: JsonObject | str,
        headers: dict[str, str] | None = None,
        content_type: str | None = None,
    ) -> None:
        super().__init__(status)
        self.status = status
        self.body = body
        self.headers = headers or {}
        self.content_type = content_type


def not_found(
    text: str = "The resource you're looking for cannot be found",
) -> Refusal:
    """No such record or path: plain text, as the service answers."""
    return Refusal(404, text, content_type="text/plain; charset=utf-8")


def not_implemented() -> Refusal:
    """Answer 501: the method does not exist on that endpoint."""
    return Refusal(
        501, "The method requested is not implemented", content_type="text/plain; charset=utf-8"
    )


def exception(number: int, kind: str, message: str, **members: Any) -> Refusal:
    """Answer 400 in the ApiException envelope."""
    return Refusal(400, {"ErrorNumber": number, "Type": kind, "Message": message, **members})


def invalid(elements: list[JsonObject]) -> Refusal:
    """Answer 400: the elements that broke a rule, each with its messages."""
    return exception(
        10, "ValidationException", "A validation exception occurred", Elements=elements
    )


def bad_query(message: str) -> Refusal:
    """Answer 400: the query string cannot be read."""
    return exception(16, "QueryParseException", message)


def bad_body(message: str) -> Refusal:
    """Answer 400: the body cannot be read."""
    return exception(17, "PostDataInvalidException", message)


@dataclass
class Problems:
    """Validation messages of one element, each at the place it belongs to."""

    messages: list[str] = field(default_factory=list)
    lines: dict[int, list[str]] = field(default_factory=dict)
    contact: list[str] = field(default_factory=list)

    def add(self, message: str) -> None:
        """Record a message about the element as a whole, once."""
        if message not in self.messages:
            self.messages.append(message)

    def add_line(self, position: int, message: str) -> None:
        """Record a message about one line (``LineItems[n].ValidationErrors``)."""
        found = self.lines.setdefault(position, [])
        if message not in found:
            found.append(message)

    def add_contact(self, message: str) -> None:
        """Record a message about the contact (``Contact.ValidationErrors``)."""
        if message not in self.contact:
            self.contact.append(message)

    def __bool__(self) -> bool:
        return bool(self.messages or self.lines or self.contact)


def as_entries(messages: list[str]) -> list[JsonObject]:
    """Write messages as ValidationErrors entries."""
    return [{"Message": message} for message in messages]
