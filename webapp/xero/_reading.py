"""The elements of an answer made into records: all of them, or all but the unreadable ones."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

from webapp.xero._values import identifier, instant, part, rows, text
from webapp.xero.records import Unreadable

T = TypeVar("T")

Row = Mapping[str, Any]

_NAMES = ("Name", "InvoiceNumber", "Reference", "Code", "TaxType")


class Read(NamedTuple, Generic[T]):
    """What was made of the elements of one answer."""

    records: list[T]
    unreadable: tuple[Unreadable, ...]


Reader = Callable[[Sequence[object]], Read[T]]


def strictly(parse: Callable[[Row], T]) -> Reader[T]:
    """Read all or nothing: one unreadable element raises `ValueError`.

    For answers from whose silence somebody concludes that a record does not exist.
    """

    def read(given: Sequence[object]) -> Read[T]:
        return Read([parse(row) for row in rows(list(given))], ())

    return read


def one_by_one(parse: Callable[[Row], T], id_key: str = "") -> Reader[T]:
    """Read what can be read, and name the rest. ``id_key`` is of a record that has an id."""

    def read(given: Sequence[object]) -> Read[T]:
        records: list[T] = []
        unreadable: list[Unreadable] = []
        alike: Counter[str] = Counter()
        for element in given:
            try:
                if not isinstance(element, dict):
                    raise ValueError("not an object")  # noqa: TRY004, TRY301 - unreadable like others
                records.append(parse(element))
            except ValueError as odd:
                # Two that are alike are two all the same: Xero counts both.
                said = repr(element)
                alike[said] += 1
                said += f" again, {alike[said]}" if alike[said] > 1 else ""
                unreadable.append(_told(part(element), said, id_key, str(odd)))
        return Read(records, tuple(unreadable))

    return read


def _told(row: Row, said: str, id_key: str, reason: str) -> Unreadable:
    names = [*(row.get(key) for key in _NAMES), part(row.get("Invoice")).get("InvoiceNumber")]
    return Unreadable(
        name=_first(names),
        code=_first([row.get("Code"), row.get("TaxType")]),
        xero_id=_or_none(identifier, row.get(id_key)),
        reason=reason,
        updated_at=_or_none(instant, row.get("UpdatedDateUTC")),
        digest=hashlib.sha256(said.encode(errors="replace")).hexdigest(),
    )


def _first(given: Iterable[object]) -> str:
    return next((text(one) for one in given if isinstance(one, str) and one.strip()), "")


def _or_none(read: Callable[[object], T], value: object) -> T | None:
    try:
        return read(value)
    except ValueError:
        return None
