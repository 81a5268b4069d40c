"""Reads a mapping file (TOML) and names everything that is wrong with it at once."""

import tomllib
from collections.abc import Iterable
from typing import Any, TypeGuard, TypeVar

from webapp.domain.ingest.errors import MappingRefused
from webapp.domain.ingest.mapping import (
    ACTIVITY_CODE,
    COLUMN_ONLY,
    OPTIONAL,
    PROFIT_CENTRE_CODE,
    ActivityTarget,
    ColumnMapping,
    Creatable,
    Field,
    Unknown,
)
from webapp.domain.ingest.values import names_a_day, same_name, tidy

ENCODINGS = ("utf-8", "cp1252", "iso-8859-1", "iso-8859-15", "cp850", "mac-roman")
_DELIMITERS = (",", ";", "\t", "|")
_DECIMAL_MARKS = (".", ",")
_Word = TypeVar("_Word", str, None)
_ACCOUNT_CODE = 10
_CURRENCY_CODE = 3
_SECTIONS = (
    "file", "columns", "formats", "constants", "fallbacks", "create", "activities",
    "profit_centres",
)  # fmt: skip


def parse_mapping(text: str) -> ColumnMapping:
    """Read the text of a mapping file.

    Raises:
        MappingRefused: with everything that is wrong in it.
    """
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise MappingRefused([f"it is not TOML: {error}"]) from None
    problems: list[str] = []
    tables = {}
    for name in _SECTIONS:
        found = content.pop(name, {})
        if not isinstance(found, dict):
            problems.append(f"{name}: write it as a section, [{name}]")
            found = {}
        tables[name] = _Table(name, found, problems)
    problems += [
        f"{key}: unknown section. Known: {', '.join(_SECTIONS)}" for key in sorted(content)
    ]
    mapping = _mapping(tables, problems)
    if problems:
        raise MappingRefused(problems)
    return mapping


class _Table:
    """One section; what is asked of it is taken out, what is left over is unknown."""

    def __init__(self, name: str, members: dict[str, Any], problems: list[str]) -> None:
        self.name = name
        self._members = dict(members)
        self._known: list[str] = []
        self._problems = problems

    def problem(self, text: str) -> None:
        """Note what is wrong in this section."""
        self._problems.append(f"[{self.name}] {text}")

    def take(self, key: str, kind: type, default: Any) -> Any:
        """Take a member of a type out, or its default."""
        self._known.append(key)
        value = self._members.pop(key, default)
        if value is not default and not isinstance(value, kind):
            self.problem(f"{key}: must be {_KINDS[kind]}")
            return default
        return value

    def text(self, key: str) -> str | None:
        """Take a text out; an empty one is wrong."""
        value: str | None = self.take(key, str, None)
        if value is not None and not tidy(value):
            self.problem(f"{key}: is empty")
            return None
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """Take a list of texts out."""
        value: list[Any] = self.take(key, list, [])
        if not all(isinstance(item, str) for item in value):
            self.problem(f"{key}: must be a list of texts")
            return ()
        return tuple(value)

    def one_of(self, key: str, choices: Iterable[str], default: _Word) -> str | _Word:
        """Take one of a few words out."""
        value: str | _Word = self.take(key, str, default)
        if value != default and value not in tuple(choices):
            self.problem(f"{key}: must be one of {', '.join(map(repr, choices))}")
            return default
        return value

    def yes_or_no(self, key: str) -> bool:
        """Take true or false out; absent is false."""
        return bool(self.take(key, bool, default=False))

    def close(self) -> None:
        """Name what nobody asked for."""
        for key in sorted(self._members):
            self.problem(f"{key}: unknown key. Known: {', '.join(self._known)}")


_KINDS: dict[type, str] = {
    str: "a text",
    list: "a list",
    bool: "true or false",
    dict: "a section of its own",
}


