"""The ``where`` and ``order`` of lists, turned into SQL by a small parser (xero-api b.3).

Only comparisons joined by AND or OR are read; names are checked, values are bound.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from webapp.sandbox.errors import bad_query
from webapp.sandbox.kinds import DAY_COLUMNS, FOLDED_COLUMNS, MONEY_COLUMNS, Kind, fold
from webapp.sandbox.money import cents

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<guid>Guid\(\s*"(?P<guid_text>[0-9a-fA-F-]{36})"\s*\))
    | (?P<day>DateTime(?:\.Parse)?\(\s*(?P<day_parts>[^)]*)\))
    | (?P<text>"(?:[^"\\]|\\.)*")
    | (?P<number>-?\d+(?:\.\d+)?)
    | (?P<join>&&|\|\||AND\b|OR\b)
    | (?P<op>==|!=|<=|>=|<|>)
    | (?P<open>\()
    | (?P<close>\))
    | (?P<name>[A-Za-z][A-Za-z0-9]*(?:\.[A-Za-z][A-Za-z0-9]*)*)
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_SQL_OPS = {"==": "=", "!=": "<>", "<": "<", ">": ">", "<=": "<=", ">=": ">="}
_DEEPEST = 20

Value = str | int | None


@dataclass(frozen=True)
class Condition:
    """A condition on the records table, with the values it binds."""

    sql: str
    values: tuple[Value, ...]


@dataclass(frozen=True)
class _Token:
    sort: str
    text: str
    value: object = None


def parse_where(kind: Kind, text: str) -> Condition:
    """Read a ``where``.

    Raises:
        Refusal: 400 QueryParseException.
    """
    parser = _Parser(kind, _tokens(text))
    return parser.whole()


def parse_order(kind: Kind, text: str | None) -> str:
    """Read an ``order`` (``Date DESC, Total``); the default is by change, then id.

    Raises:
        Refusal: 400 QueryParseException.
    """
    if not text or not text.strip():
        return "updated, id"
    parts = []
    for term in text.split(","):
        words = term.split()
        if not words or len(words) > 2 or (words[1:] and words[1].upper() not in ("ASC", "DESC")):  # noqa: PLR2004 - a name and a direction
            raise bad_query(f"Cannot read the order '{text}'")
        column = _column(kind, words[0])
        parts.append(f"{column} {words[1].upper() if words[1:] else 'ASC'}")
    return ", ".join([*parts, "id"])


def _tokens(text: str) -> list[_Token]:
    tokens = []
    position = 0
    stripped = text.rstrip()
    while position < len(stripped):
        match = _TOKEN.match(stripped, position)
        if match is None:
            raise bad_query(f"Cannot read the filter at '{stripped[position : position + 20]}'")
        position = match.end()
        tokens.append(_token(match))
    return tokens


def _token(match: re.Match[str]) -> _Token:
    if any(match.group(sort) for sort in ("guid", "day", "text", "number")):
        return _Token("value", match.group(), _literal(match))
    for sort in ("join", "op", "open", "close"):
        if match.group(sort):
            return _Token(sort, match.group(sort).upper())
    name = match.group("name")
    literal = {"true": True, "false": False, "null": None}
    if name.lower() in literal:
        return _Token("value", name, literal[name.lower()])
    return _Token("name", name)


def _literal(match: re.Match[str]) -> object:
    if match.group("guid"):
        return match.group("guid_text").lower()
    if match.group("day"):
        return _day(match.group("day_parts"))
    if match.group("text"):
        return re.sub(r"\\(.)", r"\1", match.group("text")[1:-1])
    return Decimal(match.group("number"))


def _day(parts: str) -> date:
    try:
        if parts.strip().startswith('"'):
            return date.fromisoformat(parts.strip().strip('"')[:10])
        year, month, day = (int(part) for part in parts.split(",")[:3])
        return date(year, month, day)
    except ValueError as error:
        raise bad_query(f"Cannot read the date DateTime({parts})") from error


def _column(kind: Kind, name: str) -> str:
    known = kind.where.get(name.lower())
    if known:
        return known
    if not re.fullmatch(r"[A-Za-z]{1,60}(\.[A-Za-z]{1,60})?", name):
        raise bad_query(f"No property or field '{name}' exists in type '{kind.singular}'")
    return f"json_extract(data, '$.{name}')"


class _Parser:
    def __init__(self, kind: Kind, tokens: list[_Token]) -> None:
        self._kind = kind
        self._tokens = tokens
        self._position = 0
        self._depth = 0

    def whole(self) -> Condition:
        condition = self._joined("OR", "||", lambda: self._joined("AND", "&&", self._term))
        if self._position != len(self._tokens):
            raise bad_query(f"Unexpected '{self._tokens[self._position].text}' in the filter")
        return condition

    def _joined(self, word: str, sign: str, part: Callable[[], Condition]) -> Condition:
        parts = [part()]
        while self._peek().sort == "join" and self._peek().text in (word, sign):
            self._position += 1
            parts.append(part())
        if len(parts) == 1:
            return parts[0]
        sql = f" {word} ".join(one.sql for one in parts)
        return Condition(f"({sql})", tuple(value for one in parts for value in one.values))

    def _term(self) -> Condition:
        token = self._next()
        if token.sort == "open":
            self._depth += 1
            if self._depth > _DEEPEST:
                raise bad_query("The filter is nested too deeply")
            inner = self._joined("OR", "||", lambda: self._joined("AND", "&&", self._term))
            if self._next().sort != "close":
                raise bad_query("A bracket is not closed in the filter")
            return inner
        if token.sort != "name":
            raise bad_query(f"Unexpected '{token.text}' in the filter")
        operator, value = self._next(), self._next()
        if operator.sort != "op" or value.sort != "value":
            raise bad_query(f"Unexpected '{operator.text}' after '{token.text}' in the filter")
        return _compare(self._kind, token.text, operator.text, value.value)

    def _peek(self) -> _Token:
        if self._position < len(self._tokens):
            return self._tokens[self._position]
        return _Token("end", "end")

    def _next(self) -> _Token:
        token = self._peek()
        if token.sort == "end":
            raise bad_query("The filter ends too early")
        self._position += 1
        return token


def _compare(kind: Kind, name: str, operator: str, value: object) -> Condition:
    column = _column(kind, name)
    if value is None:
        return Condition(f"{column} IS {'NOT ' if operator == '!=' else ''}NULL", ())
    bound: Value
    if isinstance(value, bool):
        bound = int(value)
    elif isinstance(value, date):
        bound = _bound_day(column, name, value)
    elif isinstance(value, Decimal):
        bound = cents(value) if column in MONEY_COLUMNS else int(value)
    elif column in FOLDED_COLUMNS:
        bound = fold(value)
    elif column in MONEY_COLUMNS:
        bound = _bound_money(str(value), name)
    else:
        bound = str(value)
    return Condition(f"{column} {_SQL_OPS[operator]} ?", (bound,))


def _bound_day(column: str, name: str, value: date) -> Value:
    if column in DAY_COLUMNS:
        return value.isoformat()
    if column == "updated":
        return (value.toordinal() - date(1970, 1, 1).toordinal()) * 86_400_000
    raise bad_query(f"'{name}' is not a date")


def _bound_money(value: str, name: str) -> int:
    try:
        return cents(Decimal(value))
    except InvalidOperation as error:
        raise bad_query(f"'{name}' is not a number") from error
