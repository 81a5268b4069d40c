"""What the address of a list asks for."""

import datetime as dt
from collections.abc import Collection, Mapping
from enum import Enum
from typing import TypeVar

from flask import abort
from werkzeug.datastructures import MultiDict

from webapp.queries.sorting import Sort

LONGEST_TEXT = 100
Choice = TypeVar("Choice", bound=Enum)


def text(args: MultiDict[str, str], name: str) -> str:
    """Words to seek; more than anything holds is cut off."""
    return args.get(name, "").strip()[:LONGEST_TEXT]


def choice(args: MultiDict[str, str], name: str, choices: type[Choice]) -> Choice | None:
    """One of a list of words; 422 where there is no such word."""
    asked = args.get(name)
    if not asked:
        return None
    try:
        return choices(asked)
    except ValueError:
        abort(422)


def day(args: MultiDict[str, str], name: str) -> dt.date | None:
    """A calendar day as browsers send it; 422 where it is none."""
    asked = args.get(name)
    if not asked:
        return None
    try:
        return dt.date.fromisoformat(asked)
    except ValueError:
        abort(422)


def sort(args: MultiDict[str, str], columns: Collection[str], standing: Sort) -> Sort:
    """The order; 422 where the list has no such column."""
    try:
        return Sort.read(args.get("sort"), columns, standing)
    except ValueError:
        abort(422)


def told(known: Mapping[str, str | None]) -> dict[str, str]:
    """What an address needs to say: nothing of what is the default anyway."""
    return {name: value for name, value in known.items() if value}