def _mapping(tables: dict[str, _Table], problems: list[str]) -> ColumnMapping:
    file, formats, constants = tables["file"], tables["formats"], tables["constants"]
    columns = _fields(tables["columns"], tuple(Field))
    fallbacks = _fields(tables["fallbacks"], [one for one in Field if one not in COLUMN_ONLY])
    for field in Field:
        if field in OPTIONAL or field in columns or field in fallbacks:
            continue
        also = "" if field in COLUMN_ONLY else ", or give a value for it under [fallbacks]"
        problems.append(f"[columns] {field}: missing; name the column that holds it{also}")
    mapping = ColumnMapping(
        encoding=file.one_of("encoding", ENCODINGS, None),
        delimiter=file.one_of("delimiter", _DELIMITERS, ","),
        empty_words=frozenset(same_name(word) for word in file.texts("empty")),
        columns=columns,
        date_formats=_date_formats(formats),
        decimal_mark=formats.one_of("decimal_mark", _DECIMAL_MARKS, "."),
        gst_type=_required(constants, "gst_type"),
        currency=_currency(constants),
        fallbacks=fallbacks,
        create=Creatable(
            suppliers=tables["create"].yes_or_no("suppliers"),
            activities=tables["create"].yes_or_no("activities"),
            profit_centres=tables["create"].yes_or_no("profit_centres"),
            jobs=tables["create"].yes_or_no("jobs"),
        ),
        activities=_activities(tables["activities"]),
        unknown_activity=Unknown(tables["activities"].one_of("unknown", Unknown, Unknown.REFUSE)),
        unknown_account=_account(tables["activities"]),
        profit_centres=_profit_centres(tables["profit_centres"]),
        unknown_profit_centre=Unknown(
            tables["profit_centres"].one_of("unknown", Unknown, Unknown.REFUSE)
        ),
    )
    for table in tables.values():
        table.close()
    return mapping


def _fields(table: _Table, fields: Iterable[Field]) -> dict[Field, str]:
    found = ((field, table.text(field)) for field in fields)
    return {field: tidy(value) for field, value in found if value is not None}


def _required(table: _Table, key: str) -> str:
    value = table.text(key)
    if value is None:
        table.problem(f"{key}: missing")
        return ""
    return value


def _currency(table: _Table) -> str | None:
    value = table.text("currency")
    if value is not None and (len(value) != _CURRENCY_CODE or not value.isupper()):
        table.problem("currency: must be three capital letters, as NZD")
    return value


def _date_formats(table: _Table) -> tuple[str, ...]:
    formats = table.texts("dates")
    if not formats:
        table.problem('dates: missing; list the formats dates come in, as ["%Y-%m-%d"]')
    for pattern in formats:
        if not names_a_day(pattern):
            table.problem(f"dates: {pattern!r} does not name day, month and year")
    return formats


def _account(table: _Table) -> str | None:
    value = table.text("unknown_account")
    if value is not None:
        _refuse_long(table, "unknown_account", value, _ACCOUNT_CODE)
    return value


def _activities(table: _Table) -> dict[str, ActivityTarget]:
    targets: dict[str, ActivityTarget] = {}
    accounts: dict[str, str] = {}
    for name, entry in table.take("codes", dict, {}).items():
        parts = entry if isinstance(entry, dict) else {}
        code, account = parts.get("code"), parts.get("account")
        if set(parts) != {"code", "account"} or not _is_text(code) or not _is_text(account):
            table.problem(f'codes."{name}": write {{ code = "…", account = "…" }}')
            continue
        _refuse_long(table, f'codes."{name}".code', code, ACTIVITY_CODE)
        _refuse_long(table, f'codes."{name}".account', account, _ACCOUNT_CODE)
        if accounts.setdefault(code, account) != account:
            table.problem(f"codes: {code} is given two accounts, {accounts[code]} and {account}")
        _refuse_twice(table, name, targets)
        targets[same_name(name)] = ActivityTarget(code, account)
    return targets


def _profit_centres(table: _Table) -> dict[str, str]:
    codes: dict[str, str] = {}
    for name, code in table.take("codes", dict, {}).items():
        if not _is_text(code):
            table.problem(f'codes."{name}": must be a text')
            continue
        _refuse_long(table, f'codes."{name}"', code, PROFIT_CENTRE_CODE)
        _refuse_twice(table, name, codes)
        codes[same_name(name)] = code
    return codes


def _is_text(value: object) -> TypeGuard[str]:
    return isinstance(value, str) and bool(value.strip())


def _refuse_long(table: _Table, key: str, value: str, length: int) -> None:
    if len(value) > length:
        table.problem(f"{key}: {value!r} is longer than {length} characters")


def _refuse_twice(table: _Table, name: str, known: dict[str, Any]) -> None:
    if same_name(name) in known:
        table.problem(f'codes."{name}": is listed twice, in two spellings')
