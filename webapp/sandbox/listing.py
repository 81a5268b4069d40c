"""Lists: filters, order, pages (xero-api b.3)."""

from collections.abc import Sequence
from dataclasses import dataclass

from webapp.sandbox.call import Call
from webapp.sandbox.dates import parse_modified_since
from webapp.sandbox.filters import Condition, Value, parse_order, parse_where
from webapp.sandbox.kinds import Kind
from webapp.sandbox.wire import JsonObject

_DEFAULT_PAGE = 100
_LARGEST_PAGE = 1000


@dataclass(frozen=True)
class Listed:
    """What a list gives: its records, and the pagination object of a paged one."""

    records: list[JsonObject]
    pagination: JsonObject | None

    @property
    def paged(self) -> bool:
        """Say whether a page was asked for."""
        return self.pagination is not None

    def answer(self, kind: Kind, records: list[JsonObject]) -> JsonObject:
        """Make the answer's members."""
        if self.pagination is None:
            return {kind.plural: records}
        return {"pagination": self.pagination, kind.plural: records}


def any_of(column: str, values: Sequence[str]) -> Condition | None:
    """Make the condition of a list parameter (IDs, Statuses …); None when it was not given."""
    if not values:
        return None
    marks = ",".join("?" * len(values))
    return Condition(f"{column} IN ({marks})", tuple(values))


def list_records(
    call: Call, kind: Kind, conditions: Sequence[Condition | None] = (), *, paged: bool
) -> Listed:
    """Read a list as the query and the headers ask for it.

    Raises:
        Refusal: 400 for a where or order that cannot be read.
    """
    parts = [one for one in conditions if one is not None]
    if call.query.get("where"):
        parts.append(parse_where(kind, call.query["where"]))
    since = parse_modified_since(call.headers.get("If-Modified-Since"))
    if since is not None:
        parts.append(Condition("updated >= ?", (since,)))
    sql = " AND ".join(part.sql for part in parts) or "1"
    values: list[Value] = [value for part in parts for value in part.values]
    order = parse_order(kind, call.query.get("order"))
    if not paged or not ("page" in call.query or "pagesize" in call.query):
        return Listed(call.books.select(kind, sql, values, order), None)
    page = max(_whole(call.query.get("page"), 1), 1)
    size = min(max(_whole(call.query.get("pagesize"), _DEFAULT_PAGE), 1), _LARGEST_PAGE)
    count = call.books.count(kind, sql, values)
    records = call.books.select(kind, sql, values, order, size, (page - 1) * size)
    pagination = {
        "page": page,
        "pageSize": size,
        "pageCount": -(-count // size),
        "itemCount": count,
    }
    return Listed(records, pagination)


def _whole(text: str | None, default: int) -> int:
    try:
        return int(text or default)
    except ValueError:
        return default
