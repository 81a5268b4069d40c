"""JSON in and out with exact decimals: numbers are never binary floats."""

import json
from decimal import Decimal
from typing import Any

from webapp.sandbox.money import plain

JsonObject = dict[str, Any]


def loads(text: str | bytes) -> Any:
    """Parse JSON, fractions as Decimal.

    Raises:
        ValueError: it is not JSON.
    """
    return json.loads(text, parse_float=Decimal, parse_constant=_refuse_constant)


def dumps(value: Any) -> str:
    """Write JSON, Decimals as plain JSON numbers."""
    parts: list[str] = []
    _write(value, parts)
    return "".join(parts)


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not a JSON number")


def _write(value: Any, parts: list[str]) -> None:
    if isinstance(value, str):
        parts.append(json.dumps(value, ensure_ascii=False))
    elif isinstance(value, dict):
        _write_object(value, parts)
    elif isinstance(value, list | tuple):
        parts.append("[")
        for position, item in enumerate(value):
            if position:
                parts.append(",")
            _write(item, parts)
        parts.append("]")
    elif isinstance(value, Decimal):
        parts.append(plain(value))
    else:
        parts.append(json.dumps(value))


def _write_object(value: JsonObject, parts: list[str]) -> None:
    parts.append("{")
    first = True
    for key, item in value.items():
        if not first:
            parts.append(",")
        first = False
        parts.append(json.dumps(key, ensure_ascii=False))
        parts.append(":")
        _write(item, parts)
    parts.append("}")
