"""The fields of a set-up record: how each is filled in, and what is wrong with what was."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

TICKED = "yes"
_NUMBER = re.compile(r"\d{1,12}(\.\d+)?")


class FieldKind(StrEnum):
    """How a field is filled in."""

    TEXT = "text"
    NUMBER = "number"
    CHOICE = "choice"
    TICK = "tick"
    ACCOUNT = "account"
    COMPANY = "company"
    JOB = "job"
    SEVERAL = "several"


BETWEEN = "\n"
"""Stands between the values of a field that takes SEVERAL."""


@dataclass(frozen=True, kw_only=True)
class Field:
    """One field of a form.

    Attributes:
        name: stable name, also in the audit log.
        label: what people call it.
        kind: how it is filled in.
        longest: the most characters it takes, or the most decimal places of a number.
        required: whether it may not be left empty.
        fixed: whether it stays as it was first saved.
        whole: for an account, whether it is never put between a prefix and a suffix.
        hint: what to know before filling it in.
    """

    name: str
    label: str
    kind: FieldKind = FieldKind.TEXT
    longest: int = 0
    required: bool = False
    fixed: bool = False
    whole: bool = False
    hint: str | None = None


def filled_in(fields: Iterable[Field], given: Mapping[str, str]) -> dict[str, str]:
    """What a form holds for each field, without outer spaces; a tick is TICKED or empty."""
    values = {}
    for field in fields:
        value = given.get(field.name, "").strip()
        values[field.name] = TICKED if field.kind is FieldKind.TICK and value else value
    return values


def faults(
    fields: Iterable[Field], given: Mapping[str, str], choices: Mapping[str, Collection[str]]
) -> dict[str, str]:
    """What is wrong with each field that cannot be kept, in words for the person.

    Args:
        fields: those of the form.
        given: what was filled in.
        choices: for each CHOICE field, the values that can be chosen.
    """
    found = {}
    for field in fields:
        if fault := _fault(field, given[field.name], choices.get(field.name, ())):
            found[field.name] = fault
    return found


def account_faults(fields: Iterable[Field], given: Mapping[str, object]) -> dict[str, str]:
    """The same of the accounts alone, of what comes in otherwise than by a form."""
    found = {}
    for field in fields:
        text = given.get(field.name)
        if field.kind is FieldKind.ACCOUNT and isinstance(text, str):
            fault = _account_fault(field, text)
            if fault:
                found[field.name] = fault
    return found


def several(value: str) -> tuple[str, ...]:
    """The values of a field that takes SEVERAL."""
    return tuple(value.split(BETWEEN)) if value else ()


def text_of(value: object) -> str:
    """A kept value as it stands in a form."""
    match value:
        case None:
            return ""
        case bool():
            return TICKED if value else ""
        case Decimal():
            return f"{value.normalize():f}"
    return str(value)


def number_of(text: str) -> Decimal | None:
    """The number of a NUMBER field that has no fault; None where it is empty."""
    return Decimal(text) if text else None


def _fault(field: Field, value: str, choices: Collection[str]) -> str | None:
    if not value:
        return f"Fill in {field.label}." if field.required else None
    if field.kind is FieldKind.SEVERAL:
        return _several_fault(value, choices)
    if not value.isprintable():
        return "It holds a character that cannot be seen. Type it anew."
    return _typed_fault(field, value, choices)


def _typed_fault(field: Field, value: str, choices: Collection[str]) -> str | None:
    if field.kind is FieldKind.NUMBER:
        return _number_fault(field, value)
    if field.kind is FieldKind.CHOICE:
        return None if value in choices else f"There is no {value} to choose. Choose another."
    if field.longest and len(value) > field.longest:
        return f"At most {field.longest} characters: this has {len(value)}."
    return _account_fault(field, value) if field.kind is FieldKind.ACCOUNT else None


def _several_fault(value: str, choices: Collection[str]) -> str | None:
    unknown = [one for one in value.split(BETWEEN) if one not in choices]
    return f"There is no {unknown[0]} to tick. Open the form again." if unknown else None


def _account_fault(field: Field, value: str) -> str | None:
    if value == "@":
        return "Write the whole account after the @."
    if field.whole and value.startswith("@"):
        return "This is the whole account already: leave out the @."
    if any(character.isspace() for character in value):
        return "An account code has no spaces in it."
    return None


def _number_fault(field: Field, value: str) -> str | None:
    if not _NUMBER.fullmatch(value):
        return "Write a number like 45.50: digits, and a point before the decimals."
    if not field.longest and "." in value:
        return "Write a whole number."
    if len(value.partition(".")[2].rstrip("0")) > field.longest:
        return f"At most {field.longest} decimal places."
    return None
