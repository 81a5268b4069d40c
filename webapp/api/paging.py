"""Long lists, a page at a time, with links to the others (RFC 8288)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import request
from marshmallow import Schema, fields, validate

PAGE_SIZE = 100
LARGEST_PAGE = 500
LAST_PAGE = 1_000_000


class PageQuery(Schema):
    """Which page is asked for."""

    page = fields.Integer(load_default=1, validate=validate.Range(1, LAST_PAGE))
    page_size = fields.Integer(load_default=PAGE_SIZE, validate=validate.Range(1, LARGEST_PAGE))


@dataclass(frozen=True)
class Slice:
    """The part of a list that is asked for."""

    page: int
    page_size: int

    @property
    def offset(self) -> int:
        """How many entries come before it."""
        return (self.page - 1) * self.page_size


def page_of(item: type[Schema]) -> type[Schema]:
    """The schema of a page of these."""
    return Schema.from_dict(
        {
            "items": fields.List(fields.Nested(item), required=True),
            "total": fields.Integer(required=True),
            "page": fields.Integer(required=True),
            "page_size": fields.Integer(required=True),
        },
        name=f"{item.__name__}Page",
    )


def paged(
    query: Mapping[str, Any], read: Callable[[Slice], tuple[Sequence[object], int]]
) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Read the page that was asked for and answer with it; ``read`` gives it and the total."""
    part = Slice(query["page"], query["page_size"])
    items, total = read(part)
    body = {"items": items, "total": total, "page": part.page, "page_size": part.page_size}
    links = _links(part, total)
    return body, 200, {"Link": links} if links else {}


def _links(part: Slice, total: int) -> str:
    last = max(1, -(-total // part.page_size))
    pages = {"first": 1, "prev": part.page - 1, "next": part.page + 1, "last": last}
    return ", ".join(
        f'<{request.base_url}?{urlencode({**request.args, "page": page})}>; rel="{name}"'
        for name, page in pages.items()
        if 1 <= page <= last
    )
