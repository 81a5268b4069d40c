"""Saving the set-up records that are nothing but a few words."""

from collections.abc import Mapping

import sqlalchemy as sa

from webapp.db import Base, db, transaction
from webapp.domain.setup.fields import faults
from webapp.domain.setup.locations import PREFIX, prefix_fault
from webapp.models import Location
from webapp.queries.setup.plain import LOCATIONS, PlainKind, carries_batches
from webapp.services.setup.saving import (
    By,
    differs,
    log_change,
    log_new,
    missing,
    one_of_a_kind,
    refuse,
)


def plain_faults(kind: PlainKind, id_: int | None, given: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with what was filled in, field by field.

    Args:
        kind: what the record is.
        id_: its id; None for a new one.
        given: all its fields.
    """
    found = faults(kind.fields, given, {})
    last = kind.unique[-1]
    if not found and _is_taken(kind, id_, given):
        found[last] = _taken(kind)
    if kind is LOCATIONS and PREFIX not in found:
        found |= _prefix_faults(id_, given[PREFIX])
    return found


def create_plain(kind: PlainKind, given: Mapping[str, str], by: By) -> int:
    """Make a record and give its id.

    Raises:
        NotValid: something cannot be kept as it was filled in.
    """
    with one_of_a_kind(f"The {kind.word}", kind.unique[-1], _taken(kind)), transaction():
        return make_plain(kind, given, by)


def make_plain(kind: PlainKind, given: Mapping[str, str], by: By) -> int:
    """The same inside a transaction that is open."""
    _hold(kind)
    refuse(f"The {kind.word}", plain_faults(kind, None, given))
    row = kind.model()
    _assign(kind, row, given)
    db.session.add(row)
    db.session.flush()
    log_new(kind.told(row).name, given, by)
    return row.id


def save_plain(kind: PlainKind, id_: int, given: Mapping[str, str], *, mark: str, by: By) -> bool:
    """Keep a record as it was filled in.

    Args:
        kind: what the record is.
        id_: which one.
        given: all its fields.
        mark: the fingerprint of what the person was shown.
        by: who saves it.

    Returns:
        Whether anything changed.

    Raises:
        ChangedMeanwhile: somebody else saved it in between.
        NotFound: there is no such record.
        NotValid: something cannot be kept as it was filled in.
    """
    with one_of_a_kind(f"The {kind.word}", kind.unique[-1], _taken(kind)), transaction():
        return change_plain(kind, id_, given, mark=mark, by=by)


def change_plain(kind: PlainKind, id_: int, given: Mapping[str, str], *, mark: str, by: By) -> bool:
    """The same inside a transaction that is open."""
    _hold(kind)
    row = db.session.get(kind.model, id_, with_for_update=True, populate_existing=True)
    if row is None:
        raise missing(kind.word)
    kept = kind.told(row)
    refuse(kept.name, plain_faults(kind, id_, given))
    if not differs(kept, given, mark):
        return False
    _assign(kind, row, given)
    log_change(kept, given, by)
    return True


def _hold(kind: PlainKind) -> None:
    """Let one Location after the other be saved: no index keeps their prefixes apart."""
    if kind is LOCATIONS:
        db.session.execute(sa.select(Location.id).order_by(Location.id).with_for_update())


def _is_taken(kind: PlainKind, id_: int | None, given: Mapping[str, str]) -> bool:
    alike = [
        sa.func.lower(getattr(kind.model, name)) == given[name].lower() for name in kind.unique
    ]
    return (
        db.session.scalar(sa.select(sa.exists().where(*alike, kind.model.id != (id_ or 0)))) is True
    )


def _taken(kind: PlainKind) -> str:
    last = next(field.label for field in kind.fields if field.name == kind.unique[-1])
    what = "code" if last == kind.word else last.lower()
    return f"There is a {kind.word} of this {what} already. Choose another."


def _prefix_faults(id_: int | None, prefix: str) -> dict[str, str]:
    kept = db.session.get(Location, id_) if id_ is not None else None
    if kept is not None and kept.batch_prefix == prefix:
        return {}
    if kept is not None and carries_batches(kept.id):
        return {PREFIX: f"Batches carry {kept.batch_prefix or 'no prefix'}, so it stays."}
    if fault := prefix_fault(prefix):
        return {PREFIX: fault}
    other = db.session.scalar(
        sa.select(Location.code)
        .where(sa.func.lower(Location.batch_prefix) == prefix.lower(), Location.id != (id_ or 0))
        .limit(1)
    )
    if other is None:
        return {}
    has = f"the prefix {prefix}" if prefix else "no prefix"
    return {PREFIX: f"Location {other} has {has} already. Each needs its own."}


def _assign(kind: PlainKind, row: Base, given: Mapping[str, str]) -> None:
    columns = kind.model.__table__.columns
    for field in kind.fields:
        empty = None if columns[field.name].nullable else ""
        setattr(row, field.name, given[field.name] or empty)
