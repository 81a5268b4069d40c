"""JSON as Xero needs it: decimals plain and exact, text without what XML cannot hold (e)."""

import json
import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Everything XML 1.0 cannot carry: Xero stores text as XML and answers 500 to these."""

_quoted = json.JSONEncoder(ensure_ascii=False).encode


def encode(payload: object) -> bytes:
    """Write a payload as the bytes to freeze: the same payload always gives the same bytes.

    Decimals are written as plain JSON numbers with the places they have (`1E+2` as `100`), calendar
    days as `YYYY-MM-DD`.

    Raises:
        TypeError: for binary floats and instants, which money and days must never become, and
            for anything else JSON has no word for.
        ValueError: for a decimal that is not a finite number.
    """
    return _write(payload).encode()


def decode(text: str | bytes) -> Any:
    """Read JSON with every number exact: integers as `int`, all others as `Decimal`.

    Raises:
        ValueError: when it is not JSON.
    """
    return json.loads(text, parse_float=Decimal, parse_constant=_refuse_constant)


def _write(value: object) -> str:
    # What is most frequent is asked for first, and what takes long to ask for (Mapping) last.
    if isinstance(value, str):
        return _text(value)
    if value is None or isinstance(value, (int, Decimal)):
        return _scalar(value)
    if isinstance(value, (dict, Mapping)):
        members = [f"{_text(str(key))}:{_write(member)}" for key, member in value.items()]
        return "{" + ",".join(members) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join([_write(member) for member in value]) + "]"
    return _scalar(value)


def _scalar(value: object) -> str:
    match value:
        case None | bool() | int():
            word = json.dumps(value)
        case Decimal() if value.is_finite():
            word = f"{value:f}"
        case Decimal():
            raise ValueError(f"{value} is not an amount")
        case date() if not isinstance(value, datetime):
            word = f'"{value.isoformat()}"'
        case _:
            raise TypeError(f"{type(value).__name__} has no place in a payload")
    return word


def _text(value: str) -> str:
    return _quoted(NOT_XML.sub("", value))


def _refuse_constant(name: str) -> object:
    raise ValueError(f"{name} is not JSON")
